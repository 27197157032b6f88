import { AccessObject as AccessObjectBase } from "./access/access.object.ts";
import { ChatObject as ChatObjectBase } from "./chats/chat.object.ts";
import { findJob, type JobContext } from "./jobs/registry/registry.ts";
import { JobObject as JobObjectBase } from "./jobs/runner/job.object.ts";
import { createServices } from "./services.ts";

/**
 * The Durable Object classes as the runtime constructs them. A room's class takes the services it uses as its third
 * argument; the composition happens only here, so that no room imports services.ts.
 */
export class AccessObject extends AccessObjectBase {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, createServices(env));
  }
}

export class ChatObject extends ChatObjectBase {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, createServices(env));
  }
}

export class JobObject extends JobObjectBase<JobContext> {
  constructor(ctx: DurableObjectState, env: Env) {
    const services = createServices(env);
    const { jobLedger: ledger, now, runs } = services;
    super(ctx, env, { findJob, context: services, ledger, appendRuns: runs.append, now });
  }
}
