import { WorkResult } from "../tasks/work-result.ts";
import type { HistoryRecord } from "../tasks/history-record.ts";
import { instantOfId } from "../lib/request-id.ts";
import type { ChatErasure } from "./chat-erasure.ts";
import type { Mode } from "./modes.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { parseOwnJson } from "../lib/own-json.ts";

/** What a chat was set to. A mode serves one task and is then cleared, unless it is fixed. `options` are the client's, as JSON. */
export type ModeChoice = { mode: Mode | null; fixed: boolean; options: string | null };

/** `turn` tells one setting of a mode from the next. */
export type ModeState = ModeChoice & { turn: number };

const NO_MODE: ModeState = { mode: null, fixed: false, options: null, turn: 0 };

/** Paid work that was begun. Found on disk when the object starts, it is work that was cut off. */
type Intent = { record: HistoryRecord; takenMode: ModeState | null };

const SCHEMA = `
CREATE TABLE IF NOT EXISTS work (
  key TEXT PRIMARY KEY,
  intent TEXT,
  result TEXT,
  expires_ms INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  request_id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  refused INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
  idempotency_key TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  expires_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys_to_forget (
  key TEXT PRIMARY KEY,
  due_ms INTEGER NOT NULL DEFAULT 0,
  times_forgotten INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
`;

/** An answer that left just before an erasure may write its copy for as long as a Worker may go on: 30 s. */
const FORGET_AGAIN_MS = MINUTE_MS;

/** What one chat keeps on its disk. Nothing here waits: the object's output gate holds answers until it is written. */
export class ChatStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#sql.exec(SCHEMA);
  }

  /** All the writes of `change` reach the disk, or none. */
  atomically(change: () => void): void {
    this.#storage.transactionSync(change);
  }

  mode(): ModeState {
    return { ...NO_MODE, ...this.#storage.kv.get<Partial<ModeState>>("mode") };
  }

  setMode(choice: ModeChoice): void {
    const next: ModeState = { ...choice, turn: this.mode().turn + 1 };
    this.#storage.kv.put("mode", next);
  }

  /** Puts back a mode that a task took, unless the person has chosen again since. */
  giveBackMode(taken: ModeState): void {
    if (this.mode().turn === taken.turn + 1) this.#storage.kv.put("mode", taken);
  }

  /** Finished work that may still be shared. */
  finishedWork(key: string, nowMs: number): WorkResult | undefined {
    const [row] = this.#sql.exec<{ result: string }>(
      "SELECT result FROM work WHERE key = ? AND result IS NOT NULL AND expires_ms > ?",
      key,
      nowMs,
    );
    return row && WorkResult.safeParse(JSON.parse(row.result)).data;
  }

  beginWork(key: string, intent: Intent): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO work (key, intent) VALUES (?, ?)",
      key,
      JSON.stringify(intent),
    );
  }

  finishWork(key: string, result: WorkResult, expiresMs: number): void {
    this.#sql.exec(
      "UPDATE work SET intent = NULL, result = ?, expires_ms = ? WHERE key = ?",
      JSON.stringify(result),
      expiresMs,
      key,
    );
  }

  dropWork(key: string): void {
    this.#sql.exec("DELETE FROM work WHERE key = ?", key);
  }

  /** Turns work that was begun and never ended into records that say so. */
  interruptUnfinishedWork(): void {
    this.atomically(() => {
      for (const row of this.#sql.exec<{ intent: string }>(
        "DELETE FROM work WHERE intent IS NOT NULL RETURNING intent",
      )) {
        const { record, takenMode } = parseOwnJson<Intent>(row.intent);
        this.addRecord(record);
        if (takenMode) this.giveBackMode(takenMode);
      }
    });
  }

  /** Idempotent: a record that is already waiting stays as it is. */
  addRecord(record: HistoryRecord): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO outbox (request_id, record) VALUES (?, ?)",
      record.requestId,
      JSON.stringify(record),
    );
  }

  /** The oldest records that wait for PostgreSQL: at most `limit`, and at most `maxChars` of them unless one alone is longer. */
  waitingRecords(limit: number, maxChars: number): HistoryRecord[] {
    const records: HistoryRecord[] = [];
    let chars = 0;
    for (const { record } of this.#sql.exec<{ record: string }>(
      "SELECT record FROM outbox WHERE refused = 0 ORDER BY request_id LIMIT ?",
      limit,
    )) {
      chars += record.length;
      if (records.length > 0 && chars > maxChars) break;
      records.push(parseRecord(record));
    }
    return records;
  }

  waitingCount(): number {
    return this.#sql
      .exec<{ waiting: number }>("SELECT count(*) AS waiting FROM outbox WHERE refused = 0")
      .one().waiting;
  }

  hasWaitingRecords(): boolean {
    return this.#sql.exec("SELECT 1 FROM outbox WHERE refused = 0 LIMIT 1").toArray().length > 0;
  }

  deleteRecords(requestIds: string[]): void {
    this.#sql.exec(
      "DELETE FROM outbox WHERE request_id IN (SELECT value FROM json_each(?))",
      JSON.stringify(requestIds),
    );
  }

  /** Keeps a record that PostgreSQL will never take, out of the way of the others. */
  refuseRecord(requestId: string): void {
    this.#sql.exec("UPDATE outbox SET refused = 1 WHERE request_id = ?", requestId);
  }

  /** The answer that an Idempotency-Key stands for. */
  answer(idempotencyKey: string, nowMs: number): string | undefined {
    const [row] = this.#sql.exec<{ body: string }>(
      "SELECT body FROM answers WHERE idempotency_key = ? AND expires_ms > ?",
      idempotencyKey,
      nowMs,
    );
    return row?.body;
  }

  keepAnswer(idempotencyKey: string, body: string, expiresMs: number): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO answers (idempotency_key, body, expires_ms) VALUES (?, ?, ?)",
      idempotencyKey,
      body,
      expiresMs,
    );
  }

  /** The name under which the clock has this chat on its list, while it has. */
  nameOnClockList(): string | undefined {
    return this.#storage.kv.get<string>("name_on_clock_list");
  }

  setNameOnClockList(name: string | undefined): void {
    if (name === undefined) this.#storage.kv.delete("name_on_clock_list");
    else this.#storage.kv.put("name_on_clock_list", name);
  }

  /**
   * Deletes all that the chat has here, and notes what is still to be deleted elsewhere. Gives how many records were
   * still waiting for PostgreSQL.
   */
  erase(erasure: ChatErasure): number {
    const waiting = this.waitingCount();
    this.atomically(() => {
      // A slot of work is named by its purge epoch and its cache key.
      this.#sql.exec(
        `INSERT OR REPLACE INTO keys_to_forget (key)
          SELECT json_extract(record, '$.cacheKey') FROM outbox
          UNION SELECT substr(key, instr(key, '/') + 1) FROM work`,
      );
      for (const table of ["work", "outbox", "answers"]) this.#sql.exec(`DELETE FROM ${table}`);
      this.#storage.kv.delete("mode");
      this.#storage.kv.put("erasure", erasure);
      this.#storage.kv.put("erased_until_ms", erasure.untilMs);
    });
    return waiting;
  }

  /** What was asked for up to then must not come back. */
  erasedUntilMs(): number {
    return this.#storage.kv.get<number>("erased_until_ms") ?? 0;
  }

  pendingErasure(): ChatErasure | undefined {
    return this.#storage.kv.get<ChatErasure>("erasure");
  }

  /** The rows are gone; the cache is still to forget these. */
  finishErasure(cacheKeys: string[]): void {
    this.atomically(() => {
      this.#sql.exec(
        "INSERT OR REPLACE INTO keys_to_forget (key) SELECT value FROM json_each(?)",
        JSON.stringify(cacheKeys),
      );
      this.#storage.kv.delete("erasure");
    });
  }

  cacheKeysLeft(): number {
    return this.#sql
      .exec<{ left: number }>(
        "SELECT count(*) AS left FROM keys_to_forget WHERE times_forgotten = 0",
      )
      .one().left;
  }

  cacheKeysToForget(limit: number, nowMs: number): string[] {
    const rows = this.#sql.exec<{ key: string }>(
      "SELECT key FROM keys_to_forget WHERE due_ms <= ? ORDER BY due_ms LIMIT ?",
      nowMs,
      limit,
    );
    return rows.toArray().map(({ key }) => key);
  }

  /** The first time it is to be forgotten once more, a little later. */
  forgotCacheKey(key: string, nowMs: number): void {
    this.atomically(() => {
      this.#sql.exec("DELETE FROM keys_to_forget WHERE key = ? AND times_forgotten > 0", key);
      this.#sql.exec(
        "UPDATE keys_to_forget SET times_forgotten = 1, due_ms = ? WHERE key = ?",
        nowMs + FORGET_AGAIN_MS,
        key,
      );
    });
  }

  /** When the next cache entry is to be forgotten; null when none is. */
  nextForgetMs(): number | null {
    return this.#sql
      .exec<{ next: number | null }>("SELECT min(due_ms) AS next FROM keys_to_forget")
      .one().next;
  }

  forgetExpired(nowMs: number): void {
    this.#sql.exec("DELETE FROM work WHERE expires_ms <= ?", nowMs);
    this.#sql.exec("DELETE FROM answers WHERE expires_ms <= ?", nowMs);
  }

  /** When the next thing kept here expires; null when nothing is kept. */
  nextExpiryMs(): number | null {
    return this.#sql
      .exec<{ next: number | null }>(
        "SELECT min(expires_ms) AS next FROM (SELECT expires_ms FROM work UNION ALL SELECT expires_ms FROM answers)",
      )
      .one().next;
  }
}

function parseRecord(json: string): HistoryRecord {
  const record = parseOwnJson<HistoryRecord>(json);
  return { ...record, at: instantOfId(record.requestId) };
}
