import { DrizzleQueryError } from "drizzle-orm";
import { TimeoutError, withTimeout } from "../lib/with-timeout.ts";

/** The database did not answer within the limit that its caller gave. */
export class DatabaseTimeout extends TimeoutError {
  override readonly name = "DatabaseTimeout";
}

/**
 * Gives `work` so long and no longer; its signal is aborted at the end.
 * @throws {DatabaseTimeout} when `limitMs` has passed
 */
export async function withinLimit<T>(
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await withTimeout(
      limitMs,
      work,
      () => new DatabaseTimeout(`No answer within ${limitMs} ms`),
    );
  } catch (error) {
    // Its own message holds the whole statement and every parameter: people's texts.
    throw error instanceof DrizzleQueryError ? error.cause : error;
  }
}
