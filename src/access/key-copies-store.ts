import { getTableColumns, sql, type SQL } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import type { KeyCopy } from "./access-store.ts";
import { keys } from "./claves.table.ts";

const SAVE_TIMEOUT_MS = 3_000;

export type KeyCopies = {
  /**
   * Upserts all copies in one statement. A row is only replaced by a higher version, so repeated and reordered calls are
   * safe. Throws what the database throws.
   */
  save: (copies: readonly KeyCopy[]) => Promise<void>;
};

export function createKeyCopies(database: Pick<Database, "query">): KeyCopies {
  return {
    async save(copies) {
      await database.query(SAVE_TIMEOUT_MS, (db) =>
        db
          .insert(keys)
          .values(copies.map(toRow))
          .onConflictDoUpdate({
            target: keys.id,
            set: EXCLUDED_ROW,
            setWhere: sql`${keys.version} < excluded.version`,
          }),
      );
    },
  };
}

/** Every column set to the value of the row that could not be inserted. */
const EXCLUDED_ROW: Record<string, SQL> = Object.fromEntries(
  Object.entries(getTableColumns(keys)).map(([field, { name }]) => [
    field,
    sql.raw(`excluded.${name}`),
  ]),
);

function toRow({ key, version }: KeyCopy): typeof keys.$inferInsert {
  const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  return {
    id: key.id,
    client: key.client,
    name: key.name,
    scopes: key.scopes,
    chats: key.chats,
    ...key.limits,
    createdAt: new Date(key.createdMs),
    expiresAt: toDate(key.expiresMs),
    revokedAt: toDate(key.revokedMs),
    usedAt: toDate(key.usedMs),
    version,
  };
}
