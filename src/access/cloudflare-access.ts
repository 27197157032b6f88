import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import { z } from "zod";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";
import { OWNER_PRINCIPAL, type Principal } from "./principal.ts";
import { refusing } from "./token.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";

const FETCH_LIMIT_MS = 3_000;
/** Cloudflare changes its keys every six weeks, and the ones before stay good for a week. */
const KEYS_KEPT_MS = HOUR_MS;
/** A token with a key that nobody knows makes us ask for the keys again, so often at most. */
const UNKNOWN_KEY_PAUSE_MS = MINUTE_MS;
const FAILURE_PAUSE_MS = 10_000;
const CLOCK_SKEW_SECONDS = 60;

/** Shows no secret, and so can have no token that would outlive the sign-in. */
const { generation: _, ...SIGNED_IN } = OWNER_PRINCIPAL;

const Claims = z.object({ sub: z.string().min(1), email: z.string().min(1) });

export function accessIssuer({ ACCESS_TEAM_DOMAIN }: Config): string | undefined {
  return ACCESS_TEAM_DOMAIN === undefined ? undefined : `https://${ACCESS_TEAM_DOMAIN}`;
}

/**
 * Who signed in through Cloudflare Access comes as the owner: its policy says who that is.
 * @throws {AppError} no_autenticado, acceso_no_disponible when its keys cannot be had
 */
export async function signInByAccess(
  config: Config,
  token: string,
  nowMs: number,
): Promise<Principal> {
  const issuer = accessIssuer(config);
  if (issuer === undefined) throw new AppError("no_autenticado");
  const { payload } = await refusing(() =>
    jwtVerify(token, keysOf(issuer), {
      algorithms: ["RS256"],
      issuer,
      audience: config.ACCESS_AUD,
      requiredClaims: ["exp", "iss", "aud", "sub", "iat"],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(nowMs),
    }),
  );
  // A service's token has an empty subject and no address: it is nobody who signs in.
  const claims = Claims.safeParse(payload);
  const { ACCESS_CORREOS } = config;
  const isInvited =
    claims.success &&
    (ACCESS_CORREOS.length === 0 || ACCESS_CORREOS.includes(claims.data.email.toLowerCase()));
  if (!isInvited) throw new AppError("no_autenticado");
  return SIGNED_IN;
}

const keysByIssuer = new Map<string, JWTVerifyGetKey>();

function keysOf(issuer: string): JWTVerifyGetKey {
  const known = keysByIssuer.get(issuer);
  if (known) return known;
  let restsUntilMs = Number.NEGATIVE_INFINITY;
  const resting = new Error("They could not be had a moment ago");
  const remote = createRemoteJWKSet(new URL("/cdn-cgi/access/certs", issuer), {
    timeoutDuration: FETCH_LIMIT_MS,
    cacheMaxAge: KEYS_KEPT_MS,
    cooldownDuration: UNKNOWN_KEY_PAUSE_MS,
    [customFetch]: async (url, options) => {
      if (Date.now() < restsUntilMs) throw resting;
      return await fetch(url, options);
    },
  });
  const keys: JWTVerifyGetKey = async (header, token) => {
    if (header.crit) throw new AppError("no_autenticado");
    try {
      return await remote(header, token);
    } catch (error) {
      if (isAboutToken(error)) throw error;
      // Whoever sends us tokens must not make us knock each time at an address that does not answer.
      if (error !== resting) restsUntilMs = Date.now() + FAILURE_PAUSE_MS;
      log.error("access_keys_unavailable", describeError(error));
      throw new AppError("acceso_no_disponible", {
        detail: "Cloudflare Access no da ahora sus claves públicas. Reintenta en unos segundos.",
        retryAfterSeconds: FAILURE_PAUSE_MS / 1_000,
      });
    }
  };
  keysByIssuer.set(issuer, keys);
  return keys;
}

function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
