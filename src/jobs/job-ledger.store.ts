import { parseOwnJson } from "../lib/own-json.ts";
import type { FinishedRun, JobName, RunOrigin } from "./job.ts";

/** Tables that 0.1.0 created have one more column, `lease_ms`, which is no longer used. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS jobs (
  name TEXT PRIMARY KEY,
  served_ms INTEGER NOT NULL DEFAULT 0,
  run_id TEXT,
  origin TEXT,
  started_ms INTEGER,
  last_run TEXT,
  completed_ms INTEGER
) WITHOUT ROWID;
`;

export type CurrentRun = { id: string; origin: RunOrigin; startedAtMs: number };

export type JobEntry = {
  job: JobName;
  /** The latest due time (see schedule.ts) that a run has served; 0 when there is none. */
  servedMs: number;
  current: CurrentRun | null;
  last: FinishedRun | null;
  /** When the last successful run ended. */
  completedAtMs: number | null;
};

/** The ledger as the objects of the jobs write it. */
export type JobLedgerWriter = {
  recordStart: (job: JobName, run: CurrentRun) => Promise<void>;
  /** `servedMs`: the due time that the run served. Idempotent. */
  recordEnd: (run: FinishedRun, servedMs: number) => Promise<void>;
};

type Row = {
  name: JobName;
  served_ms: number;
  run_id: string | null;
  origin: RunOrigin | null;
  started_ms: number | null;
  last_run: string | null;
  completed_ms: number | null;
};

/**
 * The current and the last run of every job, for the crons, the routes and the alerts, which need all jobs at once.
 * It follows what the objects of the jobs report; each object decides by itself whether a run may start.
 */
export class JobLedgerStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  /** Ignored when the run has already ended: the two reports may arrive in either order. */
  recordStart(job: JobName, run: CurrentRun): void {
    this.#sql.exec(
      `INSERT INTO jobs (name, run_id, origin, started_ms) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET run_id = ?2, origin = ?3, started_ms = ?4
       WHERE last_run IS NULL OR json_extract(last_run, '$.id') <> ?2`,
      ...[job, run.id, run.origin, run.startedAtMs],
    );
  }

  /** `servedMs`: the due time that the run served. Idempotent. */
  recordEnd(run: FinishedRun, servedMs: number): void {
    const completedMs = run.result === "completada" ? run.endedAtMs : null;
    this.#sql.exec(
      `INSERT INTO jobs (name, served_ms, last_run, completed_ms) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET run_id = NULL, served_ms = max(served_ms, ?2), last_run = ?3,
         completed_ms = coalesce(?4, completed_ms)`,
      ...[run.job, servedMs, JSON.stringify(run), completedMs],
    );
  }

  entries(): JobEntry[] {
    return this.#sql.exec<Row>("SELECT * FROM jobs").toArray().map(toEntry);
  }
}

function toEntry({ name, served_ms, run_id, origin, started_ms, ...row }: Row): JobEntry {
  const isRunning = run_id !== null && origin !== null && started_ms !== null;
  return {
    job: name,
    servedMs: served_ms,
    current: isRunning ? { id: run_id, origin, startedAtMs: started_ms } : null,
    last: row.last_run === null ? null : parseOwnJson<FinishedRun>(row.last_run),
    completedAtMs: row.completed_ms,
  };
}
