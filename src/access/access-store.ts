import type { KeyRecord } from "./key-record.ts";
import type { Scope } from "./principal.ts";
import { parseOwnJson } from "../lib/own-json.ts";

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

type Row = {
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

/** A key on its way to PostgreSQL. */
export type KeyCopy = { key: KeyRecord; version: number };

export type DayUses = { day: number; uses: number };

/** What the access object keeps on its disk. Nothing here waits: the output gate holds answers until it is written. */
export class AccessStore {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    this.#sql.exec(SCHEMA);
  }

  key(id: string): KeyRecord | undefined {
    const [row] = this.#sql.exec<Row>("SELECT * FROM keys WHERE id = ?", id);
    return row && toRecord(row);
  }

  /** Newest first. */
  keys(): KeyRecord[] {
    return this.#sql
      .exec<Row>("SELECT * FROM keys ORDER BY created_ms DESC, id")
      .toArray()
      .map(toRecord);
  }

  livingCount(nowMs: number): number {
    return this.#sql
      .exec<{ living: number }>(
        "SELECT count(*) AS living FROM keys WHERE revoked_ms IS NULL AND (expires_ms IS NULL OR expires_ms > ?)",
        nowMs,
      )
      .one().living;
  }

  /** Writes a key, new or changed, and notes that PostgreSQL is to hear of it. */
  put(key: KeyRecord): void {
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

  dayUses(id: string): DayUses {
    const [row] = this.#sql.exec<DayUses>(
      "SELECT day, day_uses AS uses FROM keys WHERE id = ?",
      id,
    );
    return row ?? { day: 0, uses: 0 };
  }

  /** Keeps how much a key was used. `isNews`: PostgreSQL is to hear of it. */
  putUses(id: string, usedMs: number, { day, uses }: DayUses, isNews: boolean): void {
    this.#sql.exec(
      "UPDATE keys SET used_ms = ?, day = ?, day_uses = ?, version = version + ? WHERE id = ?",
      ...[usedMs, day, uses, isNews ? 1 : 0, id],
    );
  }

  waitingCopies(limit: number): KeyCopy[] {
    return this.#sql
      .exec<Row & { version: number }>(
        "SELECT * FROM keys WHERE version > copied_version LIMIT ?",
        limit,
      )
      .toArray()
      .map((row) => ({ key: toRecord(row), version: row.version }));
  }

  copied(copies: readonly KeyCopy[]): void {
    for (const { key, version } of copies) {
      this.#sql.exec("UPDATE keys SET copied_version = ? WHERE id = ?", version, key.id);
    }
  }

  /** Forgets keys that ended before; their copies in PostgreSQL stay. */
  forgetEnded(beforeMs: number): void {
    this.#sql.exec(
      "DELETE FROM keys WHERE min(coalesce(revoked_ms, expires_ms), coalesce(expires_ms, revoked_ms)) < ? AND version = copied_version",
      beforeMs,
    );
  }
}

function toRecord(row: Row): KeyRecord {
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
