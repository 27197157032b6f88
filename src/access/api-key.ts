import { randomBytes } from "node:crypto";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { hmacSha256Hex, sameDigest } from "../lib/hash.ts";

/** The name of a client: part of every row, object name and cache key of its own. */
export const CLIENT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

const ID_BYTES = 8;
const RANDOM_BYTES = 24;
const SEAL_CHARS = 16;

const KEY = /^aia_([a-z0-9][a-z0-9-]{0,31})_([0-9a-f]{16})_([0-9a-f]{64})$/;

export type NewApiKey = {
  /** What its holder sends. Nobody keeps it. */
  text: string;
  /** HMAC-SHA256 with the pepper: what is kept of it. */
  digest: string;
};

export function newKeyId(): string {
  return randomBytes(ID_BYTES).toString("hex");
}

/** `aia_<client>_<id>_<secret>`. The secret ends in a seal, by which a made-up key is known without asking anybody. */
export function makeApiKey(pepper: string, client: string, id: string): NewApiKey {
  const random = randomBytes(RANDOM_BYTES).toString("hex");
  const text = `aia_${client}_${id}_${random}${sealOf(pepper, client, id, random)}`;
  return { text, digest: digestOf(pepper, text) };
}

export type GivenApiKey = { client: string; id: string; digest: string };

/**
 * Reads a key that was made with this pepper; undefined for anything else. What it says is only true if the digest
 * is one that the key's record knows.
 */
export function readApiKey(pepper: string, text: string): GivenApiKey | undefined {
  const [, client, id, secret] = KEY.exec(text) ?? [];
  if (client === undefined || id === undefined || secret === undefined) return undefined;
  const random = secret.slice(0, -SEAL_CHARS);
  if (!sameDigest(secret.slice(-SEAL_CHARS), sealOf(pepper, client, id, random))) return undefined;
  return { client, id, digest: digestOf(pepper, text) };
}

function sealOf(pepper: string, client: string, id: string, random: string): string {
  return hmacSha256Hex(pepper, `sello/${client}/${id}/${random}`).slice(0, SEAL_CHARS);
}

function digestOf(pepper: string, text: string): string {
  return hmacSha256Hex(pepper, `clave/${text}`);
}

/** @throws {AppError} falta_ajuste */
export function requirePepper({ KEYS_PEPPER }: Config): string {
  if (KEYS_PEPPER !== undefined) return KEYS_PEPPER;
  throw new AppError("falta_ajuste", {
    detail: "Para hacer claves falta el ajuste KEYS_PEPPER, y este servicio no lo tiene.",
  });
}
