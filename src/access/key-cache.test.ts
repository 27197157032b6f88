import { describe, expect, it, vi } from "vitest";
import { KEY_MEMORY_MS, rememberKeys, type Looked } from "./key-cache.ts";
import { NO_LIMITS } from "./principal.ts";
import { principalOf, type KeyState, type Proof } from "./key-state.ts";

const ID = "0123456789abcdef";
const PROOF: Proof = { kind: "secret", client: "cliente", digest: "a".repeat(64) };

const KEY: KeyState = {
  id: ID,
  client: "cliente",
  scopes: ["procesar"],
  chats: null,
  limits: NO_LIMITS,
  secrets: [{ digest: PROOF.digest, generation: 1, endsMs: null }],
  expiresMs: null,
  revoked: false,
};

/** What the object knows, a clock that stands still, and the questions that were put. */
function stage(first: Partial<Looked> = {}) {
  const object: Looked = { key: KEY, allowance: null, refused: false, ...first };
  const state = { nowMs: 1_000_000, object, questions: [] as { uses: number }[] };
  const answers: ((looked: Looked) => void)[] = [];
  const kept: Promise<unknown>[] = [];
  let isSlow = false;
  const memo = rememberKeys(
    async (_id, _proof, uses) => {
      state.questions.push({ uses });
      if (!isSlow) return state.object;
      return await new Promise<Looked>((resolve) => answers.push(resolve));
    },
    () => state.nowMs,
  );
  const find = () => memo.find(ID, PROOF, (work) => void kept.push(work));
  return {
    state,
    memo,
    kept,
    find,
    /** Whether it is let in. */
    opens: async (): Promise<boolean> => {
      const key = await find();
      return key !== null && !key.revoked;
    },
    slow: () => (isSlow = true),
    answerAll: () => answers.splice(0).forEach((answer) => answer(state.object)),
  };
}

describe("a revoked key", () => {
  it("is refused a second after it was revoked, counted from the question and not from its answer", async () => {
    const { state, opens } = stage();
    expect(await opens()).toBe(true);
    const revokedAtMs = state.nowMs;
    state.object = { ...state.object, key: { ...KEY, revoked: true } };
    state.nowMs = revokedAtMs + KEY_MEMORY_MS - 1;
    expect(await opens()).toBe(true);
    state.nowMs = revokedAtMs + KEY_MEMORY_MS;
    expect(await opens()).toBe(false);
    expect(state.questions).toHaveLength(2);
  });

  it("is refused by a question that waited for a second and was put before", async () => {
    const { state, find, opens, slow, answerAll } = stage();
    slow();
    const first = find();
    state.nowMs += KEY_MEMORY_MS;
    const second = opens();
    expect(state.questions).toHaveLength(2);
    state.object = { ...state.object, key: { ...KEY, revoked: true } };
    answerAll();
    await first;
    expect(await second).toBe(false);
  });

  it("is refused at once where it was revoked", async () => {
    const { state, memo, opens } = stage();
    expect(await opens()).toBe(true);
    state.object = { ...state.object, key: { ...KEY, revoked: true } };
    memo.forget(ID);
    expect(await opens()).toBe(false);
  });
});

it("a burst of requests with one key puts one question, and its answer is seen to for all of them", async () => {
  const { state, find, kept, slow, answerAll } = stage();
  slow();
  const burst = Array.from({ length: 50 }, find);
  expect(state.questions).toHaveLength(1);
  expect(kept).toHaveLength(1);
  answerAll();
  for (const found of await Promise.all(burst)) expect(found).toBe(KEY);
  await find();
  expect(state.questions).toHaveLength(1);
});

it("an answer that never comes is a 503 for whoever waits, and the next request asks anew", async () => {
  const { state, find, slow, answerAll } = stage();
  slow();
  vi.useFakeTimers();
  const [refused] = await Promise.allSettled([find(), vi.runAllTimersAsync()]);
  vi.useRealTimers();
  expect(refused).toMatchObject({ reason: { codigo: "acceso_no_disponible" } });
  state.nowMs += KEY_MEMORY_MS;
  const next = find();
  answerAll();
  expect(await next).toBe(KEY);
});

it("a question that fails is a 503, loses no uses, and is not remembered", async () => {
  let fails = false;
  const told: number[] = [];
  let nowMs = 0;
  const memo = rememberKeys(
    async (_id, _proof, uses) => {
      told.push(uses);
      if (fails) throw new Error("away");
      return { key: KEY, allowance: null, refused: false };
    },
    () => nowMs,
  );
  const find = () => memo.find(ID, PROOF, () => undefined);
  await find();
  await find();
  await find();
  nowMs = KEY_MEMORY_MS;
  fails = true;
  await expect(find()).rejects.toMatchObject({ codigo: "acceso_no_disponible" });
  fails = false;
  await find();
  // The object counts the request at hand by itself.
  expect(told).toEqual([0, 2, 2]);
});

describe("limits", () => {
  it("are held between two questions, and the wait is told", async () => {
    const { state, find } = stage({ allowance: { requests: 2, moreAtMs: 1_030_000 } });
    await find();
    await find();
    await find();
    await expect(find()).rejects.toMatchObject({
      codigo: "limite_de_clave",
      retryAfterSeconds: 30,
    });
    expect(state.questions).toHaveLength(1);
  });

  it("that the object finds used up refuse the request that asked", async () => {
    const { find } = stage({ refused: true, allowance: { requests: 0, moreAtMs: 1_000_001 } });
    await expect(find()).rejects.toMatchObject({ codigo: "limite_de_clave", retryAfterSeconds: 1 });
  });

  it("are not used up by a secret that does not open the key", async () => {
    const { memo, find } = stage({ allowance: { requests: 1, moreAtMs: 2_000_000 } });
    await find();
    const wrong: Proof = { ...PROOF, kind: "secret", digest: "b".repeat(64) };
    for (let time = 0; time < 5; time += 1) {
      const key = await memo.find(ID, wrong, () => undefined);
      expect(() => principalOf(key, wrong, 1_000_000)).toThrow("clave");
    }
    expect(await find()).toBe(KEY);
  });
});

it("remembers a bounded number of keys, the ones used last", async () => {
  const asked: string[] = [];
  const memo = rememberKeys(
    async (id) => {
      asked.push(id);
      return { key: null, allowance: null, refused: false };
    },
    () => 0,
  );
  const find = (id: string) => memo.find(id, PROOF, () => undefined);
  for (let number = 0; number < 1_000; number += 1) await find(String(number));
  await find("0");
  await find("otra");
  expect(asked).toHaveLength(1_001);
  await find("0");
  expect(asked).toHaveLength(1_001);
  await find("1");
  expect(asked).toHaveLength(1_002);
});
