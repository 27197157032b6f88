import { epochOf, type PurgeEpochs } from "../cache/purge-epochs.ts";
import { toStored, type CacheEntry, type CacheLevel } from "../cache/result-cache.ts";
import type { Outcome } from "./outcome.ts";
import type { OwnedCommand } from "./run-task.ts";
import { toReply } from "./tasks.schemas.ts";

/** `body` is the answer as the client gets it, to the byte; `toCache` is set when the cache should learn of it. */
export type TaskAnswer = {
  body: string;
  /** Null on a replay: the answer is as old as its first time. */
  cache: CacheLevel | null;
  toCache: CacheEntry | null;
};

export function answerOf(
  outcome: Outcome,
  command: Pick<OwnedCommand, "warnings" | "caching" | "epochs">,
): TaskAnswer {
  return {
    body: JSON.stringify(toReply(outcome, command.warnings)),
    cache: outcome.cache,
    toCache: command.caching.write ? toCacheEntry(outcome, command.epochs) : null,
  };
}

/** Null when the cache has it already, or keeps nothing of this task. */
function toCacheEntry({ work, result, cache }: Outcome, epochs: PurgeEpochs): CacheEntry | null {
  const { key, cacheTtlSeconds: ttlSeconds } = work;
  if (cache === "colo" || cache === "kv" || ttlSeconds === 0) return null;
  const value = toStored(result, epochOf(epochs, work.type));
  return { key, value, ttlSeconds, askedAgain: cache === "chat" };
}
