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

type PresentedCredential = {
  headers?: Record<string, string | null>;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
};

const withKey = (text: string): PresentedCredential => ({ headers: { "x-api-key": text } });
const without = (headers: Record<string, string>): PresentedCredential => ({
  headers: { "x-api-key": null, ...headers },
});
const basic = (text: string): string => `Basic ${btoa(text)}`;
/** Replaces one character by another hexadecimal digit. */
const withWrongDigit = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === "0" ? "1" : "0"}${text.slice(at + 1)}`;

const CREDENTIALS: Record<string, () => PresentedCredential> = {
  "no key": () => without({}),
  "an empty key": () => withKey(""),
  "a wrong key": () => withKey("otra"),
  "API_KEY with one more letter": () => withKey(`${TEST_API_KEY}x`),
  "API_KEY twice in one header": () => withKey(`${TEST_API_KEY}, ${TEST_API_KEY}`),
  "API_KEY without its first letter": () => withKey(TEST_API_KEY.slice(1)),
  "API_KEY without its last letter": () => withKey(TEST_API_KEY.slice(0, -1)),
  "API_KEY in capitals": () => withKey(TEST_API_KEY.toUpperCase()),
  "API_KEY between quotes": () => withKey(`"${TEST_API_KEY}"`),
  "API_KEY with an accent": () => withKey(TEST_API_KEY.replace("e", "é")),
  "a key of 8,000 letters": () => withKey("a".repeat(8_000)),
  "«undefined»": () => withKey("undefined"),
  "«null»": () => withKey("null"),
  "«[object Object]»": () => withKey("[object Object]"),
  "«__proto__»": () => withKey("__proto__"),
  "SQL as the key": () => withKey("' OR '1'='1' --"),
  "API_KEY in the query": () => ({
    ...without({}),
    query: { "x-api-key": TEST_API_KEY, api_key: TEST_API_KEY, key: TEST_API_KEY },
  }),
  "API_KEY in the body": () => ({
    ...without({}),
    body: { "x-api-key": TEST_API_KEY, api_key: TEST_API_KEY, clave: TEST_API_KEY },
  }),
  "API_KEY in a cookie": () => without({ cookie: `x-api-key=${TEST_API_KEY}` }),
  "API_KEY in other headers": () =>
    without({ "api-key": TEST_API_KEY, "x-api-key-": TEST_API_KEY, "x-auth-token": TEST_API_KEY }),
  "Basic with API_KEY as password": () => without({ authorization: basic(`:${TEST_API_KEY}`) }),
  "Basic with API_KEY as user": () => without({ authorization: basic(`${TEST_API_KEY}:`) }),
  "Authorization without a scheme": () => without({ authorization: TEST_API_KEY }),
  "Authorization with another scheme": () => without({ authorization: `Token ${TEST_API_KEY}` }),
  "an empty Bearer": () => without({ authorization: "Bearer " }),
  "two Bearer credentials in one header": () =>
    without({ authorization: `Bearer ${TEST_API_KEY}, Bearer ${TEST_API_KEY}` }),
  "API_KEY and a wrong Bearer": () => ({ headers: { authorization: "Bearer otra" } }),
  "a wrong key and API_KEY as Bearer": () => ({
    headers: { "x-api-key": "otra", authorization: `Bearer ${TEST_API_KEY}` },
  }),
  "a forged key of the right format": () =>
    withKey(`aia_principal_${"0".repeat(16)}_${"0".repeat(64)}`),
  "a key with another secret": () => withKey(withWrongDigit(key.apiKey, key.apiKey.length - 20)),
  "a key with another checksum": () => withKey(withWrongDigit(key.apiKey, key.apiKey.length - 1)),
  "a key with the owner's client name": () =>
    withKey(key.apiKey.replace(`aia_${key.client}_`, "aia_principal_")),
  "a key with another id": () => withKey(withWrongDigit(key.apiKey, key.apiKey.indexOf(key.id))),
  "only the id of a key": () => withKey(key.id),
  "a revoked key": () => withKey(revoked.apiKey),
  "a revoked key as Bearer": () => without({ authorization: `Bearer ${revoked.apiKey}` }),
  "identity headers of a proxy": () =>
    without({
      "x-forwarded-user": "principal",
      "x-authenticated-user": "principal",
      "cf-access-authenticated-user-email": "dueno@ejemplo.com",
      "x-real-ip": "127.0.0.1",
      "x-forwarded-for": "127.0.0.1",
    }),
  "an invalid Cloudflare Access assertion": () => without({ "cf-access-jwt-assertion": "a.b.c" }),
  "a cookie of Cloudflare Access": () => without({ cookie: "CF_Authorization=a.b.c" }),
};

describe.for(Object.entries(CREDENTIALS))("a request with %s", ([, present]) => {
  it("gets the same 401 from every route and has no effect", async () => {
    const untouched = untouchedChat();
    const details = new Set<string>();
    for (const route of routes) {
      const answer = await sendWithCredential(route, untouched, present());
      expectRefused(answer, 401, "no_autenticado");
      details.add(String(answer.json["detail"]));
    }
    expect(details.size).toBe(1);
    await untouched.expectUntouched();
  });

  it("gets the 401 of a known path from an unknown path of the API", async () => {
    const { headers = {} } = present();
    for (const path of ["/api/v1/nada", "/api/v1/claves/x/y/z", "/api/v1/"]) {
      expectRefused(await call(path, undefined, { headers }), 401, "no_autenticado");
    }
  });
});

async function sendWithCredential(
  route: GuardedRoute,
  untouched: ReturnType<typeof untouchedChat>,
  { headers = {}, query = {}, body: extra = {} }: PresentedCredential,
) {
  const request = attackRequest(route, { ...untouched, keyId: key.id });
  const url = new URL(request.path, "https://asistente.test");
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const body = request.body && { ...request.body, ...extra };
  return await call(`${url.pathname}${url.search}`, body, { method: request.method, headers });
}

it("accepts the valid credentials that the attacks are derived from", async () => {
  expect((await key.call("/api/v1/tareas")).status).toBe(200);
  expect((await call("/api/v1/tareas")).status).toBe(200);
  const bearer = { "x-api-key": null, authorization: `Bearer ${TEST_API_KEY}` };
  expect((await call("/api/v1/tareas", undefined, { headers: bearer })).status).toBe(200);
});
