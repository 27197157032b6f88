import { migrate } from "./migrate.ts";
import { startPostgres } from "./postgres.ts";
import { readDatabaseSetting } from "./settings.ts";
import { currentRun, makeStateFolder, OWN_POSTGRES } from "./state.ts";

/**
 * Lends the address of this folder's database, brought to the newest schema unless something else is to prepare it: the
 * person's own (DATABASE_URL), the running service's, or the embedded server, started for as long as `use` lasts.
 */
export async function withDatabaseUrl<T>(
  use: (url: string) => Promise<T>,
  prepare: (url: string) => Promise<void> = migrate,
): Promise<T> {
  const url = readDatabaseSetting(process.env) ?? currentRun()?.databaseUrl;
  if (url) {
    await prepare(url);
    return await use(url);
  }
  makeStateFolder();
  const postgres = await startPostgres(OWN_POSTGRES);
  try {
    await prepare(postgres.url);
    return await use(postgres.url);
  } finally {
    await postgres.stop();
  }
}
