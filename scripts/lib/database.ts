import { migrate } from "./migrate.ts";
import { startPostgres } from "./postgres.ts";
import { readDatabaseSetting } from "./settings.ts";
import { findRunningService, makeStateFolder, EMBEDDED_POSTGRES } from "./state.ts";

/**
 * Calls `use` with the URL of this folder's database: the one in DATABASE_URL, else the one of the running service, else
 * the embedded server, which runs only until `use` ends. `prepare` runs first; by default it migrates the schema.
 */
export async function withDatabaseUrl<T>(
  use: (url: string) => Promise<T>,
  prepare: (url: string) => Promise<void> = migrate,
): Promise<T> {
  const url = readDatabaseSetting(process.env) ?? findRunningService()?.databaseUrl;
  if (url) {
    await prepare(url);
    return await use(url);
  }
  makeStateFolder();
  const postgres = await startPostgres(EMBEDDED_POSTGRES);
  try {
    await prepare(postgres.url);
    return await use(postgres.url);
  } finally {
    await postgres.stop();
  }
}

/** A `prepare` that does not migrate. A backup is often made just before an upgrade. */
export async function skipMigration(): Promise<void> {}
