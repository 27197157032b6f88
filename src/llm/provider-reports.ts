import type { ProblemCode } from "../errors.ts";
import { didAnswer, type CallOutcome } from "./provider-health.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** Calls to the provider that failed one after the other, over all isolates. */
export type ProviderTrouble = { sinceMs: number; calls: number; problem: ProblemCode };

/** What an isolate saw since it last told. An answer ends the trouble. */
export type ProviderNews =
  | { answered: true }
  | { answered: false; calls: number; problem: ProblemCode };

const FAILURES_EVERY_MS = MINUTE_MS;
const ANSWERS_EVERY_MS = 5 * MINUTE_MS;

/**
 * Tells all isolates' common memory how the provider does: a change at once, more failures at most once a minute, more
 * answers at most once in five. What an isolate had not told when it ended is not counted.
 */
export function createProviderNews(
  tell: (news: ProviderNews) => Promise<void>,
  now: () => number,
): (outcome: CallOutcome) => Promise<void> {
  let last: { answered: boolean; atMs: number } | undefined;
  let untoldFailures = 0;
  return async (outcome) => {
    const answered = didAnswer(outcome);
    if (answered === undefined) return;
    untoldFailures = answered ? 0 : untoldFailures + 1;
    const everyMs = answered ? ANSWERS_EVERY_MS : FAILURES_EVERY_MS;
    const nowMs = now();
    if (last?.answered === answered && nowMs - last.atMs < everyMs) return;

    const calls = untoldFailures;
    [last, untoldFailures] = [{ answered, atMs: nowMs }, 0];
    if (answered) await tell({ answered });
    else if (outcome !== "ok") await tell({ answered, calls, problem: outcome });
  };
}
