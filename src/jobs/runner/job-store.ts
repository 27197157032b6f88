import type { Counts, FinishedRun, JobName, Json, RunOrigin } from "../job.ts";
import { parseOwnJson } from "../../lib/own-json.ts";

/** More than a fortnight of the most frequent job, while PostgreSQL is away. */
const MAX_WAITING_RUNS = 5_000;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS outbox (run_id TEXT PRIMARY KEY, run TEXT NOT NULL) WITHOUT ROWID;
`;

/** A run as it stands between two pieces of its work. */
export type Run = {
  id: string;
  job: JobName;
  origin: RunOrigin;
  startedAtMs: number;
  state: Json;
  counts: Counts;
  /** How often the piece that is next has failed. */
  failures: number;
  /** Set when nothing is left to do but to tell of it. */
  finished: FinishedRun | null;
};

/** A job's disk: the run that is under way, and those that PostgreSQL does not know of yet. */
export class JobStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(SCHEMA);
  }

  run(): Run | undefined {
    return this.#storage.kv.get<Run>("run");
  }

  keep(run: Run): void {
    this.#storage.kv.put("run", run);
  }

  /** Puts a finished run among those that wait for PostgreSQL. */
  close(finished: FinishedRun): void {
    this.#storage.transactionSync(() => {
      this.#storage.kv.delete("run");
      const { sql } = this.#storage;
      sql.exec(
        "INSERT OR REPLACE INTO outbox (run_id, run) VALUES (?, ?)",
        finished.id,
        JSON.stringify(finished),
      );
      // Ids grow with time: the oldest go first.
      sql.exec(
        "DELETE FROM outbox WHERE run_id NOT IN (SELECT run_id FROM outbox ORDER BY run_id DESC LIMIT ?)",
        MAX_WAITING_RUNS,
      );
    });
  }

  /** Oldest first. */
  waiting(limit: number): FinishedRun[] {
    return this.#storage.sql
      .exec<{ run: string }>("SELECT run FROM outbox ORDER BY run_id LIMIT ?", limit)
      .toArray()
      .map(({ run }) => parseOwnJson<FinishedRun>(run));
  }

  delivered(runIds: readonly string[]): void {
    for (const runId of runIds)
      this.#storage.sql.exec("DELETE FROM outbox WHERE run_id = ?", runId);
  }
}
