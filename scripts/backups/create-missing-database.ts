import { DatabaseError } from "pg";
import { withPgClient } from "../lib/with-pg-client.ts";

/** PostgreSQL's error code for a database that does not exist. */
const INVALID_CATALOG_NAME = "3D000";

/** Creates the database of the URL if it does not exist and its server can be reached. */
export async function createMissingDatabase(url: string): Promise<void> {
  if (await exists(url)) return;
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const serverUrl = new URL(url);
  serverUrl.pathname = "/postgres";
  await withPgClient(serverUrl.href, (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`),
  );
}

async function exists(url: string): Promise<boolean> {
  try {
    await withPgClient(url, async () => undefined);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === INVALID_CATALOG_NAME) return false;
    throw error;
  }
}
