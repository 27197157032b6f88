import type { ChatErasure } from "../history/chat-erasure.ts";
import { describeError, log } from "../lib/log.ts";
import type { ChatDisk } from "./chat-disk.ts";
import { MAX_ERASED_KEYS, type DeleteChatRows } from "./erase-chat-store.ts";

/** The free plan allows 50 requests to other services in one invocation; erasing the rows needs some of them. */
const KEYS_PER_ROUND = 40;

/** What an erasure deleted outside the object. */
export type ErasureCounts = {
  records: number;
  /** Cache entries that are deleted by their key; none when the client's whole cache was purged. */
  cacheKeys: number;
  wholeCache: boolean;
};

export type ChatEraserServices = {
  deleteChatRows: DeleteChatRows;
  /** Records the erasure outside PostgreSQL, for as long as a backup may contain the chat. Idempotent. */
  erasures: { note: (erasure: ChatErasure) => Promise<void> };
  purges: { purge: (client: string, task: null) => Promise<unknown> };
  cache: { forget: (key: string) => Promise<void> };
  now: () => number;
};

/**
 * Deletes a chat everywhere: on its own disk at once, then in PostgreSQL and in the cache, with retries by the alarm.
 */
export class ChatEraser {
  readonly #disk: ChatDisk;
  readonly #services: ChatEraserServices;
  readonly #waitForDeliveries: () => Promise<void>;
  #erasedUntilMs: number;

  /** `waitForDeliveries` resolves when no delivery of records is running. */
  constructor(
    disk: ChatDisk,
    services: ChatEraserServices,
    waitForDeliveries: () => Promise<void>,
  ) {
    this.#disk = disk;
    this.#services = services;
    this.#waitForDeliveries = waitForDeliveries;
    this.#erasedUntilMs = disk.erasures.erasedUntilMs();
  }

  /** Null when PostgreSQL, the coordinator or KV failed: `resume` finishes the erasure. */
  async erase(client: string, chatId: number): Promise<ErasureCounts | null> {
    this.#erasedUntilMs = this.#services.now();
    const waiting = this.#disk.erase({ client, chatId, untilMs: this.#erasedUntilMs });
    const erased = await this.resume();
    return erased && { ...erased, records: erased.records + waiting };
  }

  /** Finishes the last erasure. Never rejects. Null when no rows were left, or when it failed. */
  async resume(): Promise<ErasureCounts | null> {
    try {
      // Records of a running delivery must have arrived in PostgreSQL before they are deleted there.
      await this.#waitForDeliveries();
      const erased = await this.#eraseRows();
      await this.#deleteCacheEntries();
      return erased;
    } catch (error) {
      log.warn("erasure_not_finished", describeError(error));
      return null;
    }
  }

  /** Whether the record of a request of that time must be dropped. */
  isErased(at: Date): boolean {
    return at.getTime() <= this.#erasedUntilMs;
  }

  isDue(): boolean {
    return this.hasRowsLeft() || this.nextCacheEntryMs() <= this.#services.now();
  }

  hasRowsLeft(): boolean {
    return this.#disk.erasures.pending() !== undefined;
  }

  /** When the next cache entry must be deleted; Infinity when there is none. */
  nextCacheEntryMs(): number {
    return this.#disk.erasures.nextKeyDueMs();
  }

  async #eraseRows(): Promise<ErasureCounts | null> {
    const { deleteChatRows, erasures, purges } = this.#services;
    const erasure = this.#disk.erasures.pending();
    if (!erasure) return null;
    await erasures.note(erasure);
    const { records, cacheKeys } = await deleteChatRows(erasure, new Date(erasure.untilMs));
    const wholeCache = cacheKeys.length > MAX_ERASED_KEYS;
    if (wholeCache) await purges.purge(erasure.client, null);
    this.#disk.erasures.finishRows(wholeCache ? [] : cacheKeys);
    return { records, cacheKeys: this.#disk.erasures.keysLeft(), wholeCache };
  }

  async #deleteCacheEntries(): Promise<void> {
    const { cache, now } = this.#services;
    const keys = this.#disk.erasures.dueKeys(KEYS_PER_ROUND, now());
    await Promise.all(
      keys.map(async (key) => {
        await cache.forget(key);
        this.#disk.erasures.noteDeleted(key, now());
      }),
    );
  }
}
