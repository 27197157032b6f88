import { sql } from "drizzle-orm";
import type { Queries } from "./database.ts";

/** Runs reads in one read-only transaction that PostgreSQL itself bounds in time. */
export async function takeSnapshot<T>(
  db: Queries,
  limitMs: number,
  work: (db: Queries) => Promise<T>,
): Promise<T> {
  return await db.transaction(
    async (transaction) => {
      await transaction.execute(sql.raw(`SET LOCAL statement_timeout = ${Math.ceil(limitMs)}`));
      return await work(transaction);
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}
