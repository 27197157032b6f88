import { describeError, log } from "../lib/log.ts";
import { createServices } from "../services.ts";
import { coordinatorStub } from "../coordinator/coordinator-stub.ts";
import { jobStub } from "./runner/job-stub.ts";
import { JOBS } from "./registry.ts";
import { lastDueMs } from "./schedule.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** From then on a start is told as one that catches up. */
const LATE_MS = 5 * MINUTE_MS;

/**
 * Starts every job that is due, whichever cron went off: what one missed is caught up by the next. The jobs' objects
 * do the work; a cron has 10 ms of CPU on a free account. Twice, or late, does no harm.
 */
export async function startDueJobs(env: Env): Promise<void> {
  const { config, now } = createServices(env);
  const nowMs = now();
  const entries = new Map(
    (await coordinatorStub(env, config).listJobs()).map((entry) => [entry.job, entry] as const),
  );
  const due = JOBS.filter(({ name, crons }) => {
    const entry = entries.get(name);
    return !entry?.current && (entry?.servedMs ?? 0) < lastDueMs(crons, nowMs);
  });
  const starts = await Promise.allSettled(
    due.map(({ name, crons }) => {
      const dueMs = lastDueMs(crons, nowMs);
      const origin = nowMs - dueMs < LATE_MS ? "cron" : "recuperado";
      return jobStub(env, config, name).startIfDue(name, origin, dueMs);
    }),
  );
  for (const start of starts) {
    if (start.status === "rejected") log.error("job_not_started", describeError(start.reason));
  }
}
