import { readMigrationFiles, type MigrationMeta } from "drizzle-orm/migrator";
import type { Client } from "pg";
import { MIGRATIONS_FOLDER } from "./migrate.ts";

const MADE =
  /^CREATE (?:OR REPLACE )?(TABLE|VIEW|SEQUENCE|TYPE|FUNCTION|TEXT SEARCH CONFIGURATION) (?:IF NOT EXISTS )?(\w+)/gm;

export const MIGRATIONS: readonly MigrationMeta[] = readMigrationFiles({
  migrationsFolder: MIGRATIONS_FOLDER,
});

/** Drops everything that the migrations make, and nothing else: the database may hold what is not ours. */
export async function dropSchema(client: Client): Promise<void> {
  const statements = MIGRATIONS.flatMap(({ sql }) => sql).join("\n");
  for (const [, kind = "", name = ""] of statements.matchAll(MADE)) {
    await client.query(`DROP ${kind} IF EXISTS ${client.escapeIdentifier(name)} CASCADE`);
  }
  await client.query("DROP SCHEMA IF EXISTS drizzle CASCADE");
}

/** An empty schema as it was when this migration was the newest. Inside the caller's transaction. */
export async function buildSchema(client: Client, newest: number): Promise<void> {
  await client.query("CREATE SCHEMA drizzle");
  await client.query(
    "CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)",
  );
  await apply(
    client,
    MIGRATIONS.filter(({ folderMillis }) => folderMillis <= newest),
  );
}

/** The migrations that came after this one. Inside the caller's transaction. */
export async function upgradeSchema(client: Client, from: number): Promise<void> {
  await apply(
    client,
    MIGRATIONS.filter(({ folderMillis }) => folderMillis > from),
  );
}

/** As drizzle's migrator does it, which insists on a transaction of its own. */
async function apply(client: Client, migrations: readonly MigrationMeta[]): Promise<void> {
  for (const { sql, hash, folderMillis } of migrations) {
    for (const statement of sql) await client.query(statement);
    await client.query(
      "INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)",
      [hash, folderMillis],
    );
  }
}
