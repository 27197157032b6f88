import { createHmac, hash, timingSafeEqual } from "node:crypto";

/** SHA-256 of the UTF-8 bytes, as lower-case hex. */
export function sha256Hex(text: string): string {
  return hash("sha256", text);
}

/** HMAC-SHA256 of the UTF-8 bytes, as lower-case hex. */
export function hmacSha256Hex(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

/** Compares digests, so that neither the length nor the first differing byte shows in the timing. */
export function isSameSecret(given: string, configured: string): boolean {
  if (known?.secret !== configured) known = { secret: configured, digest: digestOf(configured) };
  return timingSafeEqual(digestOf(given), known.digest);
}

/** A service has one secret to compare with, at every request. */
let known: { secret: string; digest: Uint8Array } | undefined;

function digestOf(text: string): Uint8Array {
  return hash("sha256", text, "buffer");
}

/** Compares two texts, in a time that tells nothing of where they differ. */
export function isSameDigest(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}
