import { Client, neon, neonConfig } from "@neondatabase/serverless";
import { drizzle as drizzleHttp } from "drizzle-orm/neon-http";
import { drizzle as drizzleWebSocket } from "drizzle-orm/neon-serverless";
import { withClient } from "./client.ts";
import type { Database } from "./database.ts";
import { withinLimit } from "./limit.ts";
import { takeSnapshot } from "./snapshot.ts";

/** Neon's own ways: one HTTP request a statement, and a WebSocket where a transaction is needed. */
export function neonDatabase(connectionString: string, proxy: string | undefined): Database {
  if (proxy !== undefined) goThrough(new URL(proxy));
  return {
    query: (limitMs, work) =>
      withinLimit(limitMs, (signal) =>
        work(drizzleHttp(neon(connectionString, { fetchOptions: { signal } }))),
      ),
    snapshot: (limitMs, work) =>
      withClient(new Client({ connectionString }), limitMs, (client) =>
        takeSnapshot(drizzleWebSocket(client), limitMs, work),
      ),
  };
}

/** A proxy of one's own in front of a PostgreSQL that is not Neon's (https://github.com/neondatabase/wsproxy). */
function goThrough({ protocol, host }: URL): void {
  neonConfig.fetchEndpoint = () => `${protocol}//${host}/sql`;
  neonConfig.wsProxy = (server, port) => `${host}/v1?address=${server}:${port}`;
  neonConfig.useSecureWebSocket = protocol === "https:";
  // Its password pipelining and TLS inside the socket are for Neon's own servers.
  neonConfig.pipelineConnect = false;
  neonConfig.pipelineTLS = false;
}
