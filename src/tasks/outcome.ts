import type { CacheLevel } from "../cache/result-cache.ts";
import type { WorkResult } from "./work-result.ts";
import type { ProblemCode, Spending } from "../errors.ts";
import type { HistoryRecord } from "./history-record.ts";
import { instantOfId } from "../lib/request-id.ts";
import type { TokenUsage } from "../llm/bill.ts";
import type { Work } from "./work.ts";

/** Who asked for a piece of work, and whether the history may keep what was said. */
export type Asker = { client: string; chatId: number; keepText: boolean };

/** A request that was answered. `usage` is null when nothing was spent on it. */
export type Outcome = {
  requestId: string;
  asker: Asker;
  work: Work;
  result: WorkResult;
  cache: CacheLevel;
  attempts: number;
  usage: TokenUsage | null;
  durationMs: number;
};

/** The result as its asker sees it: a mask hides personal data from everybody else. */
export function shownResult({ work, result }: Outcome): WorkResult {
  return work.mask ? work.mask.restore(result) : result;
}

export function recordOf(outcome: Outcome): HistoryRecord {
  const { work, usage, asker } = outcome;
  const result = shownResult(outcome);
  return {
    ...intentRecord(outcome.requestId, asker, work),
    ...(asker.keepText && { output: result.text, data: result.data }),
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

/** What is known before the work is done: the record of work that was cut off, its cost unknown. */
export function intentRecord(requestId: string, asker: Asker, work: Work): HistoryRecord {
  return {
    requestId,
    client: asker.client,
    chatId: asker.chatId,
    task: work.type,
    text: asker.keepText ? work.text : "",
    output: "",
    data: null,
    options: asker.keepText ? work.bound.options : {},
    language: null,
    state: "interrumpida",
    problem: null,
    cache: "miss",
    cacheKey: work.key,
    engine: work.engine,
    model: work.model,
    promptVersion: work.task.version,
    attempts: 1,
    inputTokens: null,
    outputTokens: null,
    costUsd: null,
    durationMs: null,
    at: instantOfId(requestId),
  };
}

/** The record of work that failed: for the accounts, since a failed call may have been billed. */
export function failureRecord(
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
