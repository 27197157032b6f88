import { DrizzleQueryError } from "drizzle-orm";

/** The database did not answer within the limit that its caller gave. */
export class DatabaseTimeout extends Error {
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
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DatabaseTimeout(`No answer within ${limitMs} ms`)),
      limitMs,
    );
  });
  const working = work(controller.signal);
  try {
    return await Promise.race([working, limit]);
  } catch (error) {
    // Its own message holds the whole statement and every parameter: people's texts.
    throw error instanceof DrizzleQueryError ? error.cause : error;
  } finally {
    clearTimeout(timer);
    controller.abort();
    working.catch(() => undefined);
  }
}
