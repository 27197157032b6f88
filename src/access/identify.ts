import { decodeJwt, errors } from "jose";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { isSameSecret } from "../lib/hash.ts";
import { parseApiKey } from "./api-key.ts";
import { accessIssuer, verifyAccessToken, type AccessConfig } from "./cloudflare-access.ts";
import type { KeyCache } from "./key-cache.ts";
import { toPrincipal, type KeyProof } from "./key-state.ts";
import { OWNER_CLIENT, OWNER_PRINCIPAL, type Principal } from "./principal.ts";
import { verifyToken, type TokenGrant, type TokenSecrets } from "./token.ts";

/** The client that a credential claims, and the principal: a promise while the key is being looked up. */
export type IdentityClaim = { client: string; principal: Principal | Promise<Principal> };

type IdentifiableRequest = { url: string; header: (name: string) => string | undefined };

type IdentifyDeps = {
  config: AccessConfig & TokenSecrets & Pick<Config, "KEYS_PEPPER">;
  keys: Pick<KeyCache, "find">;
  now: () => number;
  defer: (work: Promise<unknown>) => void;
};

type Credential = { text: string; isBearer: boolean };

const OWNER_CLAIM: IdentityClaim = { client: OWNER_CLIENT, principal: OWNER_PRINCIPAL };

const BEARER = /^Bearer +([^\s,]+)$/i;

/**
 * Reads the one credential of a request: a key in `x-api-key`, a key or a token in `Authorization: Bearer`, otherwise
 * the assertion of Cloudflare Access. Only keys and tokens that this service issued, by checksum or signature, return
 * a pending principal; its promise rejects with no_autenticado, limite_de_clave or acceso_no_disponible.
 * @throws {AppError} no_autenticado, with the same message for every wrong credential; acceso_no_disponible when the
 *   public keys of Cloudflare Access cannot be fetched
 */
export async function identify(
  request: IdentifiableRequest,
  deps: IdentifyDeps,
): Promise<IdentityClaim> {
  const { config, now } = deps;
  const credential = readCredential(request);
  if (config.API_KEY === undefined) throw new AppError("no_autenticado");
  if (credential === undefined) {
    const assertion = request.header("cf-access-jwt-assertion");
    if (assertion === undefined) throw new AppError("no_autenticado");
    requireSameOrigin(request);
    return { client: OWNER_CLIENT, principal: await verifyAccessToken(config, assertion, now()) };
  }
  if (isSameSecret(credential.text, config.API_KEY)) return OWNER_CLAIM;
  if (credential.isBearer && credential.text.split(".").length === 3) {
    if (unverifiedIssuer(credential.text) === accessIssuer(config)) {
      const principal = await verifyAccessToken(config, credential.text, now());
      return { client: OWNER_CLIENT, principal };
    }
    return claimOfToken(await verifyToken(config, credential.text, now()), deps);
  }
  const key =
    config.KEYS_PEPPER === undefined ? undefined : parseApiKey(config.KEYS_PEPPER, credential.text);
  if (!key) throw new AppError("no_autenticado");
  const { client, id, digest } = key;
  return { client, principal: authenticateKey(id, { kind: "secret", client, digest }, deps) };
}

function readCredential(request: IdentifiableRequest): Credential | undefined {
  const key = request.header("x-api-key");
  const authorization = request.header("authorization");
  const bearer = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  if (key !== undefined && bearer !== undefined && key !== bearer) {
    throw new AppError("no_autenticado", {
      detail:
        "Hay dos credenciales distintas, en x-api-key y en Authorization. Envía solo una de ellas.",
    });
  }
  if (key !== undefined) return { text: key, isBearer: bearer !== undefined };
  // Another scheme is not one of our credentials, but it still rules out Cloudflare Access.
  if (authorization !== undefined) return { text: bearer ?? "", isBearer: bearer !== undefined };
  return undefined;
}

/**
 * Rejects requests that another site makes through the user's browser: the browser attaches the Cloudflare Access
 * session to them.
 */
function requireSameOrigin(request: IdentifiableRequest): void {
  const site = request.header("sec-fetch-site");
  const origin = request.header("origin");
  const isCrossOrigin =
    (site !== undefined && site !== "same-origin" && site !== "none") ||
    (origin !== undefined && origin !== new URL(request.url).origin);
  if (isCrossOrigin) throw new AppError("no_autenticado");
}

/** Returns the token's `iss` without verifying the token, only to choose who verifies it. */
function unverifiedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function claimOfToken(grant: TokenGrant, deps: IdentifyDeps): IdentityClaim {
  const { client, keyId, generation } = grant;
  if (keyId === null) return { client, principal: narrowToGrant(OWNER_PRINCIPAL, grant) };
  if (generation === null) throw new AppError("no_autenticado");
  const proof: KeyProof = { kind: "token", client, generation };
  return {
    client,
    principal: authenticateKey(keyId, proof, deps).then((key) => narrowToGrant(key, grant)),
  };
}

/** Limits the principal to the token's grant. The key's current permissions stay the upper bound. */
function narrowToGrant(
  principal: Principal,
  { scopes, chats, expiresAtSeconds }: TokenGrant,
): Principal {
  const mayReach = (chat: number): boolean => principal.chats?.has(chat) ?? true;
  const { generation: _, ...rest } = principal;
  return {
    ...rest,
    scopes: new Set(scopes.filter((scope) => principal.scopes.has(scope))),
    chats: chats ? new Set(chats.filter(mayReach)) : principal.chats,
    expiresAtMs: Math.min(
      expiresAtSeconds * 1_000,
      principal.expiresAtMs ?? Number.POSITIVE_INFINITY,
    ),
  };
}

async function authenticateKey(
  id: string,
  proof: KeyProof,
  { keys, now, defer }: IdentifyDeps,
): Promise<Principal> {
  return toPrincipal(await keys.find(id, proof, defer), proof, now());
}
