import { MAX_CACHE_TTL_SECONDS } from "../cache/cache.config.ts";
import type { PurgeLog } from "../cache/purge-epochs.ts";
import type { Counts, Job } from "../jobs/job.ts";
import type { Runs } from "../jobs/runner/runs-store.ts";
import { DAY_MS } from "../lib/durations.ts";
import { MAX_DELETED_ROWS, type History, type HistoryRetention } from "./history-store.ts";
import { historyRetention } from "./retention.ts";

/** Partitions are created long before they are needed, because no cron is guaranteed to come. */
const MONTHS_AHEAD = 3;
const RUNS_KEPT_MS = 400 * DAY_MS;
/** For successful runs of the five-minute jobs. */
const ROUTINE_RUNS_KEPT_MS = 7 * DAY_MS;

export type MaintenanceContext = {
  config: Parameters<typeof historyRetention>[0];
  history: Pick<History, "createPartitions" | "deleteExpired">;
  reports: {
    /** Deletes a batch of expired reports and returns their number; 0 when none is left. */
    deleteExpired: (retention: HistoryRetention) => Promise<number>;
  };
  runs: Pick<Runs, "deleteExpired">;
  purges: Pick<PurgeLog, "forget">;
};

type StepResult = { counts: Counts; isComplete: boolean };
type Step = (context: MaintenanceContext, nowMs: number) => Promise<StepResult>;

const STEPS: readonly Step[] = [
  createPartitions,
  deleteRecords,
  deleteReports,
  deleteRuns,
  deletePurges,
];

/** Nightly maintenance of what the service keeps. Its state is the index of the next step. */
export const maintenanceJob: Job<MaintenanceContext, number> = {
  name: "mantenimiento",
  summary: "Prepara las particiones de los meses que vienen y borra lo que ya se guardó bastante.",
  crons: ["nightly"],

  async runSlice(context, state, { startedAtMs }) {
    const index = state ?? 0;
    const step = STEPS[index];
    if (!step) return { done: true };
    const { counts, isComplete } = await step(context, startedAtMs);
    const next = isComplete ? index + 1 : index;
    return next < STEPS.length ? { done: false, counts, state: next } : { done: true, counts };
  },
};

async function createPartitions({ history }: MaintenanceContext, nowMs: number) {
  await history.createPartitions(new Date(nowMs), MONTHS_AHEAD);
  return { counts: {}, isComplete: true };
}

async function deleteRecords({ config, history }: MaintenanceContext, nowMs: number) {
  const retention = historyRetention(config, nowMs);
  const deleted = retention ? await history.deleteExpired(retention) : 0;
  return { counts: { registros_borrados: deleted }, isComplete: deleted < MAX_DELETED_ROWS };
}

async function deleteReports({ config, reports }: MaintenanceContext, nowMs: number) {
  const retention = historyRetention(config, nowMs);
  const deleted = retention ? await reports.deleteExpired(retention) : 0;
  return { counts: { informes_borrados: deleted }, isComplete: deleted === 0 };
}

async function deleteRuns({ runs }: MaintenanceContext, nowMs: number) {
  const deleted = await runs.deleteExpired({
    before: new Date(nowMs - RUNS_KEPT_MS),
    routineBefore: new Date(nowMs - ROUTINE_RUNS_KEPT_MS),
  });
  return { counts: { ejecuciones_borradas: deleted }, isComplete: true };
}

/** Purges older than the longest TTL that the settings allow, because an earlier setting may have been longer. */
async function deletePurges({ purges }: MaintenanceContext, nowMs: number) {
  const deleted = await purges.forget(nowMs - MAX_CACHE_TTL_SECONDS * 1_000 - DAY_MS);
  return { counts: { purgas_olvidadas: deleted }, isComplete: true };
}
