import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { Config } from "../config.ts";
import { hyperdriveDatabase } from "./hyperdrive.ts";
import { neonDatabase } from "./neon.ts";

/** What statements are written with, whichever driver carries them. */
export type Queries = PgDatabase<PgQueryResultHKT>;

/**
 * PostgreSQL. Each call has a connection of its own, since workerd forbids sharing sockets between requests, and is
 * bounded in time: connecting and `work` share the limit, and past it a statement may still take effect. Both throw
 * DatabaseTimeout when `limitMs` has passed, and else what PostgreSQL or the connection threw.
 */
export type Database = {
  /** Statements that need not agree with each other. */
  query: <T>(limitMs: number, work: (db: Queries) => Promise<T>) => Promise<T>;
  /** Reads that all see the same moment. PostgreSQL itself gives up a statement that nobody waits for any more. */
  snapshot: <T>(limitMs: number, work: (db: Queries) => Promise<T>) => Promise<T>;
};

export function createDatabase(config: Config, hyperdrive: Hyperdrive | undefined): Database {
  switch (config.DATABASE_DRIVER) {
    case "neon":
      return neonDatabase(config.DATABASE_URL ?? "", config.NEON_PROXY);
    case "hyperdrive":
      return hyperdriveDatabase(hyperdrive);
  }
}
