import { epochOf, type PurgeEpochs } from "../cache/purge-epochs.ts";
import { toStored, type CacheEntry, type CacheLevel } from "../cache/result-cache.ts";
import type { ChatCommand } from "./task-command.ts";
import type { TaskOutcome } from "./task-outcome.ts";
import { toProcesarReply } from "./tasks.schemas.ts";

export type TaskAnswer = {
  /** The response body, exactly as the client gets it. */
  body: string;
  /** Null on a replay: the body names the cache level of the first answer. */
  cache: CacheLevel | null;
  /** The entry that the Worker writes to the cache; null when there is nothing to write. */
  toCache: CacheEntry | null;
};

export function toTaskAnswer(
  outcome: TaskOutcome,
  command: Pick<ChatCommand, "warnings" | "caching" | "epochs">,
): TaskAnswer {
  return {
    body: JSON.stringify(toProcesarReply(outcome, command.warnings)),
    cache: outcome.cache,
    toCache: command.caching.write ? toCacheEntry(outcome, command.epochs) : null,
  };
}

/** Null when the cache holds the result already, or when the task has no cache. */
function toCacheEntry(
  { work, result, cache }: TaskOutcome,
  epochs: PurgeEpochs,
): CacheEntry | null {
  const { key, cacheTtlSeconds: ttlSeconds } = work;
  if (cache === "colo" || cache === "kv" || ttlSeconds === 0) return null;
  const value = toStored(result, epochOf(epochs, work.type));
  return { key, value, ttlSeconds, isRepeated: cache === "chat" };
}
