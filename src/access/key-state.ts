import { AppError } from "../errors.ts";
import { sameDigest } from "../lib/hash.ts";
import type { Limits, Principal, Scope } from "./principal.ts";

/** One of the secrets that open a key: its newest, or the one before while it has its days of grace. */
export type KeySecret = { digest: string; generation: number; endsMs: number | null };

/** What must be known of a key to let somebody in. */
export type KeyState = {
  id: string;
  client: string;
  scopes: readonly Scope[];
  chats: readonly number[] | null;
  limits: Limits;
  secrets: readonly KeySecret[];
  expiresMs: number | null;
  revoked: boolean;
};

/** By what somebody claims a key: its secret, or a token that was given for one of its secrets. */
export type Proof = { client: string } & (
  | { kind: "secret"; digest: string }
  | { kind: "token"; generation: number }
);

const NO_SECRET: KeySecret = { digest: "0".repeat(64), generation: 0, endsMs: 0 };

/** The secret by which the proof opens the key now. A key that does not exist takes the same work as one that does. */
export function openedBy(key: KeyState | null, proof: Proof, nowMs: number): KeySecret | undefined {
  const [newest = NO_SECRET, before = NO_SECRET] = key?.secrets ?? [];
  // Both are looked at whatever the first says.
  const [found] = [newest, before].filter(
    (secret) => matches(secret, proof) && (secret.endsMs === null || nowMs < secret.endsMs),
  );
  const isGood =
    key !== null &&
    key.client === proof.client &&
    !key.revoked &&
    (key.expiresMs === null || nowMs < key.expiresMs);
  return isGood ? found : undefined;
}

function matches(secret: KeySecret, proof: Proof): boolean {
  return proof.kind === "secret"
    ? sameDigest(proof.digest, secret.digest)
    : proof.generation === secret.generation;
}

/** Who comes with this key, if the proof opens it. @throws {AppError} no_autenticado */
export function principalOf(key: KeyState | null, proof: Proof, nowMs: number): Principal {
  const secret = openedBy(key, proof, nowMs);
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
