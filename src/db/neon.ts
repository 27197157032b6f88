import { Client, neon, neonConfig } from "@neondatabase/serverless";
import { drizzle as drizzleHttp } from "drizzle-orm/neon-http";
import { drizzle as drizzleWebSocket } from "drizzle-orm/neon-serverless";
import { withClient } from "./client.ts";
import { withDatabaseTimeout } from "./database-timeout.ts";
import type { Database } from "./database.ts";
import { takeSnapshot } from "./snapshot.ts";

/**
 * PostgreSQL through Neon's driver: one HTTP request per statement, and a WebSocket where a transaction is needed.
 * `proxy` is the address of a self-hosted proxy that speaks Neon's protocol.
 */
export function neonDatabase(connectionString: string, proxy: string | undefined): Database {
  if (proxy !== undefined) configureProxy(new URL(proxy));
  return {
    query: (timeoutMs, work) =>
      withDatabaseTimeout(timeoutMs, (signal) =>
        work(drizzleHttp(neon(connectionString, { fetchOptions: { signal } }))),
      ),
    snapshot: (timeoutMs, work) =>
      withClient(new Client({ connectionString }), timeoutMs, (client) =>
        takeSnapshot(drizzleWebSocket(client), timeoutMs, work),
      ),
  };
}

/** Routes the driver through a self-hosted proxy (https://github.com/neondatabase/wsproxy), for another PostgreSQL. */
function configureProxy({ protocol, host }: URL): void {
  neonConfig.fetchEndpoint = () => `${protocol}//${host}/sql`;
  neonConfig.wsProxy = (server, port) => `${host}/v1?address=${server}:${port}`;
  neonConfig.useSecureWebSocket = protocol === "https:";
  // Only Neon's own servers support pipelining the password and TLS inside the socket.
  neonConfig.pipelineConnect = false;
  neonConfig.pipelineTLS = false;
}
