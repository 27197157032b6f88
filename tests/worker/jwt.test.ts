import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  SignJWT,
  UnsecuredJWT,
  type JWTPayload,
} from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { AppError } from "../../src/errors.ts";
import { parseConfig } from "../../src/config.ts";
import { call, newChatId } from "../support/client.ts";
import { callerWithToken, newKey } from "../support/keys.ts";
import {
  TEST_API_KEY,
  TEST_JWT_SECRET,
  TEST_PREVIOUS_JWT_SECRET,
  TEST_PEPPER,
} from "../support/secrets.ts";

const TOKEN_PATH = "/api/v1/auth/token";
const config = parseConfig({ ...env });
const bytes = (secret: string): Uint8Array => new TextEncoder().encode(secret);

type Caller = (path: string, body: unknown) => ReturnType<typeof call>;

async function requestToken(caller: Caller, body: Record<string, unknown> = {}): Promise<string> {
  const { status, text, json } = await caller(TOKEN_PATH, body);
  if (status !== 200) throw new Error(text);
  return String(json["token"]);
}

const statusOf = async (token: string, path = "/api/v1/tareas"): Promise<number> =>
  (await callerWithToken(token)(path)).status;

/** Returns the status of GET /api/v1/tareas from a Worker with other settings. */
async function statusWithSettings(
  settings: Partial<typeof config>,
  headers: Record<string, string>,
) {
  const context = createExecutionContext();
  const response = await createApp({ config: { ...config, ...settings } }).fetch(
    new Request("https://asistente.test/api/v1/tareas", { headers }),
    env,
    context,
  );
  await response.body?.cancel();
  await waitOnExecutionContext(context);
  return response.status;
}

afterEach(() => void vi.useRealTimers());
const setClock = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: ms });

describe("a token", () => {
  it("gives access to the same routes as its key, and states its type, duration and permissions", async () => {
    const key = await newKey({ permisos: ["procesar"] });
    const { json } = await key.call(TOKEN_PATH, {});
    expect(json).toMatchObject({
      tipo: "Bearer",
      duracion_segundos: 900,
      permisos: ["procesar"],
      chats: null,
    });
    const token = String(json["token"]);
    expect(await statusOf(token)).toBe(200);
    expect(await statusOf(token, "/api/v1/claves")).toBe(403);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "HS256", typ: "at+jwt" });
    expect(decodeJwt(token)).toMatchObject({
      iss: "asistente-ia",
      aud: "asistente-ia/api",
      sub: key.client,
      clave: key.id,
    });
  });

  it("acts for the client of its key", async () => {
    const key = await newKey();
    const token = callerWithToken(await requestToken(key.call));
    const chat_id = newChatId();
    await token("/api/v1/procesar", { chat_id, texto: "Hola, Ana.", tipo_tarea: "resumir" });
    expect((await key.call("/api/v1/consultar", { chat_id })).json["total"]).toBe(1);
  });

  it("can be narrower than its key, never wider", async () => {
    const chat = newChatId();
    const key = await newKey({ permisos: ["procesar", "historial"], chats: [chat, -7] });
    const narrow = callerWithToken(
      await requestToken(key.call, { permisos: ["historial"], chats: [-7] }),
    );
    expect((await narrow("/api/v1/tareas")).status).toBe(403);
    expect((await narrow("/api/v1/consultar", { chat_id: -7 })).status).toBe(200);
    expect((await narrow("/api/v1/consultar", { chat_id: chat })).json["codigo"]).toBe(
      "chat_no_permitido",
    );
    for (const body of [{ permisos: ["admin"] }, { chats: [chat + 1] }, { chats: null }]) {
      const { status, json } = await key.call(TOKEN_PATH, body);
      expect(status).toBe(403);
      expect(json["codigo"]).toBe("permiso_insuficiente");
    }
    for (const body of [{ duracion_segundos: 3_601 }, { duracion_segundos: 1 }, { permisos: [] }])
      expect((await key.call(TOKEN_PATH, body)).status).toBe(400);
  });

  it("loses the permissions that its key loses", async () => {
    const key = await newKey({ permisos: ["procesar", "historial"] });
    const token = await requestToken(key.call);
    await call(`/api/v1/claves/${key.id}`, { permisos: ["historial"] }, { method: "PATCH" });
    expect(await statusOf(token)).toBe(403);
  });

  it("expires after its duration, and not later than its key", async () => {
    const startMs = Date.now();
    const key = await newKey({ caduca: new Date(startMs + 60_000).toISOString() });
    const { json } = await key.call(TOKEN_PATH, { duracion_segundos: 3_600 });
    expect(Date.parse(String(json["caduca"]))).toBeLessThanOrEqual(startMs + 60_000);
    const long = await requestToken((await newKey()).call, { duracion_segundos: 120 });
    expect(await statusOf(long)).toBe(200);
    setClock(startMs + 60_000);
    expect(await statusOf(String(json["token"]))).toBe(401);
    expect(await statusOf(long)).toBe(200);
    setClock(startMs + 190_000);
    expect(await statusOf(long)).toBe(401);
  });

  it("becomes invalid when its key is revoked and when the secret it was issued for is dropped", async () => {
    const [revoked, rotated] = [await newKey(), await newKey()];
    const [one, other] = [await requestToken(revoked.call), await requestToken(rotated.call)];
    expect([await statusOf(one), await statusOf(other)]).toEqual([200, 200]);
    await call(`/api/v1/claves/${revoked.id}`, undefined, { method: "DELETE" });
    await call(`/api/v1/claves/${rotated.id}/rotar`, { gracia_segundos: 60 });
    expect([await statusOf(one), await statusOf(other)]).toEqual([401, 200]);
    await call(`/api/v1/claves/${rotated.id}/rotar`, { gracia_segundos: 60 });
    expect(await statusOf(other)).toBe(401);
  });

  it("cannot be exchanged for another token, and keys created with it expire before it does", async () => {
    const token = callerWithToken(await requestToken(call));
    const refused = await token(TOKEN_PATH, {});
    expect(refused.status).toBe(403);
    const body = { nombre: "hija", permisos: ["procesar"] };
    expect((await token("/api/v1/claves", body)).status).toBe(403);
    const caduca = new Date(Date.now() + 5 * 60_000).toISOString();
    expect((await token("/api/v1/claves", { ...body, caduca })).status).toBe(200);
  });

  it("becomes invalid when API_KEY changes, if it is a token of the owner", async () => {
    const authorization = `Bearer ${await requestToken(call)}`;
    expect(await statusWithSettings({}, { authorization })).toBe(200);
    expect(
      await statusWithSettings({ API_KEY: "otra-clave-del-propietario" }, { authorization }),
    ).toBe(401);
  });

  it("stays valid under JWT_SECRET_ANTERIOR, until that setting is removed", async () => {
    const authorization = `Bearer ${await requestToken(call)}`;
    const rotated = { JWT_SECRET: "n".repeat(40), JWT_SECRET_ANTERIOR: TEST_JWT_SECRET };
    expect(await statusWithSettings(rotated, { authorization })).toBe(200);
    expect(
      await statusWithSettings({ ...rotated, JWT_SECRET_ANTERIOR: undefined }, { authorization }),
    ).toBe(401);
  });

  it("gets 503 naming the missing setting: JWT_SECRET for tokens, KEYS_PEPPER for keys", async () => {
    for (const [path, body, setting] of [
      [TOKEN_PATH, {}, "JWT_SECRET"],
      ["/api/v1/claves", { nombre: "x", permisos: ["procesar"] }, "KEYS_PEPPER"],
    ] as const) {
      const context = createExecutionContext();
      const response = await createApp({ config: { ...config, [setting]: undefined } }).fetch(
        new Request(`https://asistente.test${path}`, {
          method: "POST",
          headers: { "x-api-key": TEST_API_KEY, "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
        env,
        context,
      );
      expect(response.status).toBe(503);
      const problem: Record<string, unknown> = await response.json();
      expect(problem["codigo"]).toBe("falta_ajuste");
      expect(problem["mensaje"]).toContain(setting);
    }
    const key = await newKey();
    expect(await statusWithSettings({ KEYS_PEPPER: undefined }, { "x-api-key": key.apiKey })).toBe(
      401,
    );
  });
});

describe("a forged token", () => {
  /** A valid token with its header and claims, as the material of the forgeries. */
  async function createValidToken() {
    const key = await newKey();
    const token = await requestToken(key.call);
    return { key, token, header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  }
  type ValidToken = Awaited<ReturnType<typeof createValidToken>>;
  const sign = (
    header: Record<string, unknown>,
    claims: JWTPayload,
    secret: string = TEST_JWT_SECRET,
  ): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: "HS256", ...header }).sign(bytes(secret));
  const without = (claims: JWTPayload, name: string): JWTPayload =>
    Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name));
  /** Signs any header and claims, including those that jose refuses to sign. */
  async function signRaw(header: object, claims: object): Promise<string> {
    const input = [header, claims].map((part) => base64url.encode(JSON.stringify(part))).join(".");
    const key = await crypto.subtle.importKey(
      "raw",
      bytes(TEST_JWT_SECRET),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const signature = await crypto.subtle.sign("HMAC", key, bytes(input));
    return `${input}.${base64url.encode(new Uint8Array(signature))}`;
  }

  it("is signed correctly by the helpers of this test, so each forgery fails for its own change", async () => {
    const { header, claims } = await createValidToken();
    expect(await statusOf(await sign(header, claims))).toBe(200);
    expect(await statusOf(await signRaw(header, claims))).toBe(200);
  });

  const forgeries: Record<string, (valid: ValidToken) => Promise<string> | string> = {
    "alg none": ({ claims }) => new UnsecuredJWT(claims).encode(),
    "alg none in mixed case": ({ header, claims }) =>
      `${base64url.encode(JSON.stringify({ ...header, alg: "nOnE" }))}.${base64url.encode(JSON.stringify(claims))}.`,
    "no signature": ({ token }) => `${token.split(".").slice(0, 2).join(".")}.`,
    "another alg of the same family": ({ header, claims }) =>
      sign({ ...header, alg: "HS512" }, claims),
    "another secret": ({ header, claims }) => sign(header, claims, "x".repeat(40)),
    "the pepper as the secret": ({ header, claims }) => sign(header, claims, TEST_PEPPER),
    "API_KEY as the secret": ({ header, claims }) => sign(header, claims, TEST_API_KEY),
    "the previous secret under the current kid": ({ header, claims }) =>
      sign(header, claims, TEST_PREVIOUS_JWT_SECRET),
    "no kid": ({ header, claims }) => sign({ typ: header.typ }, claims),
    "an unknown kid": ({ header, claims }) => sign({ ...header, kid: "../../dev/null" }, claims),
    "no typ": ({ header, claims }) => sign({ kid: header.kid }, claims),
    "another typ": ({ header, claims }) => sign({ ...header, typ: "JWT" }, claims),
    jku: ({ header, claims }) => sign({ ...header, jku: "https://127.0.0.1/jwks" }, claims),
    x5u: ({ header, claims }) => sign({ ...header, x5u: "https://127.0.0.1/cert" }, claims),
    x5c: ({ header, claims }) => sign({ ...header, x5c: ["MIIB"] }, claims),
    "an embedded key": ({ header, claims }) =>
      sign({ ...header, jwk: { kty: "oct", k: base64url.encode(TEST_JWT_SECRET) } }, claims),
    crit: ({ header, claims }) => signRaw({ ...header, crit: ["exp"], exp: 1 }, claims),
    "crit b64": ({ header, claims }) => signRaw({ ...header, crit: ["b64"], b64: true }, claims),
    "no exp": ({ header, claims }) => sign(header, without(claims, "exp")),
    "no iss": ({ header, claims }) => sign(header, without(claims, "iss")),
    "no aud": ({ header, claims }) => sign(header, without(claims, "aud")),
    "no sub": ({ header, claims }) => sign(header, without(claims, "sub")),
    "no iat": ({ header, claims }) => sign(header, without(claims, "iat")),
    "exp in the past": ({ header, claims }) =>
      sign(header, { ...claims, exp: Date.now() / 1_000 - 61 }),
    "exp as a string": ({ header, claims }) =>
      signRaw(header, { ...claims, exp: String(claims.exp) }),
    "nbf in the future": ({ header, claims }) =>
      sign(header, { ...claims, nbf: Math.floor(Date.now() / 1_000) + 120 }),
    "another issuer": ({ header, claims }) => sign(header, { ...claims, iss: "otro" }),
    "another audience": ({ header, claims }) => sign(header, { ...claims, aud: "otro" }),
    "another client": ({ header, claims }) => sign(header, { ...claims, sub: "principal" }),
    "another key": ({ header, claims }) => sign(header, { ...claims, clave: "0123456789abcdef" }),
    "the owner, without a key": ({ header, claims }) =>
      sign(header, { ...claims, sub: "principal", clave: null }),
    "a later version of its key": ({ header, claims }) => sign(header, { ...claims, version: 2 }),
    "an unknown permission": ({ header, claims }) =>
      sign(header, { ...claims, permisos: ["todo"] }),
    "a header changed after signing": ({ token, header }) =>
      [
        base64url.encode(JSON.stringify({ ...header, alg: "HS256", x: 1 })),
        ...token.split(".").slice(1),
      ].join("."),
    "claims changed after signing": ({ token, claims }) => {
      const [head, , signature] = token.split(".");
      return `${head}.${base64url.encode(JSON.stringify({ ...claims, permisos: ["admin"] }))}.${signature}`;
    },
    "a shortened signature": ({ token }) => token.slice(0, -4),
    "parts that are not JSON": () => "e30.eyJ.e30",
    "empty parts": () => "..",
    "five parts": ({ token }) => `${token}.x.y`,
  };

  it.for(Object.entries(forgeries))("is rejected: %s", async ([, forge]) => {
    const token = await forge(await createValidToken());
    const { status, json } = await callerWithToken(token)("/api/v1/tareas");
    expect(status).toBe(401);
    expect(json["mensaje"]).toBe(new AppError("no_autenticado").message);
  });

  it("is rejected as an API key too", async () => {
    const { token } = await createValidToken();
    expect(
      (await call("/api/v1/tareas", undefined, { headers: { "x-api-key": token } })).status,
    ).toBe(401);
  });

  it("is accepted when it is signed with the previous secret under that secret's kid", async () => {
    const { header, claims } = await createValidToken();
    const authorization = `Bearer ${await sign(header, claims)}`;
    expect(
      await statusWithSettings(
        { JWT_SECRET: TEST_PREVIOUS_JWT_SECRET, JWT_SECRET_ANTERIOR: TEST_JWT_SECRET },
        { authorization },
      ),
    ).toBe(200);
  });
});
