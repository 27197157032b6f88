import { setTimeout as wait } from "node:timers/promises";

/** Checks a condition every `pollMs` until it holds. False if it does not hold before the timeout. */
export async function waitUntil(
  isDone: () => boolean | Promise<boolean>,
  { timeoutMs, pollMs }: { timeoutMs: number; pollMs: number },
): Promise<boolean> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await isDone())) {
    if (Date.now() > deadlineMs) return false;
    await wait(pollMs);
  }
  return true;
}
