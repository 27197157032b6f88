import { PROBLEMS } from "../errors.ts";
import type { JobEntry } from "../jobs/job-ledger.store.ts";
import type { JobDefinition, JobName } from "../jobs/job.ts";
import { lastDueMs } from "../jobs/schedule.ts";
import type { ProviderTrouble } from "../llm/provider-reports.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";

export type Thresholds = {
  /** How long the database or KV may be unavailable, and how late a five-minute job may be. */
  outageMs: number;
  /** How long a record may wait for PostgreSQL. */
  waitingMs: number;
  /** How late a nightly or weekly job may be. */
  lateMs: number;
  /** How old the last good backup may be. */
  backupMs: number;
  /** How many calls to the model's provider may fail in a row. */
  providerCalls: number;
};

/** What the service observes of itself in one run of the job. */
export type Observations = {
  nowMs: number;
  databaseAnswers: boolean;
  kvAnswers: boolean;
  /** Null while the provider answers or is not called. */
  provider: ProviderTrouble | null;
  /** Chats whose records wait for PostgreSQL, and since when the first one does. */
  waiting: { chats: number; sinceMs: number } | null;
  /** When the newest backup without known damage was made. Null when there is none, or R2 cannot be read. */
  goodBackupAtMs: number | null;
  jobs: readonly { job: JobDefinition; entry: JobEntry | undefined }[];
};

/** The key of the condition that is found only by reading R2. */
export const OLD_BACKUP = "copia_antigua";

/** Something that is wrong. Title, detail and advice are Spanish, for people. */
export type Condition = {
  /** Identifies the condition: an alert is raised once for each key. */
  key: string;
  title: string;
  detail: string;
  /** What the owner can do about it. */
  advice: string;
  /** When it began; null when only the time of the first observation is known. */
  sinceMs: number | null;
  /** How long it must hold before the alert is raised. 0 for conditions that do not pass by themselves. */
  holdMs: number;
};

/** The conditions that hold for these observations. Pure. */
export function findConditions(observed: Observations, thresholds: Thresholds): Condition[] {
  return [
    ...storageConditions(observed, thresholds),
    ...providerConditions(observed, thresholds),
    ...waitingConditions(observed, thresholds),
    ...backupConditions(observed, thresholds),
    ...observed.jobs.flatMap((watched) => jobConditions(watched, observed.nowMs, thresholds)),
  ];
}

function storageConditions(
  { databaseAnswers, kvAnswers }: Observations,
  { outageMs }: Thresholds,
): Condition[] {
  const conditions: Condition[] = [];
  if (!databaseAnswers) {
    conditions.push({
      key: "base_de_datos",
      title: "La base de datos no responde",
      detail: "Las tareas siguen y sus registros esperan; el historial no se puede consultar.",
      advice:
        "Comprueba que PostgreSQL está en marcha y admite conexiones. Los registros llegarán solos cuando vuelva.",
      sinceMs: null,
      holdMs: outageMs,
    });
  }
  if (!kvAnswers) {
    conditions.push({
      key: "kv",
      title: "Workers KV no responde",
      detail: "Las respuestas guardadas no se encuentran, y el mismo texto puede pagarse otra vez.",
      advice: "Mira https://www.cloudflarestatus.com; no hay nada que hacer aquí.",
      sinceMs: null,
      holdMs: outageMs,
    });
  }
  return conditions;
}

function providerConditions(
  { provider }: Observations,
  { providerCalls }: Thresholds,
): Condition[] {
  if (!provider || provider.calls < providerCalls) return [];
  const { title, help } = PROBLEMS[provider.problem];
  return [
    {
      key: "proveedor",
      title: "El proveedor del modelo no responde",
      detail: `${provider.calls} llamadas seguidas sin respuesta. La última: ${title}.`,
      advice: help,
      sinceMs: provider.sinceMs,
      holdMs: 0,
    },
  ];
}

function waitingConditions(
  { waiting, nowMs }: Observations,
  { waitingMs }: Thresholds,
): Condition[] {
  if (!waiting || nowMs - waiting.sinceMs < waitingMs) return [];
  return [
    {
      key: "pendientes",
      title: "Hay registros que no llegan a la base de datos",
      detail: `${waiting.chats === 1 ? "Un chat guarda" : `${waiting.chats} chats guardan`} registros que esperan.`,
      advice:
        "No se pierde nada. Si la base de datos responde, mira por qué rechaza los registros: en los registros del servicio, «history_flush_failed».",
      sinceMs: waiting.sinceMs,
      holdMs: 0,
    },
  ];
}

/** Without any backup there is no condition here: the late backup job is reported instead. */
function backupConditions(
  { goodBackupAtMs, nowMs }: Observations,
  { backupMs, outageMs }: Thresholds,
): Condition[] {
  if (goodBackupAtMs === null || nowMs - goodBackupAtMs <= backupMs) return [];
  return [
    {
      key: OLD_BACKUP,
      title: "La última copia de seguridad buena es antigua",
      detail: `Es del ${toSpanishTime(goodBackupAtMs)}, hace ${Math.floor((nowMs - goodBackupAtMs) / HOUR_MS)} horas.`,
      advice: adviceToRepeat("copia-de-seguridad"),
      sinceMs: goodBackupAtMs + backupMs,
      holdMs: outageMs,
    },
  ];
}

function adviceToRepeat(name: JobName): string {
  return `Para repetirlo: npm run job -- ${name}, o POST /api/v1/trabajos-programados/${name}.`;
}

function jobConditions(
  { job, entry }: Observations["jobs"][number],
  nowMs: number,
  { outageMs, lateMs }: Thresholds,
): Condition[] {
  const isFrequent = job.crons.includes("everyFiveMinutes");
  const advice = adviceToRepeat(job.name);
  const conditions: Condition[] = [];

  if (entry?.last?.result === "fallida") {
    conditions.push({
      key: `fallo:${job.name}`,
      title: `Falló el trabajo «${job.name}»`,
      detail: entry.last.error ?? "",
      advice,
      sinceMs: entry.last.endedAtMs,
      // The next run of a frequent job is soon, and may succeed.
      holdMs: isFrequent ? outageMs : 0,
    });
  }

  const graceMs = isFrequent ? Math.max(outageMs, 15 * MINUTE_MS) : lateMs;
  const dueMs = lastDueMs(job.crons, nowMs - graceMs);
  const isRunning = entry?.current && nowMs - entry.current.startedAtMs < graceMs;
  if ((entry?.servedMs ?? 0) < dueMs && !isRunning) {
    conditions.push({
      key: `retraso:${job.name}`,
      title: `No termina, o no empieza, el trabajo «${job.name}»`,
      detail: `Le tocaba el ${toSpanishTime(dueMs)}.`,
      advice,
      sinceMs: dueMs,
      // A service that was switched off catches up first: its jobs are late for a moment.
      holdMs: outageMs,
    });
  }

  return conditions;
}

/** «25/11/2026, 02:00 (UTC)» */
export function toSpanishTime(ms: number): string {
  const [day = "", time = ""] = new Date(ms).toISOString().split("T");
  return `${day.split("-").toReversed().join("/")}, ${time.slice(0, 5)} (UTC)`;
}
