const SCHEMA = `
CREATE TABLE IF NOT EXISTS answers (
  idempotency_key TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  expires_ms INTEGER NOT NULL
) WITHOUT ROWID;
`;

/** Response bodies of one chat, by the digest of Idempotency-Key and request. */
export class AnswerStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  body(key: string, nowMs: number): string | undefined {
    const [row] = this.#sql.exec<{ body: string }>(
      "SELECT body FROM answers WHERE idempotency_key = ? AND expires_ms > ?",
      key,
      nowMs,
    );
    return row?.body;
  }

  keep(key: string, body: string, expiresMs: number): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO answers (idempotency_key, body, expires_ms) VALUES (?, ?, ?)",
      key,
      body,
      expiresMs,
    );
  }

  deleteExpired(nowMs: number): void {
    this.#sql.exec("DELETE FROM answers WHERE expires_ms <= ?", nowMs);
  }

  /** Infinity when nothing expires. */
  nextExpiryMs(): number {
    const { next } = this.#sql
      .exec<{ next: number | null }>("SELECT min(expires_ms) AS next FROM answers")
      .one();
    return next ?? Number.POSITIVE_INFINITY;
  }

  erase(): void {
    this.#sql.exec("DELETE FROM answers");
  }
}
