import { z } from "zod";
import { describeError, log } from "../lib/log.ts";

/** Where an answer came from: this data centre, Workers KV, the chat's own finished work, or new work. */
export const CACHE_LEVELS = ["colo", "kv", "chat", "miss"] as const;
export type CacheLevel = (typeof CACHE_LEVELS)[number];

/** What one piece of work gave: all that another request for the same work needs. */
export const WorkResult = z.strictObject({
  text: z.string(),
  data: z.record(z.string(), z.unknown()).nullable(),
  language: z.string().nullable(),
  engine: z.enum(["openai", "local"]),
  model: z.string().nullable(),
});
export type WorkResult = z.infer<typeof WorkResult>;

/** `value` is a WorkResult as JSON. */
export type CacheEntry = { key: string; value: string; ttlSeconds: number };

export type CachedResult = { result: WorkResult; level: "colo" | "kv" };

export type ResultCache = {
  /** Undefined when it is not there, cannot be read or no longer fits: for the caller these are the same. */
  read: (key: string) => Promise<CachedResult | undefined>;
  /** Never throws: an answer that could not be kept is only paid again one day. */
  write: (entry: CacheEntry) => Promise<void>;
};

/** Copies in a data centre cannot be called back, so they live 5 minutes at most. */
const COLO_TTL_SECONDS = 300;

/** Cache API over Workers KV. KV is eventually consistent and remembers a miss for up to 60 s. */
export function createResultCache(kv: KVNamespace): ResultCache {
  return {
    async read(key) {
      const colo = await attempt("colo_read", async () => {
        const response = await caches.default.match(coloUrl(key));
        return await response?.json();
      });
      const fromColo = fitting(colo, "colo");
      if (fromColo) return { result: fromColo, level: "colo" };

      const stored = fitting(await attempt("kv_read", () => kv.get(kvKey(key), "json")), "kv");
      return stored && { result: stored, level: "kv" };
    },
    async write({ key, value, ttlSeconds }) {
      if (ttlSeconds === 0) return;
      await Promise.all([
        attempt("kv_write", () => kv.put(kvKey(key), value, { expirationTtl: ttlSeconds })),
        attempt("colo_write", () =>
          caches.default.put(
            coloUrl(key),
            new Response(value, {
              headers: {
                "content-type": "application/json",
                "cache-control": `max-age=${Math.min(ttlSeconds, COLO_TTL_SECONDS)}`,
              },
            }),
          ),
        ),
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

function fitting(stored: unknown, level: string): WorkResult | undefined {
  if (stored === undefined || stored === null) return undefined;
  const parsed = WorkResult.safeParse(stored);
  if (!parsed.success) log.warn("cached_value_dropped", { level });
  return parsed.data;
}
