import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";

/** The drizzle query builder, whichever driver carries the statements. */
export type Queries = PgDatabase<PgQueryResultHKT>;

/**
 * PostgreSQL. Each call opens and closes its own connection, because workerd forbids sharing sockets between requests.
 * `timeoutMs` covers the connection and `work` together; a statement that was sent before the timeout may still take
 * effect. Both methods throw DatabaseTimeout after `timeoutMs`, otherwise what PostgreSQL or the connection threw.
 */
export type Database = {
  /** Runs statements that do not need one consistent snapshot. */
  query: <T>(timeoutMs: number, work: (db: Queries) => Promise<T>) => Promise<T>;
  /**
   * Runs reads in one snapshot (repeatable read, read only). PostgreSQL cancels a statement that outlives `timeoutMs`.
   */
  snapshot: <T>(timeoutMs: number, work: (db: Queries) => Promise<T>) => Promise<T>;
};
