import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import type { Database } from "./database.ts";
import { withClient } from "./client.ts";
import { takeSnapshot } from "./snapshot.ts";

/** Through Hyperdrive, which keeps the connections to the server open and pools them by transaction. */
export function hyperdriveDatabase(
  hyperdrive: Pick<Hyperdrive, "connectionString"> | undefined,
): Database {
  const connect = (limitMs: number): Client => {
    if (!hyperdrive) throw new Error("There is no HYPERDRIVE binding");
    return new Client({
      connectionString: hyperdrive.connectionString,
      connectionTimeoutMillis: limitMs,
    });
  };
  return {
    query: (limitMs, work) =>
      withClient(connect(limitMs), limitMs, (client) => work(drizzle(client))),
    snapshot: (limitMs, work) =>
      withClient(connect(limitMs), limitMs, (client) =>
        takeSnapshot(drizzle(client), limitMs, work),
      ),
  };
}
