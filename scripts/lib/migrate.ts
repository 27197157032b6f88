import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";

export const MIGRATIONS_FOLDER = join(import.meta.dirname, "../../migrations");
/** Any number will do, as long as everything that changes the schema uses the same. */
export const SCHEMA_LOCK_ID = 7_261_904;

/** Brings the database to the newest schema. Two at once are safe: the second waits and finds nothing to do. */
export async function migrate(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // An index on a long history takes longer than a question may.
    await client.query("SET statement_timeout = 0");
    await client.query("SELECT pg_advisory_lock($1)", [SCHEMA_LOCK_ID]);
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
  } finally {
    await client.end();
  }
}
