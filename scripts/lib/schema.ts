import { readMigrationFiles, type MigrationMeta } from "drizzle-orm/migrator";
import type { Client } from "pg";
import { MIGRATIONS_FOLDER } from "./migrate.ts";

const CREATED_OBJECT =
  /^CREATE (?:OR REPLACE )?(TABLE|VIEW|SEQUENCE|TYPE|FUNCTION|TEXT SEARCH CONFIGURATION) (?:IF NOT EXISTS )?(\w+)/gm;

export const MIGRATIONS: readonly MigrationMeta[] = readMigrationFiles({
  migrationsFolder: MIGRATIONS_FOLDER,
});

/** Drops every object that the migrations create, and no other: the database may hold objects of other programs. */
export async function dropSchema(client: Client): Promise<void> {
  const statements = MIGRATIONS.flatMap(({ sql }) => sql).join("\n");
  for (const [, kind = "", name = ""] of statements.matchAll(CREATED_OBJECT)) {
    await client.query(`DROP ${kind} IF EXISTS ${client.escapeIdentifier(name)} CASCADE`);
  }
  await client.query("DROP SCHEMA IF EXISTS drizzle CASCADE");
}

/** Creates the empty schema as it was after one migration. Runs inside the caller's transaction. */
export async function buildSchema(client: Client, newestMigrationMs: number): Promise<void> {
  await client.query("CREATE SCHEMA drizzle");
  await client.query(
    "CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)",
  );
  await apply(
    client,
    MIGRATIONS.filter(({ folderMillis }) => folderMillis <= newestMigrationMs),
  );
}

/** Applies the migrations that follow one migration. Runs inside the caller's transaction. */
export async function upgradeSchema(client: Client, currentMigrationMs: number): Promise<void> {
  await apply(
    client,
    MIGRATIONS.filter(({ folderMillis }) => folderMillis > currentMigrationMs),
  );
}

/** Does the same as drizzle's migrator, which cannot be used here: it always opens its own transaction. */
async function apply(client: Client, migrations: readonly MigrationMeta[]): Promise<void> {
  for (const { sql, hash, folderMillis } of migrations) {
    for (const statement of sql) await client.query(statement);
    await client.query(
      "INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)",
      [hash, folderMillis],
    );
  }
}
