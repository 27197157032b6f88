import { drizzle } from "drizzle-orm/node-postgres";
import type { Client } from "pg";
import type { Database } from "../../src/db/database.ts";

/** The service's Database on one open connection, inside its open transaction if there is one. Ignores the timeouts. */
export function createClientDatabase(client: Client): Database {
  const db = drizzle(client);
  return {
    query: (_timeoutMs, work) => work(db),
    snapshot: (_timeoutMs, work) => work(db),
  };
}
