import { decodeJwt, errors } from "jose";
import type { AppContext } from "../context.ts";
import { AppError } from "../errors.ts";
import { sameSecret } from "../lib/hash.ts";
import { readApiKey } from "./api-key.ts";
import { accessIssuer, signInByAccess } from "./cloudflare-access.ts";
import { principalOf, type Proof } from "./key-state.ts";
import { OWNER, OWNER_PRINCIPAL, type Principal } from "./principal.ts";
import { readToken, type TokenGrant } from "./token.ts";

/** Who a request says it comes from, and whether that is so. */
export type Claim = { client: string; principal: Principal | Promise<Principal> };

const OWNERS_CLAIM: Claim = { client: OWNER, principal: OWNER_PRINCIPAL };

const BEARER = /^Bearer +([^\s,]+)$/i;

/**
 * Reads a request's one credential: a key in `x-api-key`, a key or a token in `Authorization: Bearer`, or else what
 * Cloudflare Access says. Only the claim of a key or a token that this service made comes without its verdict.
 * @throws {AppError} no_autenticado, the same for everything that is wrong
 */
export async function identify(c: AppContext): Promise<Claim> {
  const { config, now } = c.get("deps");
  const credential = credentialOf(c);
  if (config.API_KEY === undefined) throw new AppError("no_autenticado");
  if (credential === undefined) {
    const assertion = c.req.header("cf-access-jwt-assertion");
    if (assertion === undefined) throw new AppError("no_autenticado");
    requireSameOrigin(c);
    return { client: OWNER, principal: await signInByAccess(config, assertion, now()) };
  }
  if (sameSecret(credential.text, config.API_KEY)) return OWNERS_CLAIM;
  if (credential.isBearer && credential.text.split(".").length === 3) {
    if (issuerOf(credential.text) === accessIssuer(config)) {
      return { client: OWNER, principal: await signInByAccess(config, credential.text, now()) };
    }
    return claimOfToken(c, await readToken(config, credential.text, now()));
  }
  const key =
    config.KEYS_PEPPER === undefined ? undefined : readApiKey(config.KEYS_PEPPER, credential.text);
  if (!key) throw new AppError("no_autenticado");
  const { client, id, digest } = key;
  return { client, principal: lookUp(c, id, { kind: "secret", client, digest }) };
}

function credentialOf(c: AppContext): { text: string; isBearer: boolean } | undefined {
  const key = c.req.header("x-api-key");
  const authorization = c.req.header("authorization");
  const bearer = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  if (key !== undefined && bearer !== undefined && key !== bearer) {
    throw new AppError("no_autenticado", {
      detail:
        "Hay dos credenciales distintas, en x-api-key y en Authorization. Envía solo una de ellas.",
    });
  }
  if (key !== undefined) return { text: key, isBearer: bearer !== undefined };
  // Another scheme is no credential of ours, but whoever sends it does not come by Cloudflare Access.
  if (authorization !== undefined) return { text: bearer ?? "", isBearer: bearer !== undefined };
  return undefined;
}

/**
 * A browser sends what Cloudflare Access knows it by to whatever page asks. Only our own pages may ask for something.
 */
function requireSameOrigin(c: AppContext): void {
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  const isForeign =
    (site !== undefined && site !== "same-origin" && site !== "none") ||
    (origin !== undefined && origin !== new URL(c.req.url).origin);
  if (isForeign) throw new AppError("no_autenticado");
}

/** What the token itself says, not verified: only to know who should verify it. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function claimOfToken(c: AppContext, grant: TokenGrant): Claim {
  const { client, keyId, generation } = grant;
  if (keyId === null) return { client, principal: narrow(OWNER_PRINCIPAL, grant) };
  if (generation === null) throw new AppError("no_autenticado");
  const proof: Proof = { kind: "token", client, generation };
  return { client, principal: lookUp(c, keyId, proof).then((key) => narrow(key, grant)) };
}

/** A token never does more than its key may do now. */
function narrow(principal: Principal, { scopes, chats, expires }: TokenGrant): Principal {
  const mayReach = (chat: number): boolean => principal.chats?.has(chat) ?? true;
  const { generation: _, ...without } = principal;
  return {
    ...without,
    scopes: new Set(scopes.filter((scope) => principal.scopes.has(scope))),
    chats: chats ? new Set(chats.filter(mayReach)) : principal.chats,
    expiresAtMs: Math.min(expires * 1_000, principal.expiresAtMs ?? Number.POSITIVE_INFINITY),
  };
}

async function lookUp(c: AppContext, id: string, proof: Proof): Promise<Principal> {
  const { keys, now, defer } = c.get("deps");
  return principalOf(await keys.find(id, proof, defer), proof, now());
}
