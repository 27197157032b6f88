import { parseOwnJson } from "../lib/own-json.ts";
import type { HistoryRecord } from "../tasks/history-record.ts";
import { WorkResult } from "../tasks/work-result.ts";
import type { ModeState } from "./chat-modes.ts";

/** Paid work in progress: the record to store if a crash interrupts it, and the mode that it took. */
type Intent = { record: HistoryRecord; takenMode: ModeState | null };

const SCHEMA = `
CREATE TABLE IF NOT EXISTS work (
  key TEXT PRIMARY KEY,
  intent TEXT,
  result TEXT,
  expires_ms INTEGER
) WITHOUT ROWID;
`;

/**
 * The work of one chat, by slot: purge epoch and cache key. A row is an intent while the work runs, and its result
 * afterwards.
 */
export class WorkStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  begin(slot: string, intent: Intent): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO work (key, intent) VALUES (?, ?)",
      slot,
      JSON.stringify(intent),
    );
  }

  finish(slot: string, result: WorkResult, expiresMs: number): void {
    this.#sql.exec(
      "UPDATE work SET intent = NULL, result = ?, expires_ms = ? WHERE key = ?",
      JSON.stringify(result),
      expiresMs,
      slot,
    );
  }

  delete(slot: string): void {
    this.#sql.exec("DELETE FROM work WHERE key = ?", slot);
  }

  /** Undefined when it is absent, expired, or stored by a version with another schema. */
  finished(slot: string, nowMs: number): WorkResult | undefined {
    const [row] = this.#sql.exec<{ result: string }>(
      "SELECT result FROM work WHERE key = ? AND result IS NOT NULL AND expires_ms > ?",
      slot,
      nowMs,
    );
    return row && WorkResult.safeParse(JSON.parse(row.result)).data;
  }

  /** Removes and returns the unfinished work. */
  takeUnfinished(): Intent[] {
    return this.#sql
      .exec<{ intent: string }>("DELETE FROM work WHERE intent IS NOT NULL RETURNING intent")
      .toArray()
      .map(({ intent }) => parseOwnJson<Intent>(intent));
  }

  cacheKeys(): string[] {
    return this.#sql
      .exec<{ key: string }>("SELECT DISTINCT substr(key, instr(key, '/') + 1) AS key FROM work")
      .toArray()
      .map(({ key }) => key);
  }

  deleteExpired(nowMs: number): void {
    this.#sql.exec("DELETE FROM work WHERE expires_ms <= ?", nowMs);
  }

  /** Infinity when nothing expires. */
  nextExpiryMs(): number {
    const { next } = this.#sql
      .exec<{ next: number | null }>("SELECT min(expires_ms) AS next FROM work")
      .one();
    return next ?? Number.POSITIVE_INFINITY;
  }

  erase(): void {
    this.#sql.exec("DELETE FROM work");
  }
}
