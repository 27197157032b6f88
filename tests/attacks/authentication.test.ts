import { beforeAll, describe, expect, it } from "vitest";
import {
  attackRequest,
  expectRefused,
  guardedRoutes,
  untouchedChat,
  type GuardedRoute,
} from "../support/attack.ts";
import { call } from "../support/client.ts";
import { newKey, type TestKey } from "../support/keys.ts";
import { TEST_API_KEY } from "../support/secrets.ts";

const routes = await guardedRoutes();
let key: TestKey;
let revoked: TestKey;
beforeAll(async () => {
  [key, revoked] = await Promise.all([newKey(), newKey()]);
  await call(`/api/v1/claves/${revoked.id}`, undefined, { method: "DELETE" });
});

type Shown = {
  headers?: Record<string, string | null>;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
};

const withKey = (text: string): Shown => ({ headers: { "x-api-key": text } });
const without = (headers: Record<string, string>): Shown => ({
  headers: { "x-api-key": null, ...headers },
});
const basic = (text: string): string => `Basic ${btoa(text)}`;
/** Another character of the same alphabet. */
const spoilt = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === "0" ? "1" : "0"}${text.slice(at + 1)}`;

const CREDENTIALS: Record<string, () => Shown> = {
  "no key": () => without({}),
  "an empty key": () => withKey(""),
  "a wrong key": () => withKey("otra"),
  "the right key and a letter more": () => withKey(`${TEST_API_KEY}x`),
  "the right key twice": () => withKey(`${TEST_API_KEY}, ${TEST_API_KEY}`),
  "the right key without its first letter": () => withKey(TEST_API_KEY.slice(1)),
  "the right key without its last letter": () => withKey(TEST_API_KEY.slice(0, -1)),
  "the right key in capitals": () => withKey(TEST_API_KEY.toUpperCase()),
  "the right key between quotes": () => withKey(`"${TEST_API_KEY}"`),
  "the right key with an accent": () => withKey(TEST_API_KEY.replace("e", "é")),
  "a key of 8,000 letters": () => withKey("a".repeat(8_000)),
  "«undefined»": () => withKey("undefined"),
  "«null»": () => withKey("null"),
  "«[object Object]»": () => withKey("[object Object]"),
  "«__proto__»": () => withKey("__proto__"),
  "a key of SQL": () => withKey("' OR '1'='1' --"),
  "the key in the query": () => ({
    ...without({}),
    query: { "x-api-key": TEST_API_KEY, api_key: TEST_API_KEY, key: TEST_API_KEY },
  }),
  "the key in the body": () => ({
    ...without({}),
    body: { "x-api-key": TEST_API_KEY, api_key: TEST_API_KEY, clave: TEST_API_KEY },
  }),
  "the key in a cookie": () => without({ cookie: `x-api-key=${TEST_API_KEY}` }),
  "the key in other headers": () =>
    without({ "api-key": TEST_API_KEY, "x-api-key-": TEST_API_KEY, "x-auth-token": TEST_API_KEY }),
  "Basic, key as password": () => without({ authorization: basic(`:${TEST_API_KEY}`) }),
  "Basic, key as user": () => without({ authorization: basic(`${TEST_API_KEY}:`) }),
  "the key without a scheme": () => without({ authorization: TEST_API_KEY }),
  "the key under another scheme": () => without({ authorization: `Token ${TEST_API_KEY}` }),
  "an empty Bearer": () => without({ authorization: "Bearer " }),
  "two Bearers": () => without({ authorization: `Bearer ${TEST_API_KEY}, Bearer ${TEST_API_KEY}` }),
  "the right key and a wrong Bearer": () => ({ headers: { authorization: "Bearer otra" } }),
  "a wrong key and the right Bearer": () => ({
    headers: { "x-api-key": "otra", authorization: `Bearer ${TEST_API_KEY}` },
  }),
  "a made-up key of the right form": () =>
    withKey(`aia_principal_${"0".repeat(16)}_${"0".repeat(64)}`),
  "a key with another secret": () => withKey(spoilt(key.apiKey, key.apiKey.length - 20)),
  "a key with another seal": () => withKey(spoilt(key.apiKey, key.apiKey.length - 1)),
  "a key that says to be the owner's": () =>
    withKey(key.apiKey.replace(`aia_${key.client}_`, "aia_principal_")),
  "a key with another id": () => withKey(spoilt(key.apiKey, key.apiKey.indexOf(key.id))),
  "a key's id alone": () => withKey(key.id),
  "a revoked key": () => withKey(revoked.apiKey),
  "a revoked key as Bearer": () => without({ authorization: `Bearer ${revoked.apiKey}` }),
  "what a proxy would say of somebody": () =>
    without({
      "x-forwarded-user": "principal",
      "x-authenticated-user": "principal",
      "cf-access-authenticated-user-email": "dueno@ejemplo.com",
      "x-real-ip": "127.0.0.1",
      "x-forwarded-for": "127.0.0.1",
    }),
  "a sign-in of Cloudflare Access that is none": () =>
    without({ "cf-access-jwt-assertion": "a.b.c" }),
  "a cookie of Cloudflare Access": () => without({ cookie: "CF_Authorization=a.b.c" }),
};

describe.for(Object.entries(CREDENTIALS))("with %s", ([, shown]) => {
  it("no route opens, none tells why, and nothing is done", async () => {
    const untouched = untouchedChat();
    const seen = new Set<string>();
    for (const route of routes) {
      const answer = await knock(route, untouched, shown());
      expectRefused(answer, 401, "no_autenticado");
      seen.add(String(answer.json["detail"]));
    }
    expect(seen.size).toBe(1);
    await untouched.expectUntouched();
  });

  it("a path of the API does not tell whether it exists", async () => {
    const { headers = {} } = shown();
    for (const path of ["/api/v1/nada", "/api/v1/claves/x/y/z", "/api/v1/"]) {
      expectRefused(await call(path, undefined, { headers }), 401, "no_autenticado");
    }
  });
});

async function knock(
  route: GuardedRoute,
  untouched: ReturnType<typeof untouchedChat>,
  { headers = {}, query = {}, body: extra = {} }: Shown,
) {
  const aimed = attackRequest(route, { ...untouched, keyId: key.id });
  const url = new URL(aimed.path, "https://asistente.test");
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const body = aimed.body && { ...aimed.body, ...extra };
  return await call(`${url.pathname}${url.search}`, body, { method: aimed.method, headers });
}

it("the keys that the attacks start from are good", async () => {
  expect((await key.call("/api/v1/tareas")).status).toBe(200);
  expect((await call("/api/v1/tareas")).status).toBe(200);
  const bearer = { "x-api-key": null, authorization: `Bearer ${TEST_API_KEY}` };
  expect((await call("/api/v1/tareas", undefined, { headers: bearer })).status).toBe(200);
});
