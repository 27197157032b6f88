import type { PurgeEpochs } from "./purge-epochs.ts";

/** `task` is empty for a purge of the client's whole cache. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS purge_epochs (
  client TEXT NOT NULL,
  task TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (client, task)
) WITHOUT ROWID;
`;

/** When each client purged its cache. */
export class PurgeEpochsStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  read(client: string): PurgeEpochs {
    const epochs: PurgeEpochs = { all: 0, byTask: {} };
    for (const { task, at_ms } of this.#sql.exec<{ task: string; at_ms: number }>(
      "SELECT task, at_ms FROM purge_epochs WHERE client = ?",
      client,
    )) {
      if (task === "") epochs.all = at_ms;
      else epochs.byTask[task] = at_ms;
    }
    return epochs;
  }

  /**
   * Records a purge of one task's results, or of all results when `task` is null. Its time is later than that of every
   * other purge of the client, also when the clock stands still or steps back.
   */
  purge(client: string, task: string | null, nowMs: number): PurgeEpochs {
    const { all, byTask } = this.read(client);
    const atMs = Math.max(nowMs, ...[all, ...Object.values(byTask)].map((epoch = 0) => epoch + 1));
    this.#sql.exec(
      "INSERT INTO purge_epochs (client, task, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at_ms = ?3",
      ...[client, task ?? "", atMs],
    );
    return this.read(client);
  }

  /** Deletes purges from before `beforeMs`, and returns their number. */
  forget(beforeMs: number): number {
    return this.#sql
      .exec("DELETE FROM purge_epochs WHERE at_ms < ? RETURNING client", beforeMs)
      .toArray().length;
  }
}
