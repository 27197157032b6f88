import type { LlmConfig } from "./llm.config.ts";

type RetrySettings = Pick<
  LlmConfig,
  "OPENAI_RETRY_DELAY_BASE" | "OPENAI_RETRY_DELAY_MAX" | "OPENAI_RETRY_JITTER"
>;

/**
 * The wait before the next attempt, in milliseconds. It doubles from the base to the maximum, a share of it (`jitter`)
 * is random (AWS Architecture Blog, "Exponential Backoff and Jitter"), and it is never shorter than `retryAfterMs`.
 *
 * @param attempts made so far, from 1
 * @param random from 0 to 1
 */
export function modelRetryDelayMs(
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
