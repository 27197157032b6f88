import { z } from "zod";
import { describeError, log } from "../lib/log.ts";

/**
 * Where an answer came from: this data centre, Workers KV, the chat's own finished work, or new work; that was asked
 * for in spite of what might be kept when it is `bypass`.
 */
export const CACHE_LEVELS = ["colo", "kv", "chat", "miss", "bypass"] as const;
export type CacheLevel = (typeof CACHE_LEVELS)[number];

/** `epochMs` is the latest purge when the result was made: after a later purge it is not served. */
type StoredResult<Result> = { epochMs: number; result: Result };

export type CacheEntry = {
  key: string;
  /** A stored result as JSON: `toStored`. */
  value: string;
  ttlSeconds: number;
  /** Whether it was asked for more than once: then it is worth one of the day's last KV writes. */
  askedAgain: boolean;
};

export type CachedResult<Result> = { result: Result; level: "colo" | "kv" };

export type ResultCache<Result> = {
  /**
   * Undefined when it is not there, cannot be read, was purged or no longer fits: for the caller these are the same.
   * What is kept is looked up while the epoch is still on its way.
   */
  read: (
    key: string,
    epoch: number | Promise<number | undefined>,
  ) => Promise<CachedResult<Result> | undefined>;
  /** Never throws: an answer that could not be kept is only paid again one day. */
  write: (entry: CacheEntry) => Promise<void>;
  /** Throws when KV could not be told. Copies in other data centres live for their last minutes. */
  forget: (key: string) => Promise<void>;
};

/** Copies in a data centre cannot be called back, so they live 5 minutes at most. */
const COLO_TTL_SECONDS = 300;

export function toStored(result: unknown, epochMs: number): string {
  return JSON.stringify({ epochMs, result } satisfies StoredResult<unknown>);
}

/**
 * Cache API over Workers KV, both asked at once. KV is eventually consistent and remembers a miss for up to 60 s.
 * `resultSchema` checks what is read. `mayWriteKv` rations the writes, of which a free account has few.
 */
export function createResultCache<Result>(
  kv: KVNamespace,
  resultSchema: z.ZodType<Result>,
  mayWriteKv: (askedAgain: boolean) => Promise<boolean>,
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
    if (!(await mayWriteKv(entry.askedAgain))) return;
    await kv.put(kvKey(entry.key), entry.value, { expirationTtl: entry.ttlSeconds });
  };

  return {
    async read(key, epoch) {
      const fromKv = attempt("kv_read", () => kv.get(kvKey(key), "json"));
      const fromColo = await attempt("colo_read", () => readColo(key));
      const colo = fitting(storedSchema, fromColo, await epoch, "colo");
      if (colo) return { result: colo, level: "colo" };
      const stored = fitting(storedSchema, await fromKv, await epoch, "kv");
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

/** The Cache API wants a URL; `.invalid` can never be a real host. */
const coloUrl = (key: string): string => `https://cache.invalid/resultado/${key}`;

async function attempt<T>(operation: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    log.warn("cache_failed", { operation, ...describeError(error) });
    return undefined;
  }
}

function fitting<Result>(
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
