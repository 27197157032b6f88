import { describe, expect, it, vi } from "vitest";
import { createKeyCache, KEY_CACHE_TTL_MS, type KeyLookup } from "./key-cache.ts";
import { toPrincipal, type KeyProof, type KeyState } from "./key-state.ts";
import { NO_LIMITS } from "./principal.ts";

const ID = "0123456789abcdef";
const PROOF: KeyProof = { kind: "secret", client: "cliente", digest: "a".repeat(64) };

const KEY: KeyState = {
  id: ID,
  client: "cliente",
  scopes: ["procesar"],
  chats: null,
  limits: NO_LIMITS,
  secrets: [{ digest: PROOF.digest, generation: 1, endsMs: null }],
  expiresMs: null,
  isRevoked: false,
};
const REVOKED_KEY: KeyState = { ...KEY, isRevoked: true };

/** A cache over a fake access object, with a clock that only moves when the test moves it. */
function createTestCache(initial: Partial<KeyLookup> = {}) {
  const lookup: KeyLookup = { key: KEY, allowance: null, isOverLimit: false, ...initial };
  const state = { nowMs: 1_000_000, lookup, lookups: [] as { uses: number }[] };
  const pendingAnswers: ((lookup: KeyLookup) => void)[] = [];
  const keptAlive: Promise<unknown>[] = [];
  let isHeld = false;
  const cache = createKeyCache(
    async (_id, _proof, uses) => {
      state.lookups.push({ uses });
      if (!isHeld) return state.lookup;
      return await new Promise<KeyLookup>((resolve) => pendingAnswers.push(resolve));
    },
    () => state.nowMs,
  );
  const find = () => cache.find(ID, PROOF, (work) => void keptAlive.push(work));
  return {
    state,
    cache,
    keptAlive,
    find,
    isAdmitted: async (): Promise<boolean> => {
      const key = await find();
      return key !== null && !key.isRevoked;
    },
    /** From now on, lookups wait for `answerAll`. */
    holdAnswers: () => (isHeld = true),
    answerAll: () => pendingAnswers.splice(0).forEach((answer) => answer(state.lookup)),
  };
}

describe("a revoked key", () => {
  it("is refused one TTL after its last lookup started", async () => {
    const { state, isAdmitted } = createTestCache();
    expect(await isAdmitted()).toBe(true);
    const revokedAtMs = state.nowMs;
    state.lookup = { ...state.lookup, key: REVOKED_KEY };
    state.nowMs = revokedAtMs + KEY_CACHE_TTL_MS - 1;
    expect(await isAdmitted()).toBe(true);
    state.nowMs = revokedAtMs + KEY_CACHE_TTL_MS;
    expect(await isAdmitted()).toBe(false);
    expect(state.lookups).toHaveLength(2);
  });

  it("is refused by a second lookup when the first one is still pending after the TTL", async () => {
    const { state, find, isAdmitted, holdAnswers, answerAll } = createTestCache();
    holdAnswers();
    const first = find();
    state.nowMs += KEY_CACHE_TTL_MS;
    const second = isAdmitted();
    expect(state.lookups).toHaveLength(2);
    state.lookup = { ...state.lookup, key: REVOKED_KEY };
    answerAll();
    await first;
    expect(await second).toBe(false);
  });

  it("is refused at once in the isolate that forgets it", async () => {
    const { state, cache, isAdmitted } = createTestCache();
    expect(await isAdmitted()).toBe(true);
    state.lookup = { ...state.lookup, key: REVOKED_KEY };
    cache.forget(ID);
    expect(await isAdmitted()).toBe(false);
  });
});

describe("a lookup", () => {
  it("is shared by concurrent requests with one key and kept alive for all of them", async () => {
    const { state, find, keptAlive, holdAnswers, answerAll } = createTestCache();
    holdAnswers();
    const burst = Array.from({ length: 50 }, find);
    expect(state.lookups).toHaveLength(1);
    expect(keptAlive).toHaveLength(1);
    answerAll();
    for (const key of await Promise.all(burst)) expect(key).toBe(KEY);
    await find();
    expect(state.lookups).toHaveLength(1);
  });

  it("fails with 503 when no answer arrives in time, and the next request looks the key up again", async () => {
    const { state, find, holdAnswers, answerAll } = createTestCache();
    holdAnswers();
    vi.useFakeTimers();
    const [refused] = await Promise.allSettled([find(), vi.runAllTimersAsync()]);
    vi.useRealTimers();
    expect(refused).toMatchObject({ reason: { codigo: "acceso_no_disponible" } });
    state.nowMs += KEY_CACHE_TTL_MS;
    const next = find();
    answerAll();
    expect(await next).toBe(KEY);
  });

  it("fails with 503 when the access object fails, keeps the unreported uses and is not cached", async () => {
    let fails = false;
    const reportedUses: number[] = [];
    let nowMs = 0;
    const cache = createKeyCache(
      async (_id, _proof, uses) => {
        reportedUses.push(uses);
        if (fails) throw new Error("away");
        return { key: KEY, allowance: null, isOverLimit: false };
      },
      () => nowMs,
    );
    const find = () => cache.find(ID, PROOF, () => undefined);
    await find();
    await find();
    await find();
    nowMs = KEY_CACHE_TTL_MS;
    fails = true;
    await expect(find()).rejects.toMatchObject({ codigo: "acceso_no_disponible" });
    fails = false;
    await find();
    // The access object counts the request that causes the lookup by itself.
    expect(reportedUses).toEqual([0, 2, 2]);
  });
});

describe("limits", () => {
  it("refuses requests between two lookups once the allowance is used up, with the seconds to wait", async () => {
    const { state, find } = createTestCache({ allowance: { requests: 2, renewsAtMs: 1_030_000 } });
    await find();
    await find();
    await find();
    await expect(find()).rejects.toMatchObject({
      codigo: "limite_de_clave",
      retryAfterSeconds: 30,
    });
    expect(state.lookups).toHaveLength(1);
  });

  it("refuses the request that caused the lookup when the access object finds the limits exceeded", async () => {
    const { find } = createTestCache({
      isOverLimit: true,
      allowance: { requests: 0, renewsAtMs: 1_000_001 },
    });
    await expect(find()).rejects.toMatchObject({ codigo: "limite_de_clave", retryAfterSeconds: 1 });
  });

  it("does not count requests whose proof does not match the key", async () => {
    const { cache, find } = createTestCache({ allowance: { requests: 1, renewsAtMs: 2_000_000 } });
    await find();
    const wrong: KeyProof = { ...PROOF, kind: "secret", digest: "b".repeat(64) };
    for (let time = 0; time < 5; time += 1) {
      const key = await cache.find(ID, wrong, () => undefined);
      expect(() => toPrincipal(key, wrong, 1_000_000)).toThrow("clave");
    }
    expect(await find()).toBe(KEY);
  });
});

it("caches at most 1,000 keys and drops the least recently used one", async () => {
  const lookedUp: string[] = [];
  const cache = createKeyCache(
    async (id) => {
      lookedUp.push(id);
      return { key: null, allowance: null, isOverLimit: false };
    },
    () => 0,
  );
  const find = (id: string) => cache.find(id, PROOF, () => undefined);
  for (let number = 0; number < 1_000; number += 1) await find(String(number));
  await find("0");
  await find("otra");
  expect(lookedUp).toHaveLength(1_001);
  await find("0");
  expect(lookedUp).toHaveLength(1_001);
  await find("1");
  expect(lookedUp).toHaveLength(1_002);
});
