import { randomBytes } from "node:crypto";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { hmacSha256Hex, isSameDigest } from "../lib/hash.ts";

/** A client name. It is part of every row, object name and cache key of the client. */
export const CLIENT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

const ID_BYTES = 8;
const RANDOM_BYTES = 24;
const CHECKSUM_CHARS = 16;

const KEY = /^aia_([a-z0-9][a-z0-9-]{0,31})_([0-9a-f]{16})_([0-9a-f]{64})$/;

export type GeneratedApiKey = {
  /** What the client sends. The service never stores it. */
  text: string;
  /** HMAC-SHA256 of the text with the pepper. The service stores only this. */
  digest: string;
};

export function generateKeyId(): string {
  return randomBytes(ID_BYTES).toString("hex");
}

/**
 * Generates a key `aia_<client>_<id>_<secret>`. The secret ends in a keyed checksum, so that a forged key is rejected
 * without a lookup.
 */
export function generateApiKey(pepper: string, client: string, id: string): GeneratedApiKey {
  const random = randomBytes(RANDOM_BYTES).toString("hex");
  const text = `aia_${client}_${id}_${random}${checksum(pepper, client, id, random)}`;
  return { text, digest: digest(pepper, text) };
}

export type ParsedApiKey = { client: string; id: string; digest: string };

/**
 * Parses a key that was generated with this pepper; undefined for any other text. The client and the id are only
 * trustworthy once the digest has been compared with the stored record.
 */
export function parseApiKey(pepper: string, text: string): ParsedApiKey | undefined {
  const [, client, id, secret] = KEY.exec(text) ?? [];
  if (client === undefined || id === undefined || secret === undefined) return undefined;
  const random = secret.slice(0, -CHECKSUM_CHARS);
  if (!isSameDigest(secret.slice(-CHECKSUM_CHARS), checksum(pepper, client, id, random))) {
    return undefined;
  }
  return { client, id, digest: digest(pepper, text) };
}

function checksum(pepper: string, client: string, id: string, random: string): string {
  return hmacSha256Hex(pepper, `sello/${client}/${id}/${random}`).slice(0, CHECKSUM_CHARS);
}

function digest(pepper: string, text: string): string {
  return hmacSha256Hex(pepper, `clave/${text}`);
}

/** @throws {AppError} falta_ajuste when KEYS_PEPPER is not set */
export function requirePepper({ KEYS_PEPPER }: Pick<Config, "KEYS_PEPPER">): string {
  if (KEYS_PEPPER !== undefined) return KEYS_PEPPER;
  throw new AppError("falta_ajuste", {
    detail: "Para hacer claves falta el ajuste KEYS_PEPPER, y este servicio no lo tiene.",
  });
}
