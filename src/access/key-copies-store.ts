import { getTableColumns, sql, type SQL } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import type { KeyCopy } from "./access-store.ts";
import { keys } from "./claves.table.ts";

const SAVE_LIMIT_MS = 3_000;

export type KeyCopies = {
  /** Writes all or none; an older copy never takes the place of a newer one. Throws what the database throws. */
  save: (copies: readonly KeyCopy[]) => Promise<void>;
};

export function createKeyCopies(database: Database): KeyCopies {
  return {
    async save(copies) {
      await database.query(SAVE_LIMIT_MS, (db) =>
        db
          .insert(keys)
          .values(copies.map(toRow))
          .onConflictDoUpdate({
            target: keys.id,
            set: NEWER,
            setWhere: sql`${keys.version} < excluded.version`,
          }),
      );
    },
  };
}

const NEWER: Record<string, SQL> = Object.fromEntries(
  Object.entries(getTableColumns(keys)).map(([field, { name }]) => [
    field,
    sql.raw(`excluded.${name}`),
  ]),
);

function toRow({ key, version }: KeyCopy): typeof keys.$inferInsert {
  const at = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  return {
    id: key.id,
    client: key.client,
    name: key.name,
    scopes: key.scopes,
    chats: key.chats,
    ...key.limits,
    createdAt: new Date(key.createdMs),
    expiresAt: at(key.expiresMs),
    revokedAt: at(key.revokedMs),
    usedAt: at(key.usedMs),
    version,
  };
}
