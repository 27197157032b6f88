import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { ROOT } from "./root.ts";
import { withPgClient } from "./with-pg-client.ts";

export const MIGRATIONS_FOLDER = join(ROOT, "migrations");
/** An arbitrary number. All code that changes the schema takes this advisory lock. */
export const SCHEMA_LOCK_ID = 7_261_904;

/** Applies the pending migrations. Safe to run twice at once: the second run waits for the lock and finds none pending. */
export async function migrate(url: string): Promise<void> {
  await withPgClient(url, async (client) => {
    // Building an index on a long history takes longer than the default timeout of a query.
    await client.query("SET statement_timeout = 0");
    await client.query("SELECT pg_advisory_lock($1)", [SCHEMA_LOCK_ID]);
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
  });
}
