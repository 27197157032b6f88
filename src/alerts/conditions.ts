import { PROBLEMS } from "../errors.ts";
import type { JobEntry } from "../jobs/job-ledger.store.ts";
import type { Job, JobName } from "../jobs/job.ts";
import { lastDueMs } from "../jobs/schedule.ts";
import type { ProviderTrouble } from "../llm/provider-reports.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";

export type Thresholds = {
  /** How long the database or KV may be away, and how late a frequent job may be. */
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

/** What the program knows of itself at one moment. */
export type Observations = {
  nowMs: number;
  databaseAnswers: boolean;
  kvAnswers: boolean;
  /** Null while the provider answers, or nobody asks it. */
  provider: ProviderTrouble | null;
  /** Chats whose records wait for PostgreSQL, and since when the first does. */
  waiting: { chats: number; sinceMs: number } | null;
  /** When the newest backup was made that nothing is known against; null where there is none, or none can be seen. */
  goodBackupAtMs: number | null;
  jobs: readonly { job: Job; entry: JobEntry | undefined }[];
};

/** The key of the trouble that is seen in R2 alone. */
export const OLD_BACKUP = "copia_antigua";

/** Something that is wrong. The texts are Spanish, for people. */
export type Condition = {
  /** The same for the same trouble, so that it is told once. */
  key: string;
  title: string;
  detail: string;
  /** What to do about it. */
  advice: string;
  /** Since when, where that is known; otherwise since it was seen first. */
  sinceMs: number | null;
  /** For how long it must hold before anybody is told: what may pass by itself waits for a second look. */
  holdMs: number;
};

/** What is wrong, by what was seen. Pure. */
export function conditionsOf(seen: Observations, thresholds: Thresholds): Condition[] {
  return [
    ...ofStores(seen, thresholds),
    ...ofProvider(seen, thresholds),
    ...ofWaiting(seen, thresholds),
    ...ofBackup(seen, thresholds),
    ...seen.jobs.flatMap((known) => ofJob(known, seen.nowMs, thresholds)),
  ];
}

function ofStores(
  { databaseAnswers, kvAnswers }: Observations,
  { outageMs }: Thresholds,
): Condition[] {
  const troubles: Condition[] = [];
  if (!databaseAnswers) {
    troubles.push({
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
    troubles.push({
      key: "kv",
      title: "Workers KV no responde",
      detail: "Las respuestas guardadas no se encuentran, y el mismo texto puede pagarse otra vez.",
      advice: "Mira https://www.cloudflarestatus.com; no hay nada que hacer aquí.",
      sinceMs: null,
      holdMs: outageMs,
    });
  }
  return troubles;
}

function ofProvider({ provider }: Observations, { providerCalls }: Thresholds): Condition[] {
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

function ofWaiting({ waiting, nowMs }: Observations, { waitingMs }: Thresholds): Condition[] {
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

/** A first backup that is not made at all is a job that is late. */
function ofBackup(
  { goodBackupAtMs, nowMs }: Observations,
  { backupMs, outageMs }: Thresholds,
): Condition[] {
  if (goodBackupAtMs === null || nowMs - goodBackupAtMs <= backupMs) return [];
  return [
    {
      key: OLD_BACKUP,
      title: "La última copia de seguridad buena es antigua",
      detail: `Es del ${inWords(goodBackupAtMs)}, hace ${Math.floor((nowMs - goodBackupAtMs) / HOUR_MS)} horas.`,
      advice: adviceToRepeat("copia-de-seguridad"),
      sinceMs: goodBackupAtMs + backupMs,
      holdMs: outageMs,
    },
  ];
}

function adviceToRepeat(name: JobName): string {
  return `Para repetirlo: npm run job -- ${name}, o POST /api/v1/trabajos-programados/${name}.`;
}

function ofJob(
  { job, entry }: Observations["jobs"][number],
  nowMs: number,
  { outageMs, lateMs }: Thresholds,
): Condition[] {
  const isFrequent = job.crons.includes("sweep");
  const again = adviceToRepeat(job.name);
  const troubles: Condition[] = [];

  if (entry?.last?.result === "fallida") {
    troubles.push({
      key: `fallo:${job.name}`,
      title: `Falló el trabajo «${job.name}»`,
      detail: entry.last.error ?? "",
      advice: again,
      sinceMs: entry.last.endedAtMs,
      // The next run of a frequent one may put it right by itself.
      holdMs: isFrequent ? outageMs : 0,
    });
  }

  const graceMs = isFrequent ? Math.max(outageMs, 15 * MINUTE_MS) : lateMs;
  const dueMs = lastDueMs(job.crons, nowMs - graceMs);
  const isAlive = entry?.current && nowMs - entry.current.startedAtMs < graceMs;
  if ((entry?.servedMs ?? 0) < dueMs && !isAlive) {
    troubles.push({
      key: `retraso:${job.name}`,
      title: `No termina, o no empieza, el trabajo «${job.name}»`,
      detail: `Le tocaba el ${inWords(dueMs)}.`,
      advice: again,
      sinceMs: dueMs,
      // A service that was switched off catches up first.
      holdMs: outageMs,
    });
  }

  return troubles;
}

/** «25/11/2026, 02:00 (UTC)» */
export function inWords(ms: number): string {
  const [day = "", time = ""] = new Date(ms).toISOString().split("T");
  return `${day.split("-").toReversed().join("/")}, ${time.slice(0, 5)} (UTC)`;
}
