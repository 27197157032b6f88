const SCHEMA = `
CREATE TABLE IF NOT EXISTS waiting_chats (name TEXT PRIMARY KEY, since_ms INTEGER NOT NULL) WITHOUT ROWID;
`;

/** A chat whose records wait for PostgreSQL, and since when. `name` is the name of its object. */
export type WaitingChat = { name: string; sinceMs: number };

/** The list of waiting chats, reached through the coordinator. */
export type WaitingChats = {
  /** Idempotent: a chat that is on the list keeps its `sinceMs`. */
  add: (chatName: string) => Promise<void>;
  remove: (chatName: string) => Promise<void>;
  /** The chats that have waited longest, after `after` where it is given. */
  list: (limit: number, after?: WaitingChat | null) => Promise<WaitingChat[]>;
  /** How many chats wait, and since when the first one does; null when none waits. */
  count: () => Promise<WaitingCount | null>;
};
export type WaitingCount = { chats: number; sinceMs: number };

/** The chats whose records could not reach PostgreSQL. They are listed because a Worker cannot list Durable Objects. */
export class WaitingChatsStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  add(chatName: string, nowMs: number): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO waiting_chats (name, since_ms) VALUES (?, ?)",
      chatName,
      nowMs,
    );
  }

  remove(chatName: string): void {
    this.#sql.exec("DELETE FROM waiting_chats WHERE name = ?", chatName);
  }

  list(limit: number, after: WaitingChat | null): WaitingChat[] {
    return this.#sql
      .exec<WaitingChat>(
        `SELECT name, since_ms AS sinceMs FROM waiting_chats WHERE (since_ms, name) > (?, ?)
         ORDER BY since_ms, name LIMIT ?`,
        ...[after?.sinceMs ?? 0, after?.name ?? "", limit],
      )
      .toArray();
  }

  count(): WaitingCount | null {
    const { chats, sinceMs } = this.#sql
      .exec<{ chats: number; sinceMs: number | null }>(
        "SELECT count(*) AS chats, min(since_ms) AS sinceMs FROM waiting_chats",
      )
      .one();
    return sinceMs === null ? null : { chats, sinceMs };
  }
}
