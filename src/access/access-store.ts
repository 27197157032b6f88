import { parseOwnJson } from "../lib/own-json.ts";
import type { KeyRecord } from "./key-record.ts";
import type { Scope } from "./principal.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS keys (
  id TEXT PRIMARY KEY,
  client TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  chats TEXT,
  per_minute INTEGER,
  per_day INTEGER,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER,
  revoked_ms INTEGER,
  used_ms INTEGER,
  generation INTEGER NOT NULL,
  digest TEXT NOT NULL,
  old_digest TEXT,
  old_ends_ms INTEGER,
  day INTEGER NOT NULL DEFAULT 0,
  day_uses INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  copied_version INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS keys_to_copy ON keys (id) WHERE version > copied_version;
`;

type KeyRow = {
  id: string;
  client: string;
  name: string;
  scopes: string;
  chats: string | null;
  per_minute: number | null;
  per_day: number | null;
  created_ms: number;
  expires_ms: number | null;
  revoked_ms: number | null;
  used_ms: number | null;
  generation: number;
  digest: string;
  old_digest: string | null;
  old_ends_ms: number | null;
};

/** A key with the version of its row, to be copied to PostgreSQL. */
export type KeyCopy = { key: KeyRecord; version: number };

/** Requests made with a key in one day (UTC), numbered from the start of 1970. */
export type DayUses = { day: number; uses: number };

/**
 * The access object's tables. Every method is synchronous: the runtime's output gate holds responses back until the
 * writes are durable.
 */
export class AccessStore {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec(SCHEMA);
  }

  getKey(id: string): KeyRecord | undefined {
    const [row] = this.#sql.exec<KeyRow>("SELECT * FROM keys WHERE id = ?", id);
    return row && toRecord(row);
  }

  /** Newest first. */
  listKeys(): KeyRecord[] {
    return this.#sql
      .exec<KeyRow>("SELECT * FROM keys ORDER BY created_ms DESC, id")
      .toArray()
      .map(toRecord);
  }

  countActive(nowMs: number): number {
    return this.#sql
      .exec<{ active: number }>(
        "SELECT count(*) AS active FROM keys WHERE revoked_ms IS NULL AND (expires_ms IS NULL OR expires_ms > ?)",
        nowMs,
      )
      .one().active;
  }

  /** Inserts or updates a key and marks it for copying to PostgreSQL. Never changes the usage of an existing key. */
  saveKey(key: KeyRecord): void {
    this.#sql.exec(
      `INSERT INTO keys (id, client, name, scopes, chats, per_minute, per_day, created_ms, expires_ms, revoked_ms,
        used_ms, generation, digest, old_digest, old_ends_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, scopes = excluded.scopes, chats = excluded.chats,
        per_minute = excluded.per_minute, per_day = excluded.per_day, expires_ms = excluded.expires_ms,
        revoked_ms = excluded.revoked_ms, generation = excluded.generation, digest = excluded.digest,
        old_digest = excluded.old_digest, old_ends_ms = excluded.old_ends_ms, version = version + 1`,
      ...[key.id, key.client, key.name, JSON.stringify(key.scopes)],
      ...[key.chats && JSON.stringify(key.chats), key.limits.perMinute, key.limits.perDay],
      ...[key.createdMs, key.expiresMs, key.revokedMs, key.usedMs],
      ...[key.generation, key.digest, key.oldDigest, key.oldEndsMs],
    );
  }

  getDayUses(id: string): DayUses {
    const [row] = this.#sql.exec<DayUses>(
      "SELECT day, day_uses AS uses FROM keys WHERE id = ?",
      id,
    );
    return row ?? { day: 0, uses: 0 };
  }

  /** Saves the usage of a key. `mustCopy` also marks the key for copying to PostgreSQL. */
  saveUses(id: string, usedMs: number, { day, uses }: DayUses, mustCopy: boolean): void {
    this.#sql.exec(
      "UPDATE keys SET used_ms = ?, day = ?, day_uses = ?, version = version + ? WHERE id = ?",
      ...[usedMs, day, uses, mustCopy ? 1 : 0, id],
    );
  }

  hasPendingCopies(): boolean {
    return (
      this.#sql.exec("SELECT 1 FROM keys WHERE version > copied_version LIMIT 1").toArray().length >
      0
    );
  }

  /** Returns keys whose current version is not in PostgreSQL yet. */
  listPendingCopies(limit: number): KeyCopy[] {
    return this.#sql
      .exec<KeyRow & { version: number }>(
        "SELECT * FROM keys WHERE version > copied_version LIMIT ?",
        limit,
      )
      .toArray()
      .map((row) => ({ key: toRecord(row), version: row.version }));
  }

  markCopied(copies: readonly KeyCopy[]): void {
    for (const { key, version } of copies) {
      this.#sql.exec("UPDATE keys SET copied_version = ? WHERE id = ?", version, key.id);
    }
  }

  /** Deletes keys that expired or were revoked before the given time. Their copies in PostgreSQL stay. */
  deleteEnded(beforeMs: number): void {
    this.#sql.exec(
      "DELETE FROM keys WHERE min(coalesce(revoked_ms, expires_ms), coalesce(expires_ms, revoked_ms)) < ? AND version = copied_version",
      beforeMs,
    );
  }
}

function toRecord(row: KeyRow): KeyRecord {
  return {
    id: row.id,
    client: row.client,
    name: row.name,
    scopes: parseOwnJson<Scope[]>(row.scopes),
    chats: row.chats === null ? null : parseOwnJson<number[]>(row.chats),
    limits: { perMinute: row.per_minute, perDay: row.per_day },
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
    revokedMs: row.revoked_ms,
    usedMs: row.used_ms,
    generation: row.generation,
    digest: row.digest,
    oldDigest: row.old_digest,
    oldEndsMs: row.old_ends_ms,
  };
}
