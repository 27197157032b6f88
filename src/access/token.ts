import { errors, jwtVerify, SignJWT, type CompactJWSHeaderParameters } from "jose";
import { z } from "zod";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { hmacSha256Hex, sameDigest } from "../lib/hash.ts";
import { OWNER, SCOPES, type Scope } from "./principal.ts";

const ISSUER = "asistente-ia";
const AUDIENCE = "asistente-ia/api";
const TYPE = "at+jwt";
/** Between the clocks of two data centres. */
const CLOCK_SKEW_SECONDS = 30;

/** What a token stands for: a part of what its key may do, while that key's secret is good. */
export type TokenGrant = {
  client: string;
  keyId: string | null;
  /** Of the key's secret that it was given for; null for the owner's key. */
  generation: number | null;
  scopes: Scope[];
  chats: number[] | null;
  /** Seconds since 1970. */
  expires: number;
};

type Secrets = Pick<Config, "API_KEY" | "JWT_SECRET" | "JWT_SECRET_ANTERIOR">;

/** Nothing else may stand in the header: no key and no address of one, no extension that must be understood. */
const Header = z.strictObject({
  alg: z.literal("HS256"),
  typ: z.literal(TYPE),
  kid: z.string(),
});

const Claims = z.object({
  sub: z.string().min(1),
  exp: z.int(),
  clave: z.string().nullable(),
  version: z.int().nullable(),
  huella: z.string().nullable(),
  permisos: z.array(z.enum(SCOPES)),
  chats: z.array(z.int()).nullable(),
});

/** @throws {AppError} falta_ajuste */
export async function signToken(
  { API_KEY, JWT_SECRET }: Secrets,
  grant: TokenGrant,
  { id, nowMs }: { id: string; nowMs: number },
): Promise<string> {
  if (JWT_SECRET === undefined) {
    throw new AppError("falta_ajuste", {
      detail: "Los tokens necesitan el ajuste JWT_SECRET, y este servicio no lo tiene.",
    });
  }
  const now = Math.floor(nowMs / 1_000);
  return await new SignJWT({
    clave: grant.keyId,
    version: grant.generation,
    huella: grant.keyId === null ? ownerMark(JWT_SECRET, API_KEY) : null,
    permisos: grant.scopes,
    chats: grant.chats,
  } satisfies Partial<z.input<typeof Claims>>)
    .setProtectedHeader({ alg: "HS256", typ: TYPE, kid: kidOf(JWT_SECRET) })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(grant.client)
    .setJti(id)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(grant.expires)
    .sign(bytesOf(JWT_SECRET));
}

/** What a token of ours says. Whether its key is still good is for others to find out. @throws {AppError} no_autenticado */
export async function readToken(
  secrets: Secrets,
  token: string,
  nowMs: number,
): Promise<TokenGrant> {
  let secret = "";
  const findSecret = (header: CompactJWSHeaderParameters): Uint8Array => {
    const parsed = Header.safeParse(header);
    const found = [secrets.JWT_SECRET, secrets.JWT_SECRET_ANTERIOR].find(
      (known) => known !== undefined && kidOf(known) === parsed.data?.kid,
    );
    if (found === undefined) throw new AppError("no_autenticado");
    secret = found;
    return bytesOf(found);
  };
  const { payload } = await refusing(() =>
    jwtVerify(token, findSecret, {
      algorithms: ["HS256"],
      typ: TYPE,
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ["exp", "iss", "aud", "sub", "iat"],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(nowMs),
    }),
  );
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw new AppError("no_autenticado");
  const { sub, exp, clave, version, huella, permisos, chats } = claims.data;
  if (clave === null) {
    const isOwners =
      sub === OWNER && huella !== null && sameDigest(huella, ownerMark(secret, secrets.API_KEY));
    if (!isOwners) throw new AppError("no_autenticado");
  }
  return { client: sub, keyId: clave, generation: version, scopes: permisos, chats, expires: exp };
}

/** Turns what jose says of a bad token into the one answer for all of them. */
export async function refusing<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new AppError("no_autenticado", { cause: error });
    throw error;
  }
}

/** Ties a token to the owner's key, so that it ends with it. Tells nothing of the key to who lacks the secret. */
function ownerMark(secret: string, apiKey = ""): string {
  return hmacSha256Hex(secret, `propietario/${apiKey}`);
}

function kidOf(secret: string): string {
  return hmacSha256Hex(secret, "kid").slice(0, 16);
}

function bytesOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
