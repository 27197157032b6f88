import { DurableObject } from "cloudflare:workers";
import { createIdSource } from "../../lib/request-id.ts";
import type { JobName, RunOrigin } from "../job.ts";
import { JobRunner, type JobRunnerOptions, type RunStart } from "./job-runner.ts";
import { JobStore } from "./job-store.ts";

type JobServices<Context> = Omit<
  JobRunnerOptions<Context>,
  "store" | "alarm" | "waitUntil" | "nextId"
>;

/** The object of one scheduled job: a JobRunner with a disk and an alarm. */
export class JobObject<Context> extends DurableObject<Env> {
  readonly #runner: JobRunner<Context>;

  constructor(ctx: DurableObjectState, env: Env, services: JobServices<Context>) {
    super(ctx, env);
    this.#runner = new JobRunner({
      ...services,
      store: new JobStore(ctx.storage),
      alarm: ctx.storage,
      waitUntil: (work) => ctx.waitUntil(work),
      nextId: createIdSource(),
    });
  }

  async start(job: JobName): Promise<RunStart> {
    return await this.#runner.start(job);
  }

  async startIfDue(job: JobName, origin: RunOrigin, dueMs: number): Promise<void> {
    await this.#runner.startIfDue(job, origin, dueMs);
  }

  override async alarm(): Promise<void> {
    await this.#runner.runAlarm();
  }
}
