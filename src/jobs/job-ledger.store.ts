import type { FinishedRun, JobName, RunOrigin } from "./job.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { parseOwnJson } from "../lib/own-json.ts";

/** A holder that is not heard of for this long has lost the job. Longer than a piece of work may take. */
export const LEASE_MS = 15 * MINUTE_MS;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS jobs (
  name TEXT PRIMARY KEY,
  served_ms INTEGER NOT NULL DEFAULT 0,
  run_id TEXT,
  origin TEXT,
  started_ms INTEGER,
  lease_ms INTEGER,
  last_run TEXT,
  completed_ms INTEGER
) WITHOUT ROWID;
`;

export type CurrentRun = { id: string; origin: RunOrigin; startedAtMs: number };

export type JobEntry = {
  job: JobName;
  /** The last time of its crons that a run has ended for; 0 when there was none. */
  servedMs: number;
  /** Null when none is under way, or its holder is not heard of any more. */
  current: CurrentRun | null;
  last: FinishedRun | null;
  /** When the last run that went well ended. */
  completedAtMs: number | null;
};

/** Asks for a job. `dueMs` is the cron's time that it is for; null takes it whatever ran already. */
export type Claim = { job: JobName; run: CurrentRun; dueMs: number | null };

type Row = {
  name: JobName;
  served_ms: number;
  run_id: string | null;
  origin: RunOrigin | null;
  started_ms: number | null;
  lease_ms: number | null;
  last_run: string | null;
  completed_ms: number | null;
};

/** Who holds which job, and until when; what each did last. */
export class JobLedger {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  /** `held` by the run that is given back, or `served` already: nothing is to be done. */
  claim(
    { job, run, dueMs }: Claim,
    nowMs: number,
  ): { answer: "taken" | "served" } | { answer: "held"; current: CurrentRun } {
    const known = this.entries(nowMs).find((entry) => entry.job === job);
    if (known?.current) return { answer: "held", current: known.current };
    if (dueMs !== null && known && known.servedMs >= dueMs) return { answer: "served" };
    this.#sql.exec(
      `INSERT INTO jobs (name, run_id, origin, started_ms, lease_ms) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT DO UPDATE SET run_id = ?2, origin = ?3, started_ms = ?4, lease_ms = ?5`,
      ...[job, run.id, run.origin, run.startedAtMs, nowMs + LEASE_MS],
    );
    return { answer: "taken" };
  }

  /** Renews the lease. False when the job is another's by now. */
  renew(job: JobName, runId: string, nowMs: number): boolean {
    const { rowsWritten } = this.#sql.exec(
      "UPDATE jobs SET lease_ms = ? WHERE name = ? AND run_id = ?",
      ...[nowMs + LEASE_MS, job, runId],
    );
    return rowsWritten > 0;
  }

  /** Gives the job back. `servedMs`: the time of its crons that this run was for. Twice does no harm. */
  finish(run: FinishedRun, servedMs: number): void {
    this.#sql.exec(
      `UPDATE jobs SET run_id = NULL, served_ms = max(served_ms, ?), last_run = ?,
         completed_ms = CASE WHEN ? = 'completada' THEN ? ELSE completed_ms END
       WHERE name = ? AND run_id = ?`,
      ...[servedMs, JSON.stringify(run), run.result, run.endedAtMs, run.job, run.id],
    );
  }

  entries(nowMs: number): JobEntry[] {
    return this.#sql
      .exec<Row>("SELECT * FROM jobs")
      .toArray()
      .map((row) => toEntry(row, nowMs));
  }
}

function toEntry(row: Row, nowMs: number): JobEntry {
  const { run_id, origin, started_ms, lease_ms } = row;
  const isHeld = run_id !== null && origin !== null && started_ms !== null && lease_ms !== null;
  return {
    job: row.name,
    servedMs: row.served_ms,
    current: isHeld && lease_ms > nowMs ? { id: run_id, origin, startedAtMs: started_ms } : null,
    last: row.last_run === null ? null : parseOwnJson<FinishedRun>(row.last_run),
    completedAtMs: row.completed_ms,
  };
}
