import type { Config } from "../config.ts";
import { MAX_FORGOTTEN_ROWS, type Retention } from "../history/history.ts";
import { MAX_FORGOTTEN_REPORTS } from "../reports/reports-store.ts";
import type { Services } from "../services.ts";
import type { Counts, Job } from "./job.ts";

/** Made long before they are needed: a cron promises nothing. */
const MONTHS_AHEAD = 3;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** For how long `ejecuciones` tells of a run; of one of the five-minute jobs that went well, shorter. */
const RUNS_KEPT_DAYS = 400;
const ROUTINE_RUNS_KEPT_DAYS = 7;

type Step = (services: Services, nowMs: number) => Promise<{ counts: Counts; more?: boolean }>;

const STEPS: readonly Step[] = [
  /** Partitions for this month and those to come. */
  async ({ history }, nowMs) => {
    await history.makePartitions(new Date(nowMs), MONTHS_AHEAD);
    return { counts: {} };
  },

  /** An end for what was kept long enough. */
  async ({ config, history }, nowMs) => {
    const retention = retentionOf(config, nowMs);
    if (!retention) return { counts: {} };
    const registros_borrados = await history.forget(retention);
    return { counts: { registros_borrados }, more: registros_borrados >= MAX_FORGOTTEN_ROWS };
  },

  async ({ config, reports }, nowMs) => {
    const retention = retentionOf(config, nowMs);
    if (!retention) return { counts: {} };
    const informes_borrados = await reports.forget(retention);
    return { counts: { informes_borrados }, more: informes_borrados >= MAX_FORGOTTEN_REPORTS };
  },

  async ({ runs }, nowMs) => {
    const since = (days: number): Date => new Date(nowMs - days * DAY_MS);
    const routine = {
      before: since(ROUTINE_RUNS_KEPT_DAYS),
      jobs: ["entregar-pendientes", "informes-semanales", "alertas"] as const,
    };
    return { counts: { ejecuciones_borradas: await runs.forget(since(RUNS_KEPT_DAYS), routine) } };
  },
];

/** Nightly care of what is kept. Its state is the step that is next. */
export const upkeepJob: Job<number> = {
  name: "mantenimiento",
  summary: "Prepara las particiones de los meses que vienen y borra lo que ya se guardó bastante.",
  crons: ["nightly"],

  async slice({ services }, state, { startedAtMs }) {
    const step = state ?? 0;
    const { counts, more = false } = (await STEPS[step]?.(services, startedAtMs)) ?? { counts: {} };
    const next = more ? step : step + 1;
    return next < STEPS.length ? { done: false, counts, state: next } : { done: true, counts };
  },
};

/** Undefined when everything is kept. */
function retentionOf(
  { RETENCION_DIAS, RETENCION_POR_CLIENTE }: Config,
  nowMs: number,
): Retention | undefined {
  const since = (days: number): Date | null =>
    days === 0 ? null : new Date(nowMs - days * DAY_MS);
  const own = new Map(
    [...RETENCION_POR_CLIENTE].map(([client, days]) => [client, since(days)] as const),
  );
  const retention = { since: since(RETENCION_DIAS), own };
  return [retention.since, ...own.values()].some((moment) => moment !== null)
    ? retention
    : undefined;
}
