import { z } from "zod";
import { describeError, log } from "../lib/log.ts";

/**
 * Where an answer came from: the Cache API of this data centre (`colo`), Workers KV, finished work in the chat object,
 * new work (`miss`), or new work because the request bypassed the cache (`bypass`).
 */
export const CACHE_LEVELS = ["colo", "kv", "chat", "miss", "bypass"] as const;
export type CacheLevel = (typeof CACHE_LEVELS)[number];

/** `epochMs` is the purge epoch in which the result was made. After a later purge the result is not served. */
type StoredResult<Result> = { epochMs: number; result: Result };

export type CacheEntry = {
  key: string;
  /** The stored result as JSON, from `toStored`. */
  value: string;
  ttlSeconds: number;
  /** Whether the result was requested more than once: then it may use the reserved KV writes of the day. */
  isRepeated: boolean;
};

export type CachedResult<Result> = { result: Result; level: "colo" | "kv" };

export type ResultCache<Result> = {
  /**
   * Undefined when the entry is missing, unreadable, purged or has an old shape. The lookup starts before `epoch`
   * resolves.
   */
  read: (
    key: string,
    epoch: number | Promise<number | undefined>,
  ) => Promise<CachedResult<Result> | undefined>;
  /** Never throws. A result that could not be written is paid for again when it is next requested. */
  write: (entry: CacheEntry) => Promise<void>;
  /**
   * Deletes the entry. Copies in other data centres expire within five minutes.
   * @throws when KV is unavailable
   */
  forget: (key: string) => Promise<void>;
};

/** A copy in another data centre cannot be deleted, so copies live five minutes at most. */
const COLO_TTL_SECONDS = 300;

export function toStored(result: unknown, epochMs: number): string {
  return JSON.stringify({ epochMs, result } satisfies StoredResult<unknown>);
}

/**
 * Two levels, read in parallel: the Cache API, then Workers KV. KV is eventually consistent and caches a miss for up to
 * 60 s.
 * @param resultSchema validates what is read
 * @param mayWriteKv limits the KV writes
 */
export function createResultCache<Result>(
  kv: KVNamespace,
  resultSchema: z.ZodType<Result>,
  mayWriteKv: (isRepeated: boolean) => Promise<boolean>,
): ResultCache<Result> {
  const storedSchema: z.ZodType<StoredResult<Result>> = z.strictObject({
    epochMs: z.int(),
    result: resultSchema,
  });
  const readColo = async (key: string): Promise<unknown> => {
    const response = await caches.default.match(coloUrl(key));
    return await response?.json();
  };
  const writeColo = (key: string, value: string, ttlSeconds: number): Promise<void> =>
    caches.default.put(
      coloUrl(key),
      new Response(value, {
        headers: {
          "content-type": "application/json",
          "cache-control": `max-age=${Math.min(ttlSeconds, COLO_TTL_SECONDS)}`,
        },
      }),
    );
  const writeKv = async (entry: CacheEntry): Promise<void> => {
    if (!(await mayWriteKv(entry.isRepeated))) return;
    await kv.put(kvKey(entry.key), entry.value, { expirationTtl: entry.ttlSeconds });
  };

  return {
    async read(key, epoch) {
      const fromKv = attempt("kv_read", () => kv.get(kvKey(key), "json"));
      const fromColo = await attempt("colo_read", () => readColo(key));
      const colo = parseStored(storedSchema, fromColo, await epoch, "colo");
      if (colo) return { result: colo, level: "colo" };
      const stored = parseStored(storedSchema, await fromKv, await epoch, "kv");
      return stored && { result: stored, level: "kv" };
    },
    async write(entry) {
      const { key, value, ttlSeconds } = entry;
      await Promise.all([
        attempt("kv_write", () => writeKv(entry)),
        attempt("colo_write", () => writeColo(key, value, ttlSeconds)),
      ]);
    },
    async forget(key) {
      await Promise.all([
        kv.delete(kvKey(key)),
        attempt("colo_delete", () => caches.default.delete(coloUrl(key))),
      ]);
    },
  };
}

const kvKey = (key: string): string => `resultado/${key}`;

/** The Cache API takes URLs; `.invalid` can never be a real host. */
const coloUrl = (key: string): string => `https://cache.invalid/resultado/${key}`;

async function attempt<T>(operation: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    log.warn("cache_failed", { operation, ...describeError(error) });
    return undefined;
  }
}

/** The result, unless it has another shape or was made before the epoch. */
function parseStored<Result>(
  schema: z.ZodType<StoredResult<Result>>,
  stored: unknown,
  epoch: number | undefined,
  level: CacheLevel,
): Result | undefined {
  if (stored === undefined || stored === null) return undefined;
  const parsed = schema.safeParse(stored);
  if (!parsed.success) {
    log.warn("cached_value_dropped", { level });
    return undefined;
  }
  const isCurrent = epoch !== undefined && parsed.data.epochMs >= epoch;
  return isCurrent ? parsed.data.result : undefined;
}
