import { errors, jwtVerify, SignJWT, type CompactJWSHeaderParameters } from "jose";
import { z } from "zod";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { hmacSha256Hex, isSameDigest } from "../lib/hash.ts";
import { OWNER_CLIENT, SCOPES, type Scope } from "./principal.ts";

const ISSUER = "asistente-ia";
const AUDIENCE = "asistente-ia/api";
const TYPE = "at+jwt";
/** Allows for the clock difference between two data centres. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** The content of a token: a subset of the permissions of its key, valid while that key's secret is valid. */
export type TokenGrant = {
  client: string;
  keyId: string | null;
  /** Generation of the key's secret that the token was issued for; null for API_KEY. */
  generation: number | null;
  scopes: Scope[];
  /** Null: every chat of the client. */
  chats: number[] | null;
  /** Seconds since 1970. */
  expiresAtSeconds: number;
};

export type TokenSecrets = Pick<Config, "API_KEY" | "JWT_SECRET" | "JWT_SECRET_ANTERIOR">;

/** Strict: rejects headers that name or embed another key (`jku`, `x5u`, `jwk`…) and critical extensions (`crit`). */
const TokenHeader = z.strictObject({
  alg: z.literal("HS256"),
  typ: z.literal(TYPE),
  kid: z.string(),
});

const TokenClaims = z.object({
  sub: z.string().min(1),
  exp: z.int(),
  clave: z.string().nullable(),
  version: z.int().nullable(),
  huella: z.string().nullable(),
  permisos: z.array(z.enum(SCOPES)),
  chats: z.array(z.int()).nullable(),
});

/**
 * Signs a token (HS256) for the grant. `id` becomes its `jti`.
 * @throws {AppError} falta_ajuste when JWT_SECRET is not set
 */
export async function signToken(
  { API_KEY, JWT_SECRET }: Omit<TokenSecrets, "JWT_SECRET_ANTERIOR">,
  grant: TokenGrant,
  { id, nowMs }: { id: string; nowMs: number },
): Promise<string> {
  if (JWT_SECRET === undefined) {
    throw new AppError("falta_ajuste", {
      detail: "Los tokens necesitan el ajuste JWT_SECRET, y este servicio no lo tiene.",
    });
  }
  const nowSeconds = Math.floor(nowMs / 1_000);
  return await new SignJWT({
    clave: grant.keyId,
    version: grant.generation,
    huella: grant.keyId === null ? ownerFingerprint(JWT_SECRET, API_KEY) : null,
    permisos: grant.scopes,
    chats: grant.chats,
  } satisfies Partial<z.input<typeof TokenClaims>>)
    .setProtectedHeader({ alg: "HS256", typ: TYPE, kid: toKid(JWT_SECRET) })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(grant.client)
    .setJti(id)
    .setIssuedAt(nowSeconds)
    .setNotBefore(nowSeconds)
    .setExpirationTime(grant.expiresAtSeconds)
    .sign(toBytes(JWT_SECRET));
}

/**
 * Verifies a token that this service signed with JWT_SECRET or JWT_SECRET_ANTERIOR, and returns its grant. Does not check
 * that the key is still valid: the caller looks it up.
 * @throws {AppError} no_autenticado
 */
export async function verifyToken(
  secrets: TokenSecrets,
  token: string,
  nowMs: number,
): Promise<TokenGrant> {
  let secret = "";
  const findSecret = (header: CompactJWSHeaderParameters): Uint8Array => {
    const parsed = TokenHeader.safeParse(header);
    const found = [secrets.JWT_SECRET, secrets.JWT_SECRET_ANTERIOR].find(
      (known) => known !== undefined && toKid(known) === parsed.data?.kid,
    );
    if (found === undefined) throw new AppError("no_autenticado");
    secret = found;
    return toBytes(found);
  };
  const { payload } = await mapToUnauthenticated(() =>
    jwtVerify(token, findSecret, {
      algorithms: ["HS256"],
      typ: TYPE,
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ["exp", "iss", "aud", "sub", "iat"],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(nowMs),
    }),
  );
  const claims = TokenClaims.safeParse(payload);
  if (!claims.success) throw new AppError("no_autenticado");
  const { sub, exp, clave, version, huella, permisos, chats } = claims.data;
  if (clave === null) {
    const isOwner =
      sub === OWNER_CLIENT &&
      huella !== null &&
      isSameDigest(huella, ownerFingerprint(secret, secrets.API_KEY));
    if (!isOwner) throw new AppError("no_autenticado");
  }
  return {
    client: sub,
    keyId: clave,
    generation: version,
    scopes: permisos,
    chats,
    expiresAtSeconds: exp,
  };
}

/** Runs `verify` and maps every token error of jose to no_autenticado, so that the response does not reveal the reason. */
export async function mapToUnauthenticated<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new AppError("no_autenticado", { cause: error });
    throw error;
  }
}

/**
 * Ties an owner's token to API_KEY, so that the token ends when API_KEY changes. Keyed with the secret: without it, the
 * fingerprint reveals nothing about API_KEY.
 */
function ownerFingerprint(secret: string, apiKey = ""): string {
  return hmacSha256Hex(secret, `propietario/${apiKey}`);
}

function toKid(secret: string): string {
  return hmacSha256Hex(secret, "kid").slice(0, 16);
}

function toBytes(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
