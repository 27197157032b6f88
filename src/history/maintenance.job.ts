import { MAX_CACHE_TTL_SECONDS } from "../cache/cache.config.ts";
import { MAX_DELETED_ROWS } from "./history-store.ts";
import { historyRetention } from "./retention.ts";
import { MAX_DELETED_REPORTS } from "../reports/reports-store.ts";
import { coordinatorStub } from "../coordinator/coordinator-stub.ts";
import type { Counts, Job, JobMeans } from "../jobs/job.ts";
import { DAY_MS } from "../lib/durations.ts";

/** Made long before they are needed: a cron promises nothing. */
const MONTHS_AHEAD = 3;
/** For how long `ejecuciones` tells of a run; shorter of one of the five-minute jobs that went well. */
const RUNS_KEPT_MS = 400 * DAY_MS;
const ROUTINE_RUNS_KEPT_MS = 7 * DAY_MS;

type Step = (means: JobMeans, nowMs: number) => Promise<{ counts: Counts; more?: boolean }>;

const STEPS: readonly Step[] = [
  makePartitions,
  forgetRecords,
  forgetReports,
  forgetRuns,
  forgetPurges,
];

/** Nightly care of what is kept. Its state is the step that is next. */
export const upkeepJob: Job<number> = {
  name: "mantenimiento",
  summary: "Prepara las particiones de los meses que vienen y borra lo que ya se guardó bastante.",
  crons: ["nightly"],

  async slice(means, state, { startedAtMs }) {
    const step = state ?? 0;
    const { counts, more = false } = (await STEPS[step]?.(means, startedAtMs)) ?? { counts: {} };
    const next = more ? step : step + 1;
    return next < STEPS.length ? { done: false, counts, state: next } : { done: true, counts };
  },
};

async function makePartitions({ services }: JobMeans, nowMs: number): ReturnType<Step> {
  await services.history.createPartitions(new Date(nowMs), MONTHS_AHEAD);
  return { counts: {} };
}

async function forgetRecords({ services }: JobMeans, nowMs: number): ReturnType<Step> {
  const retention = historyRetention(services.config, nowMs);
  if (!retention) return { counts: { registros_borrados: 0 } };
  const registros_borrados = await services.history.deleteExpired(retention);
  return { counts: { registros_borrados }, more: registros_borrados >= MAX_DELETED_ROWS };
}

async function forgetReports({ services }: JobMeans, nowMs: number): ReturnType<Step> {
  const retention = historyRetention(services.config, nowMs);
  if (!retention) return { counts: { informes_borrados: 0 } };
  const informes_borrados = await services.reports.deleteExpired(retention);
  return { counts: { informes_borrados }, more: informes_borrados >= MAX_DELETED_REPORTS };
}

async function forgetRuns({ services }: JobMeans, nowMs: number): ReturnType<Step> {
  const ejecuciones_borradas = await services.runs.forget({
    before: new Date(nowMs - RUNS_KEPT_MS),
    routineBefore: new Date(nowMs - ROUTINE_RUNS_KEPT_MS),
  });
  return { counts: { ejecuciones_borradas } };
}

/** The settings may have allowed a longer life before than they do now: what counts is the longest that they can. */
async function forgetPurges({ services, env }: JobMeans, nowMs: number): ReturnType<Step> {
  const clock = coordinatorStub(env, services.config);
  const purgas_olvidadas = await clock.forgetPurges(nowMs - MAX_CACHE_TTL_SECONDS * 1_000 - DAY_MS);
  return { counts: { purgas_olvidadas } };
}
