import type { ProblemCode } from "../errors.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { didAnswer, type CallOutcome } from "./provider-health.ts";

/** Consecutive failed calls to the provider, over all isolates. */
export type ProviderTrouble = { sinceMs: number; calls: number; problem: ProblemCode };

/** What one isolate observed since its last report. An answered call ends the trouble. */
export type ProviderReport =
  | { answered: true }
  | { answered: false; calls: number; problem: ProblemCode };

const FAILURE_REPORT_INTERVAL_MS = MINUTE_MS;
const ANSWER_REPORT_INTERVAL_MS = 5 * MINUTE_MS;

/**
 * Creates the function that takes the outcome of every call and reports it to the coordinator: a change at once, further
 * failures at most once a minute, further answers at most once in five minutes. Failures that an isolate has not
 * reported when it ends are lost.
 */
export function createProviderReporter(
  send: (report: ProviderReport) => Promise<void>,
  now: () => number,
): (outcome: CallOutcome) => Promise<void> {
  let last: { answered: boolean; atMs: number } | undefined;
  let unreportedFailures = 0;
  return async (outcome) => {
    const answered = didAnswer(outcome);
    if (answered === undefined) return;
    unreportedFailures = answered ? 0 : unreportedFailures + 1;
    const intervalMs = answered ? ANSWER_REPORT_INTERVAL_MS : FAILURE_REPORT_INTERVAL_MS;
    const nowMs = now();
    if (last?.answered === answered && nowMs - last.atMs < intervalMs) return;

    const calls = unreportedFailures;
    [last, unreportedFailures] = [{ answered, atMs: nowMs }, 0];
    if (answered) await send({ answered });
    else if (outcome !== "ok") await send({ answered, calls, problem: outcome });
  };
}
