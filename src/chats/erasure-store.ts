import type { ChatErasure } from "../history/chat-erasure.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS keys_to_forget (
  key TEXT PRIMARY KEY,
  due_ms INTEGER NOT NULL DEFAULT 0,
  times_forgotten INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
`;

/**
 * A Worker that read an entry just before the erasure may still write it to its data centre's cache until it ends, at
 * most 30 s later. Each key is therefore deleted a second time.
 */
const SECOND_DELETE_MS = 60_000;

/** The pending parts of a chat's erasure: first the rows in PostgreSQL, then the cache entries. */
export class ErasureStore {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "kv" | "transactionSync">;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "kv" | "transactionSync">) {
    this.#storage = storage;
    storage.sql.exec(SCHEMA);
  }

  /** Stores an erasure whose rows and `cacheKeys` must still be deleted. */
  begin(erasure: ChatErasure, cacheKeys: readonly string[]): void {
    this.#addKeys(cacheKeys);
    this.#storage.kv.put("erasure", erasure);
    this.#storage.kv.put("erased_until_ms", erasure.untilMs);
  }

  /** Records that the rows are deleted and the entries of `cacheKeys` must still be deleted. */
  finishRows(cacheKeys: readonly string[]): void {
    this.#storage.transactionSync(() => {
      this.#addKeys(cacheKeys);
      this.#storage.kv.delete("erasure");
    });
  }

  /** The erasure whose rows must still be deleted. */
  pending(): ChatErasure | undefined {
    return this.#storage.kv.get<ChatErasure>("erasure");
  }

  /** Records of requests up to then must not be kept; 0 when the chat was never erased. */
  erasedUntilMs(): number {
    return this.#storage.kv.get<number>("erased_until_ms") ?? 0;
  }

  /** How many cache entries were not deleted yet. */
  keysLeft(): number {
    return this.#storage.sql
      .exec<{ left: number }>(
        "SELECT count(*) AS left FROM keys_to_forget WHERE times_forgotten = 0",
      )
      .one().left;
  }

  dueKeys(limit: number, nowMs: number): string[] {
    return this.#storage.sql
      .exec<{ key: string }>(
        "SELECT key FROM keys_to_forget WHERE due_ms <= ? ORDER BY due_ms LIMIT ?",
        nowMs,
        limit,
      )
      .toArray()
      .map(({ key }) => key);
  }

  /** After the first deletion the key stays, for the second one. */
  noteDeleted(key: string, nowMs: number): void {
    const { sql } = this.#storage;
    this.#storage.transactionSync(() => {
      sql.exec("DELETE FROM keys_to_forget WHERE key = ? AND times_forgotten > 0", key);
      sql.exec(
        "UPDATE keys_to_forget SET times_forgotten = 1, due_ms = ? WHERE key = ?",
        nowMs + SECOND_DELETE_MS,
        key,
      );
    });
  }

  /** When the next cache entry must be deleted; Infinity when there is none. */
  nextKeyDueMs(): number {
    const { next } = this.#storage.sql
      .exec<{ next: number | null }>("SELECT min(due_ms) AS next FROM keys_to_forget")
      .one();
    return next ?? Number.POSITIVE_INFINITY;
  }

  #addKeys(keys: readonly string[]): void {
    this.#storage.sql.exec(
      "INSERT OR REPLACE INTO keys_to_forget (key) SELECT value FROM json_each(?)",
      JSON.stringify(keys),
    );
  }
}
