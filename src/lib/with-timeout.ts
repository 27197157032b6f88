/** The work did not settle within its timeout. */
export class TimeoutError extends Error {
  override readonly name: string = "TimeoutError";
}

/**
 * Runs `work` and waits at most `timeoutMs` for it. The signal is aborted when the time is up, and also once the work has
 * settled, so that work which listens to it releases what it holds. The timer never outlives the call, and a rejection
 * that comes after the timeout is ignored.
 * @throws what `work` rejects with, or what `toError` returns (a TimeoutError by default) when the time is up
 */
export async function withTimeout<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  toError: () => Error = () => new TimeoutError(`No answer within ${timeoutMs} ms`),
): Promise<T> {
  const controller = new AbortController();
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(toError()), timeoutMs);
  try {
    return await Promise.race([work(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}
