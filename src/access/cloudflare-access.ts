import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import { z } from "zod";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { describeError, log } from "../lib/log.ts";
import { OWNER_PRINCIPAL, type Principal } from "./principal.ts";
import { mapToUnauthenticated } from "./token.ts";

export type AccessConfig = Pick<Config, "ACCESS_TEAM_DOMAIN" | "ACCESS_AUD" | "ACCESS_CORREOS">;

const FETCH_TIMEOUT_MS = 3_000;
/** Cloudflare rotates its keys every six weeks and accepts the previous ones for one more week. */
const JWKS_MAX_AGE_MS = HOUR_MS;
/** An unknown `kid` triggers a new fetch of the keys, at most this often. */
const UNKNOWN_KID_COOLDOWN_MS = MINUTE_MS;
/** After a failed fetch, requests fail at once for this long instead of waiting for another fetch. */
const FAILURE_COOLDOWN_MS = 10_000;
const CLOCK_TOLERANCE_SECONDS = 60;

/** Without `generation`: this principal cannot request a token, which would outlive its Cloudflare Access session. */
const { generation: _, ...ACCESS_PRINCIPAL } = OWNER_PRINCIPAL;

const AccessClaims = z.object({ sub: z.string().min(1), email: z.string().min(1) });

/** Returns the issuer of Cloudflare Access tokens; undefined when ACCESS_TEAM_DOMAIN is not set. */
export function accessIssuer({
  ACCESS_TEAM_DOMAIN,
}: Pick<Config, "ACCESS_TEAM_DOMAIN">): string | undefined {
  return ACCESS_TEAM_DOMAIN === undefined ? undefined : `https://${ACCESS_TEAM_DOMAIN}`;
}

/**
 * Verifies a Cloudflare Access token and returns the owner as principal: the Access policy and ACCESS_CORREOS decide
 * who may sign in.
 * @throws {AppError} no_autenticado; acceso_no_disponible when the public keys cannot be fetched
 */
export async function verifyAccessToken(
  config: AccessConfig,
  token: string,
  nowMs: number,
): Promise<Principal> {
  const issuer = accessIssuer(config);
  if (issuer === undefined) throw new AppError("no_autenticado");
  const { payload } = await mapToUnauthenticated(() =>
    jwtVerify(token, publicKeys(issuer), {
      algorithms: ["RS256"],
      issuer,
      audience: config.ACCESS_AUD,
      requiredClaims: ["exp", "iss", "aud", "sub", "iat"],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(nowMs),
    }),
  );
  // A service token has an empty subject and no email: no person signed in.
  const claims = AccessClaims.safeParse(payload);
  const { ACCESS_CORREOS } = config;
  const isAllowed =
    claims.success &&
    (ACCESS_CORREOS.length === 0 || ACCESS_CORREOS.includes(claims.data.email.toLowerCase()));
  if (!isAllowed) throw new AppError("no_autenticado");
  return ACCESS_PRINCIPAL;
}

const publicKeysByIssuer = new Map<string, JWTVerifyGetKey>();

function publicKeys(issuer: string): JWTVerifyGetKey {
  const known = publicKeysByIssuer.get(issuer);
  if (known) return known;
  let failsUntilMs = Number.NEGATIVE_INFINITY;
  const coolingDown = new Error("The public keys could not be fetched a moment ago");
  const remote = createRemoteJWKSet(new URL("/cdn-cgi/access/certs", issuer), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cacheMaxAge: JWKS_MAX_AGE_MS,
    cooldownDuration: UNKNOWN_KID_COOLDOWN_MS,
    [customFetch]: async (url, options) => {
      if (Date.now() < failsUntilMs) throw coolingDown;
      return await fetch(url, options);
    },
  });
  const keys: JWTVerifyGetKey = async (header, token) => {
    if (header.crit) throw new AppError("no_autenticado");
    try {
      return await remote(header, token);
    } catch (error) {
      if (isTokenFault(error)) throw error;
      // Without the cooldown, every token that a client sends would trigger a fetch to an address that fails.
      if (error !== coolingDown) failsUntilMs = Date.now() + FAILURE_COOLDOWN_MS;
      log.error("access_keys_unavailable", describeError(error));
      throw new AppError("acceso_no_disponible", {
        detail: "Cloudflare Access no da ahora sus claves públicas. Reintenta en unos segundos.",
        retryAfterSeconds: FAILURE_COOLDOWN_MS / 1_000,
      });
    }
  };
  publicKeysByIssuer.set(issuer, keys);
  return keys;
}

/** Whether the key lookup failed because of the token and not because of the fetch. */
function isTokenFault(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
