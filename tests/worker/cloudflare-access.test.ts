import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type JWTPayload,
} from "jose";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { parseConfig, type Config } from "../../src/config.ts";
import { call } from "../support/client.ts";
import { controlFakeReceiver, type Answer } from "../support/fake-receiver-control.ts";
import { newKey } from "../support/keys.ts";
import { TEST_ACCESS_AUD } from "../support/secrets.ts";

const HEADER = "cf-access-jwt-assertion";
const ORIGIN = "https://asistente.test";
const first = await generateKeyPair("RS256", { extractable: true });
const second = await generateKeyPair("RS256", { extractable: true });

afterEach(() => void vi.useRealTimers());

/** A Cloudflare Access team that only this test uses, so that the Worker has not cached its public keys. */
function createTeam() {
  const domain = `equipo-${crypto.randomUUID()}.cloudflareaccess.com`;
  const certs = controlFakeReceiver(inject("receiverUrl"), domain);
  const config = { ...parseConfig({ ...env }), ACCESS_TEAM_DOMAIN: domain };
  return {
    certs,
    issuer: `https://${domain}`,
    /** Scripts the responses of the team's JWKS endpoint, one per fetch. */
    publish: async (...published: { pair: CryptoKeyPair; kid: string }[][]) =>
      certs.script(await Promise.all(published.map(jwksAnswer))),
    async get(headers: Record<string, string>, settings: Partial<Config> = {}, method = "GET") {
      const context = createExecutionContext();
      const response = await createApp({ config: { ...config, ...settings } }).fetch(
        new Request(`${ORIGIN}/api/v1/${method === "GET" ? "tareas" : "cache"}`, {
          headers,
          method,
        }),
        env,
        context,
      );
      const json: Record<string, unknown> = await response.json();
      await waitOnExecutionContext(context);
      return { status: response.status, json, headers: response.headers };
    },
  };
}

async function jwksAnswer(published: { pair: CryptoKeyPair; kid: string }[]): Promise<Answer> {
  const keys = await Promise.all(
    published.map(async ({ pair, kid }) => ({
      ...(await exportJWK(pair.publicKey)),
      ...{ kid, alg: "RS256", use: "sig" },
    })),
  );
  return { kind: "status", status: 200, body: JSON.stringify({ keys }) };
}

const claimsOf = (issuer: string): JWTPayload => {
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: issuer,
    aud: [TEST_ACCESS_AUD],
    sub: "7f0e2b1a-0000-4000-8000-000000000000",
    email: "Ana@Ejemplo.com",
    type: "app",
    iat: now,
    nbf: now,
    exp: now + 3_600,
  };
};

const sign = (claims: JWTPayload, kid = "k1", pair = first): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid }).sign(pair.privateKey);

const without = (claims: JWTPayload, name: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name));

const K1 = { pair: first, kid: "k1" };
const K2 = { pair: second, kid: "k2" };

describe("a person who signed in through Cloudflare Access", () => {
  it("is authenticated as the owner, by header or Bearer, and the public keys are fetched once", async () => {
    const team = createTeam();
    await team.publish([K1]);
    const token = await sign(claimsOf(team.issuer));
    expect((await team.get({ [HEADER]: token })).status).toBe(200);
    expect((await team.get({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await team.get({ [HEADER]: token }, {}, "DELETE")).status).toBe(200);
    expect(await team.certs.received()).toHaveLength(1);
  });

  it("must be in ACCESS_CORREOS when that setting has addresses", async () => {
    const team = createTeam();
    await team.publish([K1]);
    const token = await sign(claimsOf(team.issuer));
    const ask = async (ACCESS_CORREOS: string[]) =>
      (await team.get({ [HEADER]: token }, { ACCESS_CORREOS })).status;
    expect(await ask(["otra@ejemplo.com", "ana@ejemplo.com"])).toBe(200);
    expect(await ask(["otra@ejemplo.com"])).toBe(401);
  });

  it("cannot request a token", async () => {
    const team = createTeam();
    await team.publish([K1]);
    const context = createExecutionContext();
    const config = { ...parseConfig({ ...env }), ACCESS_TEAM_DOMAIN: new URL(team.issuer).host };
    const response = await createApp({ config }).fetch(
      new Request(`${ORIGIN}/api/v1/auth/token`, {
        method: "POST",
        headers: {
          [HEADER]: await sign(claimsOf(team.issuer)),
          "content-type": "application/json",
        },
        body: "{}",
      }),
      env,
      context,
    );
    expect(response.status).toBe(403);
    await response.body?.cancel();
  });

  it("is ignored when the request also has a key, valid or not", async () => {
    const team = createTeam();
    await team.publish([K1]);
    const token = await sign(claimsOf(team.issuer));
    for (const other of [
      { "x-api-key": "otra" },
      { "x-api-key": "" },
      { authorization: "Basic eDp5" },
    ])
      expect((await team.get({ [HEADER]: token, ...other })).status).toBe(401);
    const key = await newKey({ permisos: ["historial"] });
    expect((await team.get({ [HEADER]: token, "x-api-key": key.apiKey })).status).toBe(403);
  });

  it("is accepted from the service's own pages and from no page, and rejected from other origins", async () => {
    const team = createTeam();
    await team.publish([K1]);
    const token = await sign(claimsOf(team.issuer));
    const ask = async (headers: Record<string, string>) =>
      (await team.get({ [HEADER]: token, ...headers }, {}, "DELETE")).status;
    expect(await ask({ "sec-fetch-site": "same-origin", origin: ORIGIN })).toBe(200);
    expect(await ask({ "sec-fetch-site": "none" })).toBe(200);
    expect(await ask({ "sec-fetch-site": "cross-site" })).toBe(401);
    expect(await ask({ "sec-fetch-site": "same-site" })).toBe(401);
    expect(await ask({ origin: "https://otro.example" })).toBe(401);
    expect(await ask({ origin: "null" })).toBe(401);
  });
});

describe("a Cloudflare Access token that was not issued for this service", () => {
  const forgeries: Record<string, (claims: JWTPayload) => Promise<string> | string> = {
    "another audience": (claims) => sign({ ...claims, aud: ["otra"] }),
    "another issuer": (claims) => sign({ ...claims, iss: "https://otro.cloudflareaccess.com" }),
    "exp in the past": (claims) => sign({ ...claims, exp: Math.floor(Date.now() / 1_000) - 61 }),
    "nbf in the future": (claims) => sign({ ...claims, nbf: Math.floor(Date.now() / 1_000) + 61 }),
    "no exp": (claims) => sign(without(claims, "exp")),
    "no sub": (claims) => sign(without(claims, "sub")),
    "a service token": (claims) => sign({ ...claims, sub: "", email: undefined, common_name: "x" }),
    "signed with another key under a known kid": (claims) => sign(claims, "k1", second),
    "alg none": (claims) => new UnsecuredJWT(claims).encode(),
    "HS256 with the public key as the secret": async (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256", kid: "k1" })
        .sign(new TextEncoder().encode(await exportSPKI(first.publicKey))),
    "an embedded key in the header": async (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", jwk: await exportJWK(second.publicKey) })
        .sign(second.privateKey),
    "a key address (jku) in the header": (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: "k1", jku: inject("receiverUrl") })
        .sign(second.privateKey),
    "a critical extension (crit)": (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: "k1", crit: ["b64"], b64: true })
        .sign(first.privateKey),
    "three parts that are not a token": () => "a.b.c",
    "an empty value": () => "",
  };

  it.for(Object.entries(forgeries))("is rejected: %s", async ([, forge]) => {
    const team = createTeam();
    await team.publish([K1]);
    const { status, json } = await team.get({ [HEADER]: await forge(claimsOf(team.issuer)) });
    expect(status).toBe(401);
    expect(json["codigo"]).toBe("no_autenticado");
  });

  it("is rejected by a service without Cloudflare Access, which fetches no keys", async () => {
    const team = createTeam();
    const token = await sign(claimsOf(team.issuer));
    for (const headers of [{ [HEADER]: token }, { authorization: `Bearer ${token}` }]) {
      const { status } = await team.get(headers, { ACCESS_TEAM_DOMAIN: undefined });
      expect(status).toBe(401);
    }
    expect(await team.certs.received()).toEqual([]);
  });
});

describe("the public keys of Cloudflare Access", () => {
  it("are fetched again for an unknown kid, at most once a minute", async () => {
    const team = createTeam();
    await team.publish([K1], [K1], [K1, K2]);
    const ask = async (kid: string, pair: CryptoKeyPair) =>
      (await team.get({ [HEADER]: await sign(claimsOf(team.issuer), kid, pair) })).status;
    const startMs = Date.now();
    expect(await ask("k1", first)).toBe(200);
    for (let time = 0; time < 5; time += 1) expect(await ask("k2", second)).toBe(401);
    expect(await team.certs.received()).toHaveLength(1);
    vi.useFakeTimers({ toFake: ["Date"], now: startMs + 61_000 });
    for (let time = 0; time < 5; time += 1) expect(await ask("k2", second)).toBe(401);
    expect(await team.certs.received()).toHaveLength(2);
    vi.setSystemTime(startMs + 125_000);
    expect(await ask("k2", second)).toBe(200);
    expect(await ask("k1", first)).toBe(200);
    expect(await team.certs.received()).toHaveLength(3);
  });

  it.for([
    ["an error", { kind: "status", status: 500 }],
    ["a body that is not JSON", { kind: "status", status: 200, body: "<html>" }],
    ["JSON without keys", { kind: "status", status: 200, body: "{}" }],
    ["a redirect", { kind: "status", status: 302, headers: { location: "https://otro.example" } }],
    ["a dropped connection", { kind: "drop" }],
    ["no response", { kind: "stall" }],
  ] as [string, Answer][])(
    "answer 503 and are not fetched again for 10 s after %s; API_KEY keeps working",
    async ([, answer]) => {
      const team = createTeam();
      await team.certs.script([answer]);
      const token = await sign(claimsOf(team.issuer));
      const startMs = Date.now();
      vi.useFakeTimers({ toFake: ["Date"], now: startMs });
      for (let time = 0; time < 3; time += 1) {
        const { status, json, headers } = await team.get({ [HEADER]: token });
        expect(status).toBe(503);
        expect(json["codigo"]).toBe("acceso_no_disponible");
        expect(headers.get("retry-after")).toBe("10");
      }
      expect(await team.certs.received()).toHaveLength(1);
      expect((await call("/api/v1/tareas")).status).toBe(200);

      await team.publish([K1]);
      vi.setSystemTime(startMs + 11_000);
      expect((await team.get({ [HEADER]: await sign(claimsOf(team.issuer)) })).status).toBe(200);
    },
  );
});
