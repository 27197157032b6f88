import { createHmac } from "node:crypto";
import { base64url, decodeJwt, decodeProtectedHeader } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { AppError } from "../../src/errors.ts";
import { expectRefused, untouchedChat } from "../support/attack.ts";
import { call, type ApiResponse } from "../support/client.ts";
import { callerWith, callerWithToken, newKey, type TestKey } from "../support/keys.ts";
import {
  TEST_API_KEY,
  TEST_JWT_SECRET,
  TEST_PREVIOUS_JWT_SECRET,
  TEST_PEPPER,
} from "../support/secrets.ts";

type JsonObject = Record<string, unknown>;
type TokenParts = { header: JsonObject; payload: JsonObject; signature: string };

const encode = (text: string): string => base64url.encode(text);
const toPart = (value: unknown): string => encode(JSON.stringify(value));
const HASHES: Record<string, string> = { HS256: "sha256", HS384: "sha384", HS512: "sha512" };

function sign(header: unknown, payload: unknown, secret: string, alg = "HS256"): string {
  const signed = `${toPart(header)}.${toPart(payload)}`;
  return `${signed}.${hmac(signed, secret, alg)}`;
}

const hmac = (signed: string, secret: string, alg = "HS256"): string =>
  createHmac(HASHES[alg] ?? "", secret)
    .update(signed)
    .digest("base64url");

function read(token: string): TokenParts {
  const signature = token.slice(token.lastIndexOf(".") + 1);
  return { header: { ...decodeProtectedHeader(token) }, payload: decodeJwt(token), signature };
}

let key: TestKey;
let other: TestKey;
/** A valid token of a key with one permission and one chat, and its parts. */
let validToken: string;
let parts: TokenParts;
/** The parts of a valid token of the owner. */
let ownerParts: TokenParts;
const CHAT = -77;
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

const requestToken = async (caller: TestKey["call"]): Promise<string> =>
  String((await caller("/api/v1/auth/token", {})).json["token"]);

beforeAll(async () => {
  [key, other] = await Promise.all([
    newKey({ permisos: ["procesar"], chats: [CHAT] }),
    newKey({ permisos: ["procesar"] }),
  ]);
  validToken = await requestToken(key.call);
  parts = read(validToken);
  ownerParts = read(await requestToken(callerWith(TEST_API_KEY)));
});

/** Changes the valid token and signs it with the right secret, as only a holder of the secret could. */
const resigned = (
  header: JsonObject = {},
  payload: JsonObject = {},
  secret = TEST_JWT_SECRET,
): string => sign({ ...parts.header, ...header }, { ...parts.payload, ...payload }, secret);
const withoutClaim = (claim: string): string => {
  const { [claim]: _, ...payload } = parts.payload;
  return sign(parts.header, payload, TEST_JWT_SECRET);
};
const withHeader = (header: JsonObject, secret = TEST_JWT_SECRET, alg = "HS256"): string =>
  sign({ ...parts.header, ...header }, parts.payload, secret, alg);
const unsigned = (alg: string): string =>
  `${toPart({ ...parts.header, alg })}.${toPart(parts.payload)}.`;
const otherLetter = (letter: string | undefined): string => (letter === "A" ? "B" : "A");

const FORGERIES: Record<string, () => string> = {
  "alg none, without a signature": () => unsigned("none"),
  "alg None": () => unsigned("None"),
  "alg nOnE": () => unsigned("nOnE"),
  "alg empty": () => unsigned(""),
  "alg none with the valid signature": () => `${unsigned("none")}${parts.signature}`,
  "alg none with two parts": () => unsigned("none").slice(0, -1),
  "alg RS256 over the shared secret": () => withHeader({ alg: "RS256" }),
  "alg ES256": () => withHeader({ alg: "ES256" }),
  "alg PS256": () => withHeader({ alg: "PS256" }),
  "alg EdDSA": () => withHeader({ alg: "EdDSA" }),
  "alg HS384, well signed": () => withHeader({ alg: "HS384" }, TEST_JWT_SECRET, "HS384"),
  "alg HS512, well signed": () => withHeader({ alg: "HS512" }, TEST_JWT_SECRET, "HS512"),
  "alg hs256 in lower case": () => withHeader({ alg: "hs256" }),
  "alg as a list": () => withHeader({ alg: ["HS256"] }),
  "no alg": () => withHeader({ alg: undefined }),
  "signed with an empty secret": () => withHeader({}, ""),
  "signed with «secret»": () => withHeader({}, "secret"),
  "signed with its own kid": () => withHeader({}, String(parts.header["kid"])),
  "signed with an API key": () => withHeader({}, key.apiKey),
  "signed with API_KEY": () => withHeader({}, TEST_API_KEY),
  "signed with the pepper": () => withHeader({}, TEST_PEPPER),
  "signed with the previous secret under the current kid": () =>
    withHeader({}, TEST_PREVIOUS_JWT_SECRET),
  "without its signature": () => validToken.slice(0, validToken.lastIndexOf(".") + 1),
  "with a shortened signature": () => validToken.slice(0, -4),
  "with the signature of another token": () =>
    `${validToken.slice(0, validToken.lastIndexOf("."))}.${ownerParts.signature}`,
  "with one letter of the signature changed": () => {
    const at = validToken.lastIndexOf(".") + 5;
    return validToken.slice(0, at) + otherLetter(validToken[at]) + validToken.slice(at + 1);
  },
  "with a changed payload under the same signature": () =>
    `${toPart(parts.header)}.${toPart({ ...parts.payload, chats: null })}.${parts.signature}`,
  "with more permissions under the same signature": () =>
    `${toPart(parts.header)}.${toPart({ ...parts.payload, permisos: ["admin"] })}.${parts.signature}`,
  "no kid": () => withHeader({ kid: undefined }),
  "an unknown kid": () => withHeader({ kid: "0".repeat(16) }),
  "a kid with a file path": () => withHeader({ kid: "../../../../dev/null" }, ""),
  "a kid with SQL": () => withHeader({ kid: "x' UNION SELECT 'secret" }, "secret"),
  "a kid with a shell command": () => withHeader({ kid: "|id" }, "secret"),
  "a kid named like an object property": () => withHeader({ kid: "constructor" }, "secret"),
  "a kid that is a list": () => withHeader({ kid: [parts.header["kid"]] }),
  "a kid that is a number": () => withHeader({ kid: 0 }),
  jku: () => withHeader({ jku: "https://malo.example/jwks.json" }),
  x5u: () => withHeader({ x5u: "https://malo.example/cert.pem" }),
  x5c: () => withHeader({ x5c: ["MIIB"] }),
  "an embedded key (jwk)": () =>
    withHeader({ jwk: { kty: "oct", k: encode("secret"), alg: "HS256" } }, "secret"),
  "an embedded key with the right signature": () =>
    withHeader({ jwk: { kty: "oct", k: encode("secret") } }),
  "crit exp": () => withHeader({ crit: ["exp"] }),
  "crit with an unknown extension": () => withHeader({ crit: ["nuevo"], nuevo: true }),
  "b64 false": () => {
    const header = toPart({ ...parts.header, b64: false, crit: ["b64"] });
    const payload = JSON.stringify(parts.payload).replaceAll(".", "");
    return `${header}.${payload}.${hmac(`${header}.${payload}`, TEST_JWT_SECRET)}`;
  },
  "zip DEF": () => withHeader({ zip: "DEF" }),
  "nested in another token": () =>
    sign({ ...parts.header, cty: "JWT" }, validToken, TEST_JWT_SECRET),
  "typ JWT": () => withHeader({ typ: "JWT" }),
  "no typ": () => withHeader({ typ: undefined }),
  "a header that is a list": () => sign([parts.header], parts.payload, TEST_JWT_SECRET),
  "a header that is not JSON": () => `${encode("{alg:HS256}")}.${toPart(parts.payload)}.AAAA`,
  expired: () => resigned({}, { exp: nowSeconds() - 61 }),
  "expired in 1970": () => resigned({}, { exp: 0 }),
  "an exp that is a string": () => resigned({}, { exp: "9999999999" }),
  "an exp out of range": () =>
    resigned({}, { exp: 0 }).replace(/\..*\./, `.${encode('{"exp":1e999}')}.`),
  "not yet valid (nbf)": () => resigned({}, { nbf: nowSeconds() + 120 }),
  "an nbf that is a string": () => resigned({}, { nbf: "0" }),
  "no exp": () => withoutClaim("exp"),
  "no iss": () => withoutClaim("iss"),
  "no aud": () => withoutClaim("aud"),
  "no sub": () => withoutClaim("sub"),
  "no iat": () => withoutClaim("iat"),
  "no clave": () => withoutClaim("clave"),
  "no version": () => withoutClaim("version"),
  "no permisos": () => withoutClaim("permisos"),
  "no chats": () => withoutClaim("chats"),
  "another issuer": () => resigned({}, { iss: "asistente-ia.malo" }),
  "a list of issuers": () => resigned({}, { iss: ["asistente-ia"] }),
  "another audience": () => resigned({}, { aud: "asistente-ia/otra" }),
  "an empty audience": () => resigned({}, { aud: [] }),
  "another client as subject": () => resigned({}, { sub: other.client }),
  "the owner as subject": () => resigned({}, { sub: "principal" }),
  "an empty subject": () => resigned({}, { sub: "" }),
  "a subject that is a list": () => resigned({}, { sub: [key.client] }),
  "another key, of another client": () => resigned({}, { clave: other.id }),
  "a key that does not exist": () => resigned({}, { clave: "0".repeat(16) }),
  "a key id named like an object property": () => resigned({}, { clave: "__proto__" }),
  "another version of its key": () => resigned({}, { version: 99 }),
  "the owner without the fingerprint": () =>
    resigned({}, { sub: "principal", clave: null, version: null }),
  "the owner with a forged fingerprint": () =>
    resigned({}, { sub: "principal", clave: null, version: null, huella: "0".repeat(64) }),
  "the owner's fingerprint for another client": () =>
    resigned({}, { clave: null, version: null, huella: ownerParts.payload["huella"] }),
  "permissions that do not exist": () => resigned({}, { permisos: ["todo"] }),
  "permissions that are a string": () => resigned({}, { permisos: "admin" }),
  "chats that are a string": () => resigned({}, { chats: "*" }),
  "a payload that is a list": () => sign(parts.header, [parts.payload], TEST_JWT_SECRET),
  "a payload that is null": () => sign(parts.header, null, TEST_JWT_SECRET),
  "a payload that is not JSON": () => {
    const signed = `${toPart(parts.header)}.${encode("hola")}`;
    return `${signed}.${hmac(signed, TEST_JWT_SECRET)}`;
  },
  "four parts": () => `${validToken}.${parts.signature}`,
  "five parts, like an encrypted token": () => `${toPart({ alg: "dir", enc: "A256GCM" })}....`,
  "two signatures in the JSON serialization": () =>
    toPart({
      payload: toPart(parts.payload),
      signatures: [
        { protected: toPart({ alg: "none" }), signature: "" },
        { protected: toPart(parts.header), signature: parts.signature },
      ],
    }),
  "in the flattened JSON serialization": () =>
    JSON.stringify({ payload: toPart(parts.payload), signature: parts.signature }),
  "padded with =": () => `${validToken}==`,
  "in standard base64": () => validToken.replaceAll("-", "+").replaceAll("_", "/") + "+",
  "of 100,000 letters": () => resigned({}, { relleno: "a".repeat(100_000) }).slice(0, -1),
  "three dots": () => "...",
  "two dots": () => "..",
};

/**
 * Sends the one task that the token's key may execute, so that only the token itself can be the reason for a refusal.
 */
async function sendTask(token: string): Promise<ApiResponse> {
  const untouched = untouchedChat();
  const headers = { "x-api-key": null, authorization: `Bearer ${token}` };
  const answer = await call("/api/v1/procesar", { ...untouched.task, chat_id: CHAT }, { headers });
  if (answer.status !== 200) await untouched.expectUntouched();
  return answer;
}

it("accepts the token that the forgeries are derived from, and the same token signed again", async () => {
  for (const token of [validToken, resigned()]) expect((await sendTask(token)).status).toBe(200);
});

describe("a token", () => {
  it.for(Object.entries(FORGERIES))(
    "gets the usual 401 and has no effect when it is forged: %s",
    async ([, forge]) => {
      const answer = await sendTask(forge());
      expectRefused(answer, 401, "no_autenticado");
      expect(answer.json["detail"]).toBe(new AppError("no_autenticado").message);
    },
  );

  it("is not accepted as a key, in a cookie or in the query", async () => {
    for (const headers of [
      { "x-api-key": validToken },
      { "x-api-key": null, cookie: `token=${validToken}` },
    ]) {
      expectRefused(await call("/api/v1/tareas", undefined, { headers }), 401, "no_autenticado");
    }
    const inQuery = await call(`/api/v1/tareas?access_token=${validToken}`, undefined, {
      headers: { "x-api-key": null },
    });
    expectRefused(inQuery, 401, "no_autenticado");
  });

  it("never exceeds the permissions of its key, regardless of its signed claims", async () => {
    const wide = callerWithToken(
      resigned({}, { permisos: ["procesar", "historial", "admin"], chats: null }),
    );
    const untouched = untouchedChat();
    expectRefused(await wide("/api/v1/claves"), 403, "permiso_insuficiente");
    expectRefused(await wide("/api/v1/procesar", untouched.task), 403, "chat_no_permitido");
    const history = await wide("/api/v1/consultar", { chat_id: CHAT });
    expectRefused(history, 403, "permiso_insuficiente");
    await untouched.expectUntouched();
  });

  it("cannot be exchanged for another token, and cannot have more permissions than its key", async () => {
    const again = await callerWithToken(validToken)("/api/v1/auth/token", {});
    expectRefused(again, 403, "permiso_insuficiente");
    for (const body of [{ permisos: ["admin"] }, { chats: null }, { chats: [CHAT, 5] }]) {
      const answer = await key.call("/api/v1/auth/token", body);
      expectRefused(answer, 403, "permiso_insuficiente");
      expect(answer.text).not.toContain("eyJ");
    }
  });

  it("ends when its key is revoked", async () => {
    const doomed = await newKey({ permisos: ["procesar"] });
    const token = callerWithToken(await requestToken(doomed.call));
    expect((await token("/api/v1/tareas")).status).toBe(200);
    await call(`/api/v1/claves/${doomed.id}`, undefined, { method: "DELETE" });
    expectRefused(await token("/api/v1/tareas"), 401, "no_autenticado");
  });

  it("ends when the secret it was issued for is dropped", async () => {
    const leaked = await newKey({ permisos: ["procesar"] });
    const token = callerWithToken(await requestToken(leaked.call));
    await call(`/api/v1/claves/${leaked.id}/rotar`, { gracia_segundos: 0 });
    expectRefused(await leaked.call("/api/v1/tareas"), 401, "no_autenticado");
    expectRefused(await token("/api/v1/tareas"), 401, "no_autenticado");
  });
});
