import { DrizzleQueryError } from "drizzle-orm";
import { TimeoutError, withTimeout } from "../lib/with-timeout.ts";

/** The database did not answer within the timeout that the caller gave. */
class DatabaseTimeout extends TimeoutError {
  override readonly name = "DatabaseTimeout";
}

/**
 * Runs `work` for at most `timeoutMs`. Its signal is aborted when the time is up and when the work has settled.
 * @throws {DatabaseTimeout} when `timeoutMs` has passed, otherwise what PostgreSQL or the connection threw
 */
export async function withDatabaseTimeout<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await withTimeout(
      timeoutMs,
      work,
      () => new DatabaseTimeout(`No answer within ${timeoutMs} ms`),
    );
  } catch (error) {
    // The message of DrizzleQueryError holds the whole statement with its parameters, which are clients' texts.
    throw error instanceof DrizzleQueryError ? error.cause : error;
  }
}
