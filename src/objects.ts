import { AccessObject } from "./access/access.object.ts";
import { ChatObject } from "./chats/chat.object.ts";
import { findJob, type JobContext } from "./jobs/registry/registry.ts";
import { JobObject } from "./jobs/runner/job.object.ts";
import { createServices } from "./services.ts";

/**
 * The Durable Object classes as the runtime constructs them: `(ctx, env)`. A room's class takes the services it uses as
 * its third argument; the composition happens only here, so that no room imports services.ts. The exported names are
 * the class names of wrangler.toml.
 */
class ComposedAccessObject extends AccessObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, createServices(env));
  }
}

class ComposedChatObject extends ChatObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, createServices(env));
  }
}

class ComposedJobObject extends JobObject<JobContext> {
  constructor(ctx: DurableObjectState, env: Env) {
    const services = createServices(env);
    const { jobLedger: ledger, now, runs } = services;
    super(ctx, env, { findJob, context: services, ledger, appendRuns: runs.append, now });
  }
}

export {
  ComposedAccessObject as AccessObject,
  ComposedChatObject as ChatObject,
  ComposedJobObject as JobObject,
};
