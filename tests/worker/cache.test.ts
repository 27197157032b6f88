import { env } from "cloudflare:workers";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { createEpochCache, epochOf, type PurgeEpochs } from "../../src/cache/purge-epochs.ts";
import { createResultCache, toStored, type CacheEntry } from "../../src/cache/result-cache.ts";
import { WorkResult } from "../../src/tasks/work-result.ts";
import { parseConfig, type Config } from "../../src/config.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import { prepareWork, type WorkRequest } from "../../src/tasks/work.ts";
import { call, newChatId, newToken, procesar, type ApiResponse } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { DAY_MS } from "../../src/lib/durations.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const config = parseConfig({ ...env });
const coordinator = coordinatorStub(env, config);

const RESULT: WorkResult = {
  text: "Un resumen.",
  data: null,
  language: "es",
  engine: "openai",
  model: "gpt-4o-mini",
  warnings: [],
  truncated: false,
};
const EPOCH = 3;
const always = async (): Promise<boolean> => true;
const entry = (key: string, changes: Partial<CacheEntry> = {}): CacheEntry => ({
  ...{ key, value: toStored(RESULT, EPOCH), ttlSeconds: 600, isRepeated: false },
  ...changes,
});
const colo = (key: string) => `https://cache.invalid/resultado/${key}`;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("createResultCache", () => {
  it("reads from this data centre first, then from KV, and returns undefined without an entry", async () => {
    const cache = createResultCache(env.CACHE, WorkResult, always);
    const key = newToken();
    expect(await cache.read(key, EPOCH)).toBeUndefined();
    await cache.write(entry(key));
    expect(await cache.read(key, EPOCH)).toEqual({ result: RESULT, level: "colo" });
    await caches.default.delete(colo(key));
    expect(await cache.read(key, EPOCH)).toEqual({ result: RESULT, level: "kv" });
    await env.CACHE.delete(`resultado/${key}`);
    expect(await cache.read(key, EPOCH)).toBeUndefined();
  });

  it("returns no result from before the last purge, at either level", async () => {
    const cache = createResultCache(env.CACHE, WorkResult, always);
    const key = newToken();
    await cache.write(entry(key));
    expect(await cache.read(key, EPOCH + 1)).toBeUndefined();
    expect(await cache.read(key, Promise.resolve(undefined))).toBeUndefined();
  });

  it("keeps the copy in KV for its TTL and the copy in the data centre for five minutes at most", async () => {
    const key = newToken();
    await createResultCache(env.CACHE, WorkResult, always).write(
      entry(key, { ttlSeconds: 86_400 }),
    );
    const response = await caches.default.match(colo(key));
    expect(response?.headers.get("cache-control")).toBe("max-age=300");
    await response?.body?.cancel();
    const { keys } = await env.CACHE.list({ prefix: `resultado/${key}` });
    const inSeconds = (keys[0]?.expiration ?? 0) - Date.now() / 1_000;
    expect(inSeconds).toBeGreaterThan(86_000);
    expect(inSeconds).toBeLessThanOrEqual(86_401);
  });

  it.for([
    '{"epochMs":3,"result":{"text":"a medias"}}',
    JSON.stringify(RESULT),
    '"otra cosa"',
    "null",
    "esto no es JSON",
  ])("drops a stored value that is no result, and logs it: %s", async (stored) => {
    const logged = vi.spyOn(console, "warn");
    const key = newToken();
    await env.CACHE.put(`resultado/${key}`, stored);
    expect(await createResultCache(env.CACHE, WorkResult, always).read(key, EPOCH)).toBeUndefined();
    expect(logged).toHaveBeenCalledTimes(stored === "null" ? 0 : 1);
  });

  it("does not throw when KV is down and still serves the copy of the data centre", async () => {
    let puts = 0;
    const get = (): Promise<never> => Promise.reject(new Error("KV is down"));
    const put = (): Promise<never> => {
      puts += 1;
      return Promise.reject(new Error("KV is down"));
    };
    const cache = createResultCache({ ...env.CACHE, get, put }, WorkResult, always);
    const key = newToken();
    expect(await cache.read(key, EPOCH)).toBeUndefined();
    await cache.write(entry(key));
    expect(puts).toBe(1);
    expect(await cache.read(key, EPOCH)).toMatchObject({ level: "colo" });
  });

  it("works with KV alone when the Cache API does nothing, as on workers.dev", async () => {
    vi.spyOn(caches.default, "match").mockResolvedValue(undefined);
    vi.spyOn(caches.default, "put").mockResolvedValue();
    const cache = createResultCache(env.CACHE, WorkResult, always);
    const key = newToken();
    await cache.write(entry(key));
    expect(await cache.read(key, EPOCH)).toMatchObject({ level: "kv" });
  });

  it("does not write to KV once the budget of the day is spent and still serves the copy of the data centre", async () => {
    const cache = createResultCache(env.CACHE, WorkResult, async () => false);
    const key = newToken();
    await cache.write(entry(key));
    expect(await env.CACHE.get(`resultado/${key}`)).toBeNull();
    expect(await cache.read(key, EPOCH)).toMatchObject({ level: "colo" });
  });
});

it("counts the KV writes of each UTC day in the coordinator", async () => {
  const before = await coordinator.spendKvWrites(0);
  expect(await coordinator.spendKvWrites(5)).toBe(before + 5);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
  expect(await coordinator.spendKvWrites(2)).toBe(2);
});

describe("purge epochs", () => {
  it("asks the coordinator once a minute and knows its own purge at once", async () => {
    let nowMs = 0;
    let lookups = 0;
    const epochs: PurgeEpochs = { all: 0, byTask: {} };
    const purges = createEpochCache(
      {
        read: async () => {
          lookups += 1;
          return { ...epochs };
        },
        purge: async () => {
          epochs.all += 1;
          return { ...epochs };
        },
        forget: async () => 0,
      },
      () => nowMs,
    );
    await purges.read("a");
    nowMs = 59_999;
    await purges.read("a");
    expect(lookups).toBe(1);
    nowMs = 60_000;
    await purges.read("a");
    await purges.read("b");
    expect(lookups).toBe(3);
    await purges.purge("a", null);
    expect((await purges.read("a")).all).toBe(1);
    expect(lookups).toBe(3);
  });

  it("separates the purges of tasks and of clients", async () => {
    const [mine, theirs] = [newToken(), newToken()];
    const first = await coordinator.recordPurge(mine, "resumir");
    expect(epochOf(first, "traducir")).toBe(0);
    const second = await coordinator.recordPurge(mine, null);
    expect(epochOf(second, "resumir")).toBeGreaterThan(epochOf(first, "resumir"));
    expect(epochOf(second, "traducir")).toBe(epochOf(second, "resumir"));
    expect(await coordinator.readPurgeEpochs(theirs)).toEqual({ all: 0, byTask: {} });
  });

  it("makes each purge later than the previous one, even when the clock stands still or goes back", async () => {
    const client = newToken();
    const nowMs = Date.UTC(2050, 0, 1);
    const epochs: number[] = [];
    for (const atMs of [nowMs, nowMs, nowMs - 60_000, nowMs + 1]) {
      vi.useFakeTimers({ toFake: ["Date"], now: atMs });
      epochs.push(epochOf(await coordinator.recordPurge(client, null), "resumir"));
    }
    expect(epochs).toEqual([nowMs, nowMs + 1, nowMs + 2, nowMs + 3]);
  });

  it("forgets a purge once no older result can be cached, and still serves newer results", async () => {
    const [client, key] = [newToken(), newToken()];
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
    const epoch = epochOf(await coordinator.recordPurge(client, null), "resumir");
    vi.useRealTimers();
    const cache = createResultCache(env.CACHE, WorkResult, always);
    await cache.write({ ...entry(key), value: toStored(RESULT, epoch) });

    expect(await coordinator.forgetPurges(Date.UTC(2026, 0, 1))).toBe(0);
    expect(await coordinator.forgetPurges(Date.UTC(2026, 0, 1) + 1)).toBe(1);
    const forgotten = epochOf(await coordinator.readPurgeEpochs(client), "resumir");
    expect(forgotten).toBe(0);
    expect((await cache.read(key, forgotten))?.result).toEqual(RESULT);
    const again = epochOf(await coordinator.recordPurge(client, null), "resumir");
    expect(await cache.read(key, again)).toBeUndefined();
  });
});

describe("POST /api/v1/procesar with the cache", () => {
  const ask = (
    texto: string,
    headers: Record<string, string> = {},
    more: object = {},
  ): Promise<ApiResponse> =>
    procesar({ chat_id: newChatId(), texto, tipo_tarea: "resumir", ...more }, headers);

  it("says in the body and in x-cache where the answer came from", async () => {
    const texto = newToken();
    const first = await ask(texto);
    expect(first.json["cache"]).toBe("miss");
    expect(first.headers.get("x-cache")).toBe("miss");
    await vi.waitFor(async () => {
      const again = await ask(texto);
      expect(again.json["cache"]).toBe("colo");
      expect(again.headers.get("x-cache")).toBe("colo");
    }, 10_000);
  });

  it("does new work with Cache-Control: no-cache and caches the new result", async () => {
    const texto = newToken();
    await model.script(texto, [
      { kind: "ok", text: "El viejo." },
      { kind: "ok", text: "El nuevo." },
    ]);
    const chat_id = newChatId();
    await ask(texto, {}, { chat_id });
    const fresh = await ask(texto, { "cache-control": "no-cache" }, { chat_id });
    expect(fresh.json).toMatchObject({ cache: "bypass", resultado: "El nuevo." });
    expect(fresh.headers.get("x-cache")).toBe("bypass");
    await vi.waitFor(async () => {
      expect((await ask(texto)).json).toMatchObject({ cache: "colo", resultado: "El nuevo." });
    }, 10_000);
    expect((await ask(texto, {}, { chat_id })).json["resultado"]).toBe("El nuevo.");
    expect((await model.calls(texto)).calls).toBe(2);
  });

  it("caches nothing at any level with Cache-Control: no-store", async () => {
    const texto = newToken();
    const chat_id = newChatId();
    await ask(texto, { "cache-control": "no-store" }, { chat_id });
    const again = await ask(texto, { "cache-control": "private, No-Store" }, { chat_id });
    expect(again.json["cache"]).toBe("miss");
    expect((await model.calls(texto)).calls).toBe(2);
  });

  it("serves no result from before DELETE /api/v1/cache, for all tasks or for one", async () => {
    const texto = newToken();
    const chat_id = newChatId();
    const levels = async (): Promise<unknown[]> => [
      (await ask(texto, {}, { chat_id })).json["cache"],
      (await ask(texto, {}, { chat_id, tipo_tarea: "clasificar" })).json["cache"],
    ];
    expect(await levels()).toEqual(["miss", "miss"]);
    await vi.waitFor(async () => expect(await levels()).toEqual(["colo", "colo"]), 10_000);

    const one = await call("/api/v1/cache?tipo_tarea=resumir", undefined, { method: "DELETE" });
    expect(one.json).toMatchObject({ success: true, tipo_tarea: "resumir" });
    expect(await levels()).toEqual(["miss", "colo"]);
    await vi.waitFor(async () => expect(await levels()).toEqual(["colo", "colo"]), 10_000);

    const all = await call("/api/v1/cache", undefined, { method: "DELETE" });
    expect(all.json).toMatchObject({ success: true, tipo_tarea: null });
    expect(await levels()).toEqual(["miss", "miss"]);
  });

  it.for(["?tipo_tarea=nada", "?otra=1"])("refuses to purge %s", async (query) => {
    const { status, json } = await call(`/api/v1/cache${query}`, undefined, { method: "DELETE" });
    expect(status).toBe(400);
    expect(json["code"]).toBe("E202");
  });
});

describe("the cache key", () => {
  const BASE: WorkRequest = {
    client: "principal",
    type: "traducir",
    text: "hola",
    options: {},
    protect: false,
  };
  const NOW_MS = Date.UTC(2026, 4, 14, 9);
  const keyOf = (changes: Partial<WorkRequest>, settings: Partial<Config> = {}): string =>
    prepareWork({ ...config, ...settings }, { ...BASE, ...changes }, NOW_MS).key;

  it("differs between any two requests that are different work", () => {
    const keys = [
      keyOf({}),
      keyOf({ client: "otro" }),
      keyOf({ client: 'principal","traducir' }),
      keyOf({ type: "resumir" }),
      keyOf({ text: "hola " }),
      keyOf({ text: " hola" }),
      keyOf({ text: "Hola" }),
      keyOf({ text: "hola\n" }),
      keyOf({ text: "hola\r\n" }),
      keyOf({ text: 'hola","' }),
      keyOf({ text: "ma\u00f1ana" }),
      keyOf({ text: "man\u0303ana" }),
      keyOf({ text: "\u00a0hola" }),
      keyOf({ text: "ﬁn" }),
      keyOf({ text: "fin" }),
      keyOf({ options: { idioma_destino: "en" } }),
      keyOf({ options: { idioma_destino: "fr" } }),
      keyOf({ options: { glosario: { "a,b": "c" } } }),
      keyOf({ options: { glosario: { a: "b,c" } } }),
      keyOf({ options: { no_traducir: ["a", "b"] } }),
      keyOf({ options: { no_traducir: ["a,b"] } }),
      keyOf({ protect: true }),
      keyOf({}, { OPENAI_MODEL: "gpt-4o" }),
      keyOf({}, { OPENAI_BASE_URL: "https://otro.example/v1" }),
      keyOf({}, { OPENAI_MODEL: 'gpt-4o-mini",{},"hola' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("is equal for the same work with reordered or omitted options", () => {
    const resumir = (options: WorkRequest["options"]): string =>
      keyOf({ type: "resumir", options });
    expect(resumir(undefined)).toBe(resumir({}));
    expect(resumir({ longitud: undefined })).toBe(resumir({}));
    expect(resumir({ longitud: 3, formato: "puntos" })).toBe(
      resumir({ formato: "puntos", longitud: 3 }),
    );
  });

  it("depends on the day and the time zone when the answer does", () => {
    const extraer = (options: WorkRequest["options"], nowMs = NOW_MS): string =>
      prepareWork(config, { ...BASE, type: "extraer", options }, nowMs).key;
    expect(extraer({})).toBe(extraer({}, NOW_MS + 1));
    expect(extraer({})).not.toBe(extraer({}, NOW_MS + DAY_MS));
    expect(extraer({ fecha_referencia: "2026-05-01" })).toBe(
      extraer({ fecha_referencia: "2026-05-01" }, NOW_MS + DAY_MS),
    );
    expect(extraer({})).not.toBe(extraer({ zona_horaria: "America/Bogota" }));
  });

  it("has a TTL of 0 for a task whose cache is disabled", () => {
    const off = { ...config, TRANSLATION_CACHE_TTL: 0 };
    expect(prepareWork(off, BASE, NOW_MS).cacheTtlSeconds).toBe(0);
    expect(prepareWork(off, { ...BASE, type: "resumir" }, NOW_MS).cacheTtlSeconds).toBe(86_400);
  });
});
