import { sql } from "drizzle-orm";
import type { Queries } from "./database.ts";

/** Runs reads in one read-only, repeatable-read transaction. PostgreSQL cancels each statement after `timeoutMs`. */
export async function takeSnapshot<T>(
  db: Queries,
  timeoutMs: number,
  work: (db: Queries) => Promise<T>,
): Promise<T> {
  return await db.transaction(
    async (transaction) => {
      await transaction.execute(sql.raw(`SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`));
      return await work(transaction);
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}
