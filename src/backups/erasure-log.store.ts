import type { ChatErasure } from "../history/chat-erasure.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS erasures (
  client TEXT NOT NULL,
  chat_id INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  held_until_ms INTEGER NOT NULL,
  PRIMARY KEY (client, chat_id)
) WITHOUT ROWID;
`;

/**
 * The chats that were erased and that a backup may still hold. A restore erases them again, also when the database that
 * knew of the erasures is lost.
 */
export class ErasureLogStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  /** Idempotent. `heldUntilMs`: until when a backup is expected to hold the chat. */
  record({ client, chatId, untilMs }: ChatErasure, heldUntilMs: number): void {
    this.#sql.exec(
      `INSERT INTO erasures (client, chat_id, until_ms, held_until_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET until_ms = max(until_ms, excluded.until_ms), held_until_ms = max(held_until_ms, excluded.held_until_ms)`,
      ...[client, chatId, untilMs, heldUntilMs],
    );
  }

  list(): ChatErasure[] {
    return this.#sql
      .exec<ChatErasure>("SELECT client, chat_id AS chatId, until_ms AS untilMs FROM erasures")
      .toArray();
  }

  /**
   * Deletes the erasures whose time has passed and that happened before the oldest backup began. The second condition
   * keeps an erasure for longer than was expected when nights were missed or the settings have changed.
   */
  forget(nowMs: number, oldestBackupMs: number): void {
    this.#sql.exec(
      "DELETE FROM erasures WHERE held_until_ms < ? AND until_ms < ?",
      ...[nowMs, oldestBackupMs],
    );
  }
}
