import type { WaitingChats } from "../chats/waiting-chats.store.ts";
import { probe } from "../health/probe.ts";
import type { JobDefinition } from "../jobs/job.ts";
import type { JobEntry } from "../jobs/job-ledger.store.ts";
import { describeError, log } from "../lib/log.ts";
import type { ProviderTrouble } from "../llm/provider-reports.ts";
import type { Observations } from "./conditions.ts";

export type ObserveContext = {
  now: () => number;
  history: { ping: () => Promise<unknown> };
  kv: { get: (key: string) => Promise<unknown> };
  /** Null where there is no R2. */
  backups: { newestGoodAtMs: () => Promise<number | null> } | null;
  jobs: { entries: () => Promise<JobEntry[]> };
  waitingChats: Pick<WaitingChats, "count">;
  readProviderTrouble: () => Promise<ProviderTrouble | null>;
};

/** Observes the service. `canReadBackups` is false when R2 did not answer: then nothing is known about backups. */
export async function observe(
  context: ObserveContext,
  watchedJobs: readonly JobDefinition[],
  nowMs: number,
): Promise<Observations & { canReadBackups: boolean }> {
  const { backups, history, jobs, kv, now, readProviderTrouble, waitingChats } = context;
  const [database, cache, provider, waiting, entries, goodBackupAtMs] = await Promise.all([
    probe(now, "database", () => history.ping()),
    probe(now, "kv", () => kv.get("salud")),
    readProviderTrouble(),
    waitingChats.count(),
    jobs.entries(),
    backups ? backups.newestGoodAtMs().catch(logUnreadable) : null,
  ]);
  return {
    nowMs,
    databaseAnswers: database.state === "ok",
    kvAnswers: cache.state === "ok",
    provider,
    waiting,
    goodBackupAtMs: goodBackupAtMs ?? null,
    canReadBackups: goodBackupAtMs !== undefined,
    jobs: watchedJobs.map((job) => ({
      job,
      entry: entries.find((entry) => entry.job === job.name),
    })),
  };
}

function logUnreadable(error: unknown): undefined {
  log.warn("backups_unreadable", describeError(error));
}
