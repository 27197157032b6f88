import { MINUTE_MS } from "../../lib/durations.ts";
import { describeError, log } from "../../lib/log.ts";
import type { JobName, RunOrigin } from "../job.ts";
import type { JobEntry } from "../job-ledger.store.ts";
import { lastDueMs } from "../schedule.ts";
import { JOBS } from "./registry.ts";

/** From this delay on, a start counts as `recuperado`: it catches up on a cron that was missed. */
const RECOVERED_AFTER_MS = 5 * MINUTE_MS;

export type StartDueJobsContext = {
  now: () => number;
  jobs: {
    entries: () => Promise<JobEntry[]>;
    startIfDue: (name: JobName, origin: RunOrigin, dueMs: number) => Promise<void>;
  };
};

/**
 * Starts every job that is due, whichever cron fired: the next cron catches up on what an earlier one missed. It only
 * starts them, because a cron has 10 ms of CPU on the free plan; their objects do the work. Idempotent. A job that is
 * already running is started again too, which resumes it if its alarm was lost and otherwise does nothing.
 */
export async function startDueJobs({ now, jobs }: StartDueJobsContext): Promise<void> {
  const nowMs = now();
  const servedMs = new Map((await jobs.entries()).map((entry) => [entry.job, entry.servedMs]));
  const due = JOBS.map(({ name, crons }) => ({ name, dueMs: lastDueMs(crons, nowMs) })).filter(
    ({ name, dueMs }) => (servedMs.get(name) ?? 0) < dueMs,
  );
  const starts = await Promise.allSettled(
    due.map(({ name, dueMs }) => {
      const origin = nowMs - dueMs < RECOVERED_AFTER_MS ? "cron" : "recuperado";
      return jobs.startIfDue(name, origin, dueMs);
    }),
  );
  for (const start of starts) {
    if (start.status === "rejected") log.error("job_not_started", describeError(start.reason));
  }
}
