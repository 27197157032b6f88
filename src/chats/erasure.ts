import { MAX_ERASED_KEYS } from "./erase-chat-store.ts";
import type { Services } from "../services.ts";
import type { ChatStore } from "./chat-store.ts";

/** A free account may reach so many services from one invocation, and the rows need one of them. */
const KEYS_AT_ONCE = 40;

/** What was deleted in PostgreSQL; null while it cannot be reached. */
export type ErasedRows = { records: number; cacheKeys: number; wholeCache: boolean };

/**
 * Deletes a chat's rows, and notes which cache entries are to be forgotten: those that its rows tell of, or the
 * client's whole cache when they are too many.
 * @throws {AppError} historial_no_disponible; the erasure stays noted and can be tried again
 */
export async function eraseRows(
  store: ChatStore,
  { erasures, eraseChatRows, purges }: Pick<Services, "erasures" | "eraseChatRows" | "purges">,
): Promise<ErasedRows | null> {
  const erasure = store.pendingErasure();
  if (!erasure) return null;
  const { client, untilMs } = erasure;
  await erasures.note(erasure);
  const { records, cacheKeys } = await eraseChatRows(erasure, new Date(untilMs));
  const wholeCache = cacheKeys.length > MAX_ERASED_KEYS;
  if (wholeCache) await purges.purge(client, null);
  store.finishErasure(wholeCache ? [] : cacheKeys);
  return { records, cacheKeys: store.cacheKeysLeft(), wholeCache };
}

/** Forgets some of the cache entries that are due to be forgotten. @throws what KV throws */
export async function forgetCacheKeys(
  store: ChatStore,
  { cache, now }: Pick<Services, "cache" | "now">,
): Promise<void> {
  await Promise.all(
    store.cacheKeysToForget(KEYS_AT_ONCE, now()).map(async (key) => {
      await cache.forget(key);
      store.forgotCacheKey(key, now());
    }),
  );
}
