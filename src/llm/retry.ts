import type { Config } from "../config.ts";

type RetrySettings = Pick<
  Config,
  "OPENAI_RETRY_DELAY_BASE" | "OPENAI_RETRY_DELAY_MAX" | "OPENAI_RETRY_JITTER"
>;

/**
 * How long to wait after the given number of attempts: doubles from the base to the maximum, of which the jitter's
 * share is random (AWS Architecture Blog, "Exponential Backoff and Jitter"), and never less than the provider asked.
 */
export function retryDelayMs(
  settings: RetrySettings,
  attempts: number,
  retryAfterMs: number | undefined,
  random: number,
): number {
  const { OPENAI_RETRY_DELAY_BASE, OPENAI_RETRY_DELAY_MAX, OPENAI_RETRY_JITTER } = settings;
  const ceilingMs =
    1_000 * Math.min(OPENAI_RETRY_DELAY_BASE * 2 ** (attempts - 1), OPENAI_RETRY_DELAY_MAX);
  const backoffMs =
    ceilingMs * (1 - OPENAI_RETRY_JITTER) + ceilingMs * OPENAI_RETRY_JITTER * random;
  return Math.max(backoffMs, retryAfterMs ?? 0);
}
