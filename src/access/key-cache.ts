import { AppError } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";
import { withTimeout } from "../lib/with-timeout.ts";
import { matchingSecret, type KeyProof, type KeyState } from "./key-state.ts";
import type { Allowance } from "./key-usage.ts";

/** The access object's answer about a key. */
export type KeyLookup = {
  /** Null: no key has that id. */
  key: KeyState | null;
  /** Null: the key has no limits. */
  allowance: Allowance | null;
  /** Whether the request that caused the lookup exceeds the key's limits. */
  isOverLimit: boolean;
};

/**
 * Looks a key up in the access object. `uses` counts earlier requests that this isolate admitted and has not reported
 * yet. The object also counts the request that caused the lookup when its proof matches the key.
 */
export type LookUpKey = (id: string, proof: KeyProof, uses: number) => Promise<KeyLookup>;

export type KeyCache = {
  /**
   * Returns the key and counts the request against its limits when the proof matches. Null: no key has that id.
   * `keepAlive` must keep the invocation running until its promise settles, because other requests share the lookup.
   * @throws {AppError} limite_de_clave, acceso_no_disponible
   */
  find: (
    id: string,
    proof: KeyProof,
    keepAlive: (work: Promise<unknown>) => void,
  ) => Promise<KeyState | null>;
  /** Drops the key, so that the next request looks it up. */
  forget: (id: string) => void;
};

/** How long a looked-up key is used without another lookup. A revoked key is refused everywhere after this time. */
export const KEY_CACHE_TTL_MS = 1_000;
const MAX_CACHED_KEYS = 1_000;
const LOOK_UP_TIMEOUT_MS = 2_000;

type Entry = {
  /** When the last lookup started: its result is at least as recent. */
  lookedUpAtMs: number;
  lookup: KeyLookup | undefined;
  pendingLookup: Promise<KeyLookup> | undefined;
  /** Admitted requests that the access object does not know about yet. */
  unreportedUses: number;
};

/**
 * Caches keys in this isolate. Concurrent requests with one key share one lookup. Isolates do not coordinate their
 * counts: in the second between two lookups, each may admit as many requests as the key had left at its last lookup.
 */
export function createKeyCache(lookUpKey: LookUpKey, now: () => number): KeyCache {
  const entries = new Map<string, Entry>();

  const getEntry = (id: string): Entry => {
    const entry = entries.get(id) ?? {
      lookedUpAtMs: Number.NEGATIVE_INFINITY,
      lookup: undefined,
      pendingLookup: undefined,
      unreportedUses: 0,
    };
    // Re-inserted at the end, so that the first entry of the map is the least recently used one.
    entries.delete(id);
    const [oldest] = entries.keys();
    if (oldest !== undefined && entries.size >= MAX_CACHED_KEYS) entries.delete(oldest);
    entries.set(id, entry);
    return entry;
  };

  const startLookup = (id: string, entry: Entry, proof: KeyProof): Promise<KeyLookup> => {
    const uses = entry.unreportedUses;
    entry.lookedUpAtMs = now();
    entry.lookup = undefined;
    entry.unreportedUses = 0;
    const pending = lookUpKey(id, proof, uses).then(
      (lookup) => {
        if (entry.pendingLookup === pending) {
          [entry.lookup, entry.pendingLookup] = [lookup, undefined];
        }
        return lookup;
      },
      (error: unknown) => {
        if (entry.pendingLookup === pending) entry.pendingLookup = undefined;
        entry.unreportedUses += uses;
        throw error;
      },
    );
    entry.pendingLookup = pending;
    return pending;
  };

  return {
    async find(id, proof, keepAlive) {
      const entry = getEntry(id);
      const isFresh = now() - entry.lookedUpAtMs < KEY_CACHE_TTL_MS;
      if (isFresh && entry.lookup) return countUse(entry, entry.lookup, proof, now());
      if (isFresh && entry.pendingLookup) {
        return countUse(entry, await mapToAccessUnavailable(entry.pendingLookup), proof, now());
      }
      const pending = startLookup(id, entry, proof);
      keepAlive(pending.catch(() => undefined));
      const lookup = await mapToAccessUnavailable(pending);
      if (lookup.isOverLimit) throw overLimit(lookup.allowance, now());
      return lookup.key;
    },
    forget: (id) => void entries.delete(id),
  };
}

/** Counts a request that is answered from the cache, when its proof matches. @throws {AppError} limite_de_clave */
function countUse(
  entry: Entry,
  { key, allowance }: KeyLookup,
  proof: KeyProof,
  nowMs: number,
): KeyState | null {
  if (!matchingSecret(key, proof, nowMs)) return key;
  if (allowance && entry.unreportedUses >= allowance.requests) throw overLimit(allowance, nowMs);
  entry.unreportedUses += 1;
  return key;
}

function overLimit(allowance: Allowance | null, nowMs: number): AppError {
  const waitMs = Math.max((allowance?.renewsAtMs ?? nowMs) - nowMs, 0);
  return new AppError("limite_de_clave", {
    retryAfterSeconds: Math.max(Math.ceil(waitMs / 1_000), 1),
  });
}

/** @throws {AppError} acceso_no_disponible when the lookup fails or takes longer than LOOK_UP_TIMEOUT_MS */
async function mapToAccessUnavailable(pending: Promise<KeyLookup>): Promise<KeyLookup> {
  try {
    return await withTimeout(LOOK_UP_TIMEOUT_MS, () => pending);
  } catch (error) {
    log.error("key_lookup_failed", describeError(error));
    throw new AppError("acceso_no_disponible", { retryAfterSeconds: 2 });
  }
}
