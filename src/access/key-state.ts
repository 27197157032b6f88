import { AppError } from "../errors.ts";
import { isSameDigest } from "../lib/hash.ts";
import type { KeyLimits, Principal, Scope } from "./principal.ts";

/** A secret that authenticates a key: the newest one, or the previous one during its grace period. */
export type KeySecret = {
  digest: string;
  generation: number;
  /** Milliseconds since 1970; null: while the key is valid. */
  endsMs: number | null;
};

/** What the Worker needs to know about a key to authenticate a request. */
export type KeyState = {
  id: string;
  client: string;
  scopes: readonly Scope[];
  chats: readonly number[] | null;
  limits: KeyLimits;
  /** Newest first, at most two. */
  secrets: readonly KeySecret[];
  /** Milliseconds since 1970; null: never. */
  expiresMs: number | null;
  isRevoked: boolean;
};

/** The evidence that a request presents for a key: the digest of a secret, or a token issued for one of its secrets. */
export type KeyProof = { client: string } & (
  | { kind: "secret"; digest: string }
  | { kind: "token"; generation: number }
);

const NO_SECRET: KeySecret = { digest: "0".repeat(64), generation: 0, endsMs: 0 };

/**
 * Returns the secret of the key that the proof matches, or undefined when the proof is wrong or the key is absent,
 * revoked or expired. Takes the same time whether or not the key exists.
 */
export function matchingSecret(
  key: KeyState | null,
  proof: KeyProof,
  nowMs: number,
): KeySecret | undefined {
  const [newest = NO_SECRET, previous = NO_SECRET] = key?.secrets ?? [];
  // Always compares both secrets, so that the timing does not reveal which one matched.
  const [match] = [newest, previous].filter(
    (secret) => matches(secret, proof) && (secret.endsMs === null || nowMs < secret.endsMs),
  );
  const isValid =
    key !== null &&
    key.client === proof.client &&
    !key.isRevoked &&
    (key.expiresMs === null || nowMs < key.expiresMs);
  return isValid ? match : undefined;
}

function matches(secret: KeySecret, proof: KeyProof): boolean {
  return proof.kind === "secret"
    ? isSameDigest(proof.digest, secret.digest)
    : proof.generation === secret.generation;
}

/**
 * Returns the principal that the key authenticates.
 * @throws {AppError} no_autenticado when the proof does not match the key
 */
export function toPrincipal(key: KeyState | null, proof: KeyProof, nowMs: number): Principal {
  const secret = matchingSecret(key, proof, nowMs);
  if (!secret || !key) throw new AppError("no_autenticado");
  return {
    client: key.client,
    keyId: key.id,
    generation: secret.generation,
    scopes: new Set(key.scopes),
    chats: key.chats && new Set(key.chats),
    expiresAtMs: key.expiresMs,
    limits: key.limits,
  };
}
