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

type Part = Record<string, unknown>;
type Parts = { header: Part; payload: Part; signature: string };

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

function read(token: string): Parts {
  const signature = token.slice(token.lastIndexOf(".") + 1);
  return { header: { ...decodeProtectedHeader(token) }, payload: decodeJwt(token), signature };
}

let key: TestKey;
let other: TestKey;
/** A good one of a key with one permission and one chat, and its parts. */
let good: string;
let parts: Parts;
/** A good one of the owner's. */
let owners: Parts;
const CHAT = -77;
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

const askToken = async (caller: TestKey["call"]): Promise<string> =>
  String((await caller("/api/v1/auth/token", {})).json["token"]);

beforeAll(async () => {
  [key, other] = await Promise.all([
    newKey({ permisos: ["procesar"], chats: [CHAT] }),
    newKey({ permisos: ["procesar"] }),
  ]);
  good = await askToken(key.call);
  parts = read(good);
  owners = read(await askToken(callerWith(TEST_API_KEY)));
});

/** Signed with the right secret: what only a thief of the secret, or a mistake of ours, could make. */
const resigned = (header: Part = {}, payload: Part = {}, secret = TEST_JWT_SECRET): string =>
  sign({ ...parts.header, ...header }, { ...parts.payload, ...payload }, secret);
const lacking = (claim: string): string => {
  const { [claim]: _, ...payload } = parts.payload;
  return sign(parts.header, payload, TEST_JWT_SECRET);
};
const withHeader = (header: Part, secret = TEST_JWT_SECRET, alg = "HS256"): string =>
  sign({ ...parts.header, ...header }, parts.payload, secret, alg);
const unsigned = (alg: string): string =>
  `${toPart({ ...parts.header, alg })}.${toPart(parts.payload)}.`;
const flip = (letter: string | undefined): string => (letter === "A" ? "B" : "A");

const FORGERIES: Record<string, () => string> = {
  "alg none, without a signature": () => unsigned("none"),
  "alg None": () => unsigned("None"),
  "alg nOnE": () => unsigned("nOnE"),
  "alg empty": () => unsigned(""),
  "alg none, with the old signature": () => `${unsigned("none")}${parts.signature}`,
  "alg none, two parts": () => unsigned("none").slice(0, -1),
  "alg RS256 over the shared secret": () => withHeader({ alg: "RS256" }),
  "alg ES256": () => withHeader({ alg: "ES256" }),
  "alg PS256": () => withHeader({ alg: "PS256" }),
  "alg EdDSA": () => withHeader({ alg: "EdDSA" }),
  "alg HS384, well signed": () => withHeader({ alg: "HS384" }, TEST_JWT_SECRET, "HS384"),
  "alg HS512, well signed": () => withHeader({ alg: "HS512" }, TEST_JWT_SECRET, "HS512"),
  "alg hs256 in small letters": () => withHeader({ alg: "hs256" }),
  "alg a list": () => withHeader({ alg: ["HS256"] }),
  "no alg": () => withHeader({ alg: undefined }),
  "signed with nothing": () => withHeader({}, ""),
  "signed with «secret»": () => withHeader({}, "secret"),
  "signed with its own kid": () => withHeader({}, String(parts.header["kid"])),
  "signed with a key of the API": () => withHeader({}, key.apiKey),
  "signed with the owner's key": () => withHeader({}, TEST_API_KEY),
  "signed with the pepper": () => withHeader({}, TEST_PEPPER),
  "signed with the other secret than its kid's": () => withHeader({}, TEST_PREVIOUS_JWT_SECRET),
  "its signature stripped": () => good.slice(0, good.lastIndexOf(".") + 1),
  "its signature cut short": () => good.slice(0, -4),
  "its signature of another token": () =>
    `${good.slice(0, good.lastIndexOf("."))}.${owners.signature}`,
  "its signature with one letter changed": () => {
    const at = good.lastIndexOf(".") + 5;
    return good.slice(0, at) + flip(good[at]) + good.slice(at + 1);
  },
  "a changed payload under its signature": () =>
    `${toPart(parts.header)}.${toPart({ ...parts.payload, chats: null })}.${parts.signature}`,
  "more permissions under its signature": () =>
    `${toPart(parts.header)}.${toPart({ ...parts.payload, permisos: ["admin"] })}.${parts.signature}`,
  "no kid": () => withHeader({ kid: undefined }),
  "an unknown kid": () => withHeader({ kid: "0".repeat(16) }),
  "a kid that leads to a file": () => withHeader({ kid: "../../../../dev/null" }, ""),
  "a kid of SQL": () => withHeader({ kid: "x' UNION SELECT 'secret" }, "secret"),
  "a kid of a shell": () => withHeader({ kid: "|id" }, "secret"),
  "a kid that every object has": () => withHeader({ kid: "constructor" }, "secret"),
  "a kid that is a list": () => withHeader({ kid: [parts.header["kid"]] }),
  "a kid that is a number": () => withHeader({ kid: 0 }),
  jku: () => withHeader({ jku: "https://malo.example/jwks.json" }),
  x5u: () => withHeader({ x5u: "https://malo.example/cert.pem" }),
  x5c: () => withHeader({ x5c: ["MIIB"] }),
  "a key of its own (jwk)": () =>
    withHeader({ jwk: { kty: "oct", k: encode("secret"), alg: "HS256" } }, "secret"),
  "a key of its own beside the right signature": () =>
    withHeader({ jwk: { kty: "oct", k: encode("secret") } }),
  "crit exp": () => withHeader({ crit: ["exp"] }),
  "crit of something unknown": () => withHeader({ crit: ["nuevo"], nuevo: true }),
  "b64 false": () => {
    const header = toPart({ ...parts.header, b64: false, crit: ["b64"] });
    const payload = JSON.stringify(parts.payload).replaceAll(".", "");
    return `${header}.${payload}.${hmac(`${header}.${payload}`, TEST_JWT_SECRET)}`;
  },
  zipped: () => withHeader({ zip: "DEF" }),
  "nested in another": () => sign({ ...parts.header, cty: "JWT" }, good, TEST_JWT_SECRET),
  "typ JWT": () => withHeader({ typ: "JWT" }),
  "no typ": () => withHeader({ typ: undefined }),
  "a header that is a list": () => sign([parts.header], parts.payload, TEST_JWT_SECRET),
  "a header that is no JSON": () => `${encode("{alg:HS256}")}.${toPart(parts.payload)}.AAAA`,
  expired: () => resigned({}, { exp: nowSeconds() - 61 }),
  "expired in 1970": () => resigned({}, { exp: 0 }),
  "an end that is a text": () => resigned({}, { exp: "9999999999" }),
  "an end out of range": () =>
    resigned({}, { exp: 0 }).replace(/\..*\./, `.${encode('{"exp":1e999}')}.`),
  "not yet good": () => resigned({}, { nbf: nowSeconds() + 120 }),
  "a beginning that is a text": () => resigned({}, { nbf: "0" }),
  "no exp": () => lacking("exp"),
  "no iss": () => lacking("iss"),
  "no aud": () => lacking("aud"),
  "no sub": () => lacking("sub"),
  "no iat": () => lacking("iat"),
  "no key": () => lacking("clave"),
  "no version of its key": () => lacking("version"),
  "no permissions": () => lacking("permisos"),
  "no chats": () => lacking("chats"),
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
  "a key that every object has": () => resigned({}, { clave: "__proto__" }),
  "another version of its key": () => resigned({}, { version: 99 }),
  "the owner, without the owner's mark": () =>
    resigned({}, { sub: "principal", clave: null, version: null }),
  "the owner, with a mark made up": () =>
    resigned({}, { sub: "principal", clave: null, version: null, huella: "0".repeat(64) }),
  "the owner's mark on another client": () =>
    resigned({}, { clave: null, version: null, huella: owners.payload["huella"] }),
  "permissions that do not exist": () => resigned({}, { permisos: ["todo"] }),
  "permissions that are a text": () => resigned({}, { permisos: "admin" }),
  "chats that are a text": () => resigned({}, { chats: "*" }),
  "a payload that is a list": () => sign(parts.header, [parts.payload], TEST_JWT_SECRET),
  "a payload that is null": () => sign(parts.header, null, TEST_JWT_SECRET),
  "a payload that is no JSON": () => {
    const signed = `${toPart(parts.header)}.${encode("hola")}`;
    return `${signed}.${hmac(signed, TEST_JWT_SECRET)}`;
  },
  "four parts": () => `${good}.${parts.signature}`,
  "five parts, as if it were encrypted": () => `${toPart({ alg: "dir", enc: "A256GCM" })}....`,
  "two signatures, in JSON": () =>
    toPart({
      payload: toPart(parts.payload),
      signatures: [
        { protected: toPart({ alg: "none" }), signature: "" },
        { protected: toPart(parts.header), signature: parts.signature },
      ],
    }),
  "in JSON as it is": () =>
    JSON.stringify({ payload: toPart(parts.payload), signature: parts.signature }),
  padded: () => `${good}==`,
  "in base64 with other letters": () => good.replaceAll("-", "+").replaceAll("_", "/") + "+",
  "of 100,000 letters": () => resigned({}, { relleno: "a".repeat(100_000) }).slice(0, -1),
  "three dots": () => "...",
  "nothing between its dots": () => "..",
};

/** The one task that its key may do, where it may do it: refused for the token, then, and for nothing else. */
async function tryToWork(token: string): Promise<ApiResponse> {
  const untouched = untouchedChat();
  const headers = { "x-api-key": null, authorization: `Bearer ${token}` };
  const answer = await call("/api/v1/procesar", { ...untouched.task, chat_id: CHAT }, { headers });
  if (answer.status !== 200) await untouched.expectUntouched();
  return answer;
}

it("the token that the forgeries start from is good, and so is one signed again", async () => {
  for (const token of [good, resigned()]) expect((await tryToWork(token)).status).toBe(200);
});

describe("a token", () => {
  it.for(Object.entries(FORGERIES))(
    "%s, is refused like any other, and does nothing",
    async ([, forge]) => {
      const answer = await tryToWork(forge());
      expectRefused(answer, 401, "no_autenticado");
      expect(answer.json["detail"]).toBe(new AppError("no_autenticado").message);
    },
  );

  it("is no key", async () => {
    for (const headers of [{ "x-api-key": good }, { "x-api-key": null, cookie: `token=${good}` }]) {
      expectRefused(await call("/api/v1/tareas", undefined, { headers }), 401, "no_autenticado");
    }
    const inQuery = await call(`/api/v1/tareas?access_token=${good}`, undefined, {
      headers: { "x-api-key": null },
    });
    expectRefused(inQuery, 401, "no_autenticado");
  });

  it("does no more than its key, whatever permissions are signed into it", async () => {
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

  it("is not exchanged for another, nor asked for wider than its key", async () => {
    const again = await callerWithToken(good)("/api/v1/auth/token", {});
    expectRefused(again, 403, "permiso_insuficiente");
    for (const wanted of [{ permisos: ["admin"] }, { chats: null }, { chats: [CHAT, 5] }]) {
      const answer = await key.call("/api/v1/auth/token", wanted);
      expectRefused(answer, 403, "permiso_insuficiente");
      expect(answer.text).not.toContain("eyJ");
    }
  });

  it("ends with its key", async () => {
    const doomed = await newKey({ permisos: ["procesar"] });
    const token = callerWithToken(await askToken(doomed.call));
    expect((await token("/api/v1/tareas")).status).toBe(200);
    await call(`/api/v1/claves/${doomed.id}`, undefined, { method: "DELETE" });
    expectRefused(await token("/api/v1/tareas"), 401, "no_autenticado");
  });

  it("ends with the secret that it was given for", async () => {
    const leaked = await newKey({ permisos: ["procesar"] });
    const token = callerWithToken(await askToken(leaked.call));
    await call(`/api/v1/claves/${leaked.id}/rotar`, { gracia_segundos: 0 });
    expectRefused(await leaked.call("/api/v1/tareas"), 401, "no_autenticado");
    expectRefused(await token("/api/v1/tareas"), 401, "no_autenticado");
  });
});
