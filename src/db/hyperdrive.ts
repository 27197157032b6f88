import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import type { Database } from "./database.ts";
import { withClient } from "./client.ts";
import { takeSnapshot } from "./snapshot.ts";

/**
 * PostgreSQL through Hyperdrive, which keeps the connections to the server open and pools them by transaction.
 * @throws {Error} from each call of the result, when the HYPERDRIVE binding is missing
 */
export function hyperdriveDatabase(
  hyperdrive: Pick<Hyperdrive, "connectionString"> | undefined,
): Database {
  const createClient = (timeoutMs: number): Client => {
    if (!hyperdrive) throw new Error("There is no HYPERDRIVE binding");
    return new Client({
      connectionString: hyperdrive.connectionString,
      connectionTimeoutMillis: timeoutMs,
    });
  };
  return {
    query: (timeoutMs, work) =>
      withClient(createClient(timeoutMs), timeoutMs, (client) => work(drizzle(client))),
    snapshot: (timeoutMs, work) =>
      withClient(createClient(timeoutMs), timeoutMs, (client) =>
        takeSnapshot(drizzle(client), timeoutMs, work),
      ),
  };
}
