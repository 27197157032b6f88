import { parseOwnJson } from "../../lib/own-json.ts";
import type { Counts, FinishedRun, JobName, Json, RunOrigin } from "../job.ts";

/** About 17 days of a five-minute job while PostgreSQL is down. */
const MAX_WAITING_RUNS = 5_000;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS outbox (run_id TEXT PRIMARY KEY, run TEXT NOT NULL) WITHOUT ROWID;
`;

/** A run between two of its slices. */
export type StoredRun = {
  id: string;
  job: JobName;
  origin: RunOrigin;
  startedAtMs: number;
  state: Json;
  counts: Counts;
  /** How many times in a row the next slice has failed. */
  failures: number;
  /** Set when only the reports of the end are left to do. */
  finished: FinishedRun | null;
};

/** The disk of a job's object: the current run, and finished runs that are not in PostgreSQL yet. */
export class JobStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(SCHEMA);
  }

  run(): StoredRun | undefined {
    return this.#storage.kv.get<StoredRun>("run");
  }

  saveRun(run: StoredRun): void {
    this.#storage.kv.put("run", run);
  }

  /** The latest time of the job's crons that a run has ended for; 0 when none is known. */
  servedMs(): number {
    return this.#storage.kv.get<number>("served_ms") ?? 0;
  }

  /** Moves the current run to the outbox. `servedMs`: the time of the job's crons that it was for. */
  closeRun(finished: FinishedRun, servedMs: number): void {
    this.#storage.transactionSync(() => {
      const { kv, sql } = this.#storage;
      kv.delete("run");
      kv.put("served_ms", Math.max(servedMs, this.servedMs()));
      sql.exec(
        "INSERT OR REPLACE INTO outbox (run_id, run) VALUES (?, ?)",
        finished.id,
        JSON.stringify(finished),
      );
      // Run ids grow with time, so the oldest are dropped.
      sql.exec(
        "DELETE FROM outbox WHERE run_id NOT IN (SELECT run_id FROM outbox ORDER BY run_id DESC LIMIT ?)",
        MAX_WAITING_RUNS,
      );
    });
  }

  /** Oldest first. */
  waitingRuns(limit: number): FinishedRun[] {
    return this.#storage.sql
      .exec<{ run: string }>("SELECT run FROM outbox ORDER BY run_id LIMIT ?", limit)
      .toArray()
      .map(({ run }) => parseOwnJson<FinishedRun>(run));
  }

  removeRuns(runIds: readonly string[]): void {
    for (const runId of runIds) {
      this.#storage.sql.exec("DELETE FROM outbox WHERE run_id = ?", runId);
    }
  }
}
