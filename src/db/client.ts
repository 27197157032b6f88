import { DrizzleQueryError } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import { log } from "../lib/log.ts";

export type Database = NodePgDatabase;

/** The database did not answer within the limit that its caller gave. */
export class DatabaseTimeout extends Error {
  override readonly name = "DatabaseTimeout";
}

/**
 * Runs `work` on a connection of its own and closes it: workerd forbids sharing sockets between requests, and
 * Hyperdrive does the pooling. Connecting and `work` share one limit; past it a statement may still take effect.
 * @throws {DatabaseTimeout} when `limitMs` has passed, and what PostgreSQL or the connection threw
 */
export async function withDatabase<T>(
  connectionString: string,
  limitMs: number,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: limitMs });
  let closing = false;
  // Without a listener, a socket that closes early would end the whole invocation; at the end it always does.
  client.on("error", (error) => {
    if (!closing) log.warn("database_connection_error", { error: error.message });
  });

  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DatabaseTimeout(`No answer within ${limitMs} ms`)),
      limitMs,
    );
  });
  const running = client.connect().then(() => work(drizzle(client)));
  try {
    return await Promise.race([running, limit]);
  } catch (error) {
    // Its own message holds the whole statement and every parameter: people's texts.
    throw error instanceof DrizzleQueryError ? error.cause : error;
  } finally {
    clearTimeout(timer);
    closing = true;
    // Not awaited: nobody needs the goodbye, and a dead socket would make everyone wait for it.
    client.end().catch(() => undefined);
    running.catch(() => undefined);
  }
}
