import type { CacheLevel } from "../cache/result-cache.ts";
import type { ProblemCode, Spending } from "../errors.ts";
import { instantOfId } from "../lib/request-id.ts";
import type { TokenUsage } from "../llm/bill.ts";
import type { HistoryRecord } from "./history-record.ts";
import { removeMask } from "./mask.ts";
import { taskOf } from "./types/registry.ts";
import type { Work } from "./work.ts";
import type { WorkResult } from "./work-result.ts";

/** Who made the request, and whether the history may keep its text and result. */
type TaskCaller = { client: string; chatId: number; keepText: boolean };

/** A request that has its result. */
export type TaskOutcome = {
  requestId: string;
  caller: TaskCaller;
  work: Work;
  /** Holds placeholders when the work has a mask. */
  result: WorkResult;
  cache: CacheLevel;
  attempts: number;
  /** Null when nothing was spent. */
  usage: TokenUsage | null;
  durationMs: number;
};

/** The result as the client gets it, with the personal data that was hidden from the provider. */
export function shownResult({ work, result }: TaskOutcome): WorkResult {
  return work.mask ? removeMask(result, work.text, work.mask) : result;
}

export function toHistoryRecord(outcome: TaskOutcome): HistoryRecord {
  const { work, usage, caller } = outcome;
  const result = shownResult(outcome);
  return {
    ...toIntentRecord(outcome.requestId, caller, work),
    ...(caller.keepText && { output: result.text, data: result.data }),
    language: result.language,
    state: "completada",
    cache: outcome.cache,
    engine: result.engine,
    model: result.model,
    attempts: outcome.attempts,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    costUsd: usage?.costUsd ?? null,
    durationMs: outcome.durationMs,
  };
}

/**
 * What is known before the model is called. It becomes the record of work that a crash interrupted, whose cost is
 * unknown.
 */
export function toIntentRecord(requestId: string, caller: TaskCaller, work: Work): HistoryRecord {
  return {
    requestId,
    client: caller.client,
    chatId: caller.chatId,
    task: work.type,
    text: caller.keepText ? work.text : "",
    output: "",
    data: null,
    options: caller.keepText ? work.options : {},
    language: null,
    state: "interrumpida",
    problem: null,
    cache: "miss",
    cacheKey: work.key,
    engine: work.engine,
    model: work.model,
    promptVersion: taskOf(work.type).version,
    attempts: 1,
    inputTokens: null,
    outputTokens: null,
    costUsd: null,
    durationMs: null,
    at: instantOfId(requestId),
  };
}

/** The record of failed work: it keeps the cost, since the provider may bill a failed call. */
export function toFailureRecord(
  intent: HistoryRecord,
  problem: ProblemCode,
  spent: Spending | undefined,
): HistoryRecord {
  return {
    ...intent,
    state: "fallida",
    problem,
    attempts: spent?.attempts ?? intent.attempts,
    inputTokens: spent?.usage?.inputTokens ?? null,
    outputTokens: spent?.usage?.outputTokens ?? null,
    costUsd: spent?.usage?.costUsd ?? null,
  };
}
