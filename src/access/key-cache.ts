import { AppError } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";
import { openedBy, type KeyState, type Proof } from "./key-state.ts";
import { withTimeout } from "../lib/with-timeout.ts";

/** What is left of a key's limits. */
export type Allowance = {
  requests: number;
  /** When there are more, in milliseconds since 1970. */
  moreAtMs: number;
};

/** A key as its object knows it; the key is null where there is none with that id. */
export type Looked = {
  key: KeyState | null;
  /** Null: without limits. */
  allowance: Allowance | null;
  /** The request that it was looked up for is one more than the limits allow. */
  refused: boolean;
};

/**
 * Asks the object that knows the keys. `uses` are requests that were let in before and that it has not heard of; the
 * request at hand is counted with them if its proof opens the key.
 */
export type LookUp = (id: string, proof: Proof, uses: number) => Promise<Looked>;

export type KeyMemo = {
  /**
   * The key, if the proof may open it, counted against its limits. `keepAlive` sees to it that the question is
   * answered for others who wait for it, too.
   * @throws {AppError} limite_de_clave, acceso_no_disponible
   */
  find: (
    id: string,
    proof: Proof,
    keepAlive: (work: Promise<unknown>) => void,
  ) => Promise<KeyState | null>;
  /** Asks anew at the next request. */
  forget: (id: string) => void;
};

/** For how long a key is taken to be as it was: a revoked one is refused everywhere after this time. */
export const KEY_MEMORY_MS = 1_000;
const MAX_KEYS = 1_000;
const LOOK_UP_LIMIT_MS = 2_000;

type Entry = {
  /** When the question was put: its answer is at least as young. */
  askedAtMs: number;
  looked: Looked | undefined;
  asking: Promise<Looked> | undefined;
  /** Requests that were let in and that the object has not heard of. */
  uses: number;
};

/**
 * Remembers keys in this isolate. Requests with one key that come at once put one question. Several isolates share a
 * key's limits without talking to each other: in the second between two questions each may let in what the key had
 * left at its own last question.
 */
export function rememberKeys(lookUp: LookUp, now: () => number): KeyMemo {
  const entries = new Map<string, Entry>();

  const entryOf = (id: string): Entry => {
    const entry = entries.get(id) ?? {
      askedAtMs: Number.NEGATIVE_INFINITY,
      looked: undefined,
      asking: undefined,
      uses: 0,
    };
    // The ones used longest ago come first in the map, and leave it first.
    entries.delete(id);
    const [oldest] = entries.keys();
    if (oldest !== undefined && entries.size >= MAX_KEYS) entries.delete(oldest);
    entries.set(id, entry);
    return entry;
  };

  const ask = (id: string, entry: Entry, proof: Proof): Promise<Looked> => {
    const { uses } = entry;
    entry.askedAtMs = now();
    entry.looked = undefined;
    entry.uses = 0;
    const asking = lookUp(id, proof, uses).then(
      (looked) => {
        if (entry.asking === asking) [entry.looked, entry.asking] = [looked, undefined];
        return looked;
      },
      (error: unknown) => {
        if (entry.asking === asking) entry.asking = undefined;
        entry.uses += uses;
        throw error;
      },
    );
    entry.asking = asking;
    return asking;
  };

  return {
    async find(id, proof, keepAlive) {
      const entry = entryOf(id);
      const isYoung = now() - entry.askedAtMs < KEY_MEMORY_MS;
      if (isYoung && entry.looked) return count(entry, entry.looked, proof, now());
      if (isYoung && entry.asking) {
        return count(entry, await inTime(entry.asking), proof, now());
      }
      const asking = ask(id, entry, proof);
      keepAlive(asking.catch(() => undefined));
      const looked = await inTime(asking);
      if (looked.refused) throw overLimit(looked.allowance, now());
      return looked.key;
    },
    forget: (id) => void entries.delete(id),
  };
}

/** Lets one more request in on what is known already. */
function count(
  entry: Entry,
  { key, allowance }: Looked,
  proof: Proof,
  nowMs: number,
): KeyState | null {
  if (!openedBy(key, proof, nowMs)) return key;
  if (allowance && entry.uses >= allowance.requests) throw overLimit(allowance, nowMs);
  entry.uses += 1;
  return key;
}

function overLimit(allowance: Allowance | null, nowMs: number): AppError {
  const waitMs = Math.max((allowance?.moreAtMs ?? nowMs) - nowMs, 0);
  return new AppError("limite_de_clave", {
    retryAfterSeconds: Math.max(Math.ceil(waitMs / 1_000), 1),
  });
}

/** @throws {AppError} acceso_no_disponible */
async function inTime(asking: Promise<Looked>): Promise<Looked> {
  try {
    return await withTimeout(LOOK_UP_LIMIT_MS, () => asking);
  } catch (error) {
    log.error("key_lookup_failed", describeError(error));
    throw new AppError("acceso_no_disponible", { retryAfterSeconds: 2 });
  }
}
