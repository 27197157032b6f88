import { parseOwnJson } from "../lib/own-json.ts";
import { instantOfId } from "../lib/request-id.ts";
import type { HistoryRecord } from "../tasks/history-record.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS outbox (
  request_id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  refused INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
`;

/** Rows that PostgreSQL accepts in one statement. */
const BATCH_ROWS = 500;
/** A batch is in memory twice. All chats of an isolate share 128 MB. */
const BATCH_CHARS = 4_000_000;

/** The outbox of one chat: records that are not in PostgreSQL yet. */
export class RecordStore {
  readonly #sql: SqlStorage;
  readonly #kv: SyncKvStorage;

  constructor({ sql, kv }: Pick<DurableObjectStorage, "sql" | "kv">) {
    this.#sql = sql;
    this.#kv = kv;
    sql.exec(SCHEMA);
  }

  /** Idempotent: a record that already waits is not replaced. */
  add(record: HistoryRecord): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO outbox (request_id, record) VALUES (?, ?)",
      record.requestId,
      JSON.stringify(record),
    );
  }

  hasWaiting(): boolean {
    return this.#sql.exec("SELECT 1 FROM outbox WHERE refused = 0 LIMIT 1").toArray().length > 0;
  }

  waitingCount(): number {
    return this.#sql
      .exec<{ waiting: number }>("SELECT count(*) AS waiting FROM outbox WHERE refused = 0")
      .one().waiting;
  }

  /** The oldest waiting records: at most `BATCH_ROWS` and `BATCH_CHARS`, or one longer record. */
  nextBatch(): HistoryRecord[] {
    const records: HistoryRecord[] = [];
    let chars = 0;
    for (const { record } of this.#sql.exec<{ record: string }>(
      "SELECT record FROM outbox WHERE refused = 0 ORDER BY request_id LIMIT ?",
      BATCH_ROWS,
    )) {
      chars += record.length;
      if (records.length > 0 && chars > BATCH_CHARS) break;
      records.push(parseRecord(record));
    }
    return records;
  }

  /** The chat of the waiting records; undefined when none waits. */
  waitingChat(): { client: string; chatId: number } | undefined {
    const [row] = this.#sql.exec<{ record: string }>(
      "SELECT record FROM outbox WHERE refused = 0 LIMIT 1",
    );
    return row && parseRecord(row.record);
  }

  remove(records: readonly HistoryRecord[]): void {
    this.#sql.exec(
      "DELETE FROM outbox WHERE request_id IN (SELECT value FROM json_each(?))",
      JSON.stringify(records.map(({ requestId }) => requestId)),
    );
  }

  /** Keeps a record that PostgreSQL will never accept, outside the delivery. */
  setAside({ requestId }: HistoryRecord): void {
    this.#sql.exec("UPDATE outbox SET refused = 1 WHERE request_id = ?", requestId);
  }

  cacheKeys(): string[] {
    return this.#sql
      .exec<{ key: string }>(
        "SELECT DISTINCT json_extract(record, '$.cacheKey') AS key FROM outbox",
      )
      .toArray()
      .map(({ key }) => key);
  }

  erase(): void {
    this.#sql.exec("DELETE FROM outbox");
  }

  /** The chat's name on the coordinator's list of waiting chats; undefined when it is not on the list. */
  nameOnWaitingList(): string | undefined {
    return this.#kv.get<string>("name_on_clock_list");
  }

  setNameOnWaitingList(name: string | undefined): void {
    if (name === undefined) this.#kv.delete("name_on_clock_list");
    else this.#kv.put("name_on_clock_list", name);
  }
}

function parseRecord(json: string): HistoryRecord {
  const record = parseOwnJson<HistoryRecord>(json);
  return { ...record, at: instantOfId(record.requestId) };
}
