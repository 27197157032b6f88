import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createResultCache, type WorkResult } from "../../src/cache/result-cache.ts";
import { newToken } from "../support/client.ts";

const RESULT: WorkResult = {
  text: "Un resumen.",
  data: null,
  language: "es",
  engine: "openai",
  model: "gpt-4o-mini",
};
const value = JSON.stringify(RESULT);
const colo = (key: string) => `https://cache.invalid/resultado/${key}`;

describe("the result cache", () => {
  it("answers from this data centre first, then from KV, then not at all", async () => {
    const cache = createResultCache(env.CACHE);
    const key = newToken();
    expect(await cache.read(key)).toBeUndefined();
    await cache.write({ key, value, ttlSeconds: 600 });
    expect(await cache.read(key)).toEqual({ result: RESULT, level: "colo" });
    await caches.default.delete(colo(key));
    expect(await cache.read(key)).toEqual({ result: RESULT, level: "kv" });
    await env.CACHE.delete(`resultado/${key}`);
    expect(await cache.read(key)).toBeUndefined();
  });

  it("keeps nothing when the time to live is 0", async () => {
    const cache = createResultCache(env.CACHE);
    const key = newToken();
    await cache.write({ key, value, ttlSeconds: 0 });
    expect(await cache.read(key)).toBeUndefined();
  });

  it("keeps KV's copy as long as it is told, and the data centre's five minutes at most", async () => {
    const key = newToken();
    await createResultCache(env.CACHE).write({ key, value, ttlSeconds: 86_400 });
    const response = await caches.default.match(colo(key));
    expect(response?.headers.get("cache-control")).toBe("max-age=300");
    const { keys } = await env.CACHE.list({ prefix: `resultado/${key}` });
    const inSeconds = (keys[0]?.expiration ?? 0) - Date.now() / 1_000;
    expect(inSeconds).toBeGreaterThan(86_000);
    expect(inSeconds).toBeLessThanOrEqual(86_401);
  });

  it.for(['{"text":"a medias"}', '"otra cosa"', "null", "esto no es JSON", '{"text":1}'])(
    "drops a stored value that is no result: %s",
    async (stored) => {
      const key = newToken();
      await env.CACHE.put(`resultado/${key}`, stored);
      expect(await createResultCache(env.CACHE).read(key)).toBeUndefined();
    },
  );

  it("neither reads nor writes throw when KV is down", async () => {
    let puts = 0;
    const get = (): Promise<never> => Promise.reject(new Error("KV is down"));
    const put = (): Promise<never> => {
      puts += 1;
      return Promise.reject(new Error("KV is down"));
    };
    const cache = createResultCache({ ...env.CACHE, get, put });
    const key = newToken();
    expect(await cache.read(key)).toBeUndefined();
    await cache.write({ key, value, ttlSeconds: 600 });
    expect(puts).toBe(1);
    expect(await cache.read(key)).toMatchObject({ level: "colo" });
  });
});
