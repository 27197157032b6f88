import type { CacheEntry, CacheLevel } from "../cache/result-cache.ts";
import type { Outcome } from "./outcome.ts";
import { toReply } from "./tasks.schemas.ts";

/** `body` is the answer as the client gets it, to the byte; `toCache` is set when the cache should learn of it. */
export type TaskAnswer = {
  body: string;
  /** Null on a replay: the answer is as old as its first time. */
  cache: CacheLevel | null;
  toCache: CacheEntry | null;
};

export function answerOf(outcome: Outcome, warnings: string[]): TaskAnswer {
  const { work, result, cache } = outcome;
  const known = cache === "colo" || cache === "kv";
  return {
    body: JSON.stringify(toReply(outcome, warnings)),
    cache,
    toCache: known
      ? null
      : { key: work.key, value: JSON.stringify(result), ttlSeconds: work.cacheTtlSeconds },
  };
}
