import { createHmac, hash, timingSafeEqual } from "node:crypto";

/** Returns the SHA-256 of the UTF-8 bytes, as lower-case hex. */
export function sha256Hex(text: string): string {
  return hash("sha256", text);
}

/** Returns the HMAC-SHA256 of the UTF-8 bytes, as lower-case hex. */
export function hmacSha256Hex(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

/**
 * Compares a presented secret with the configured one. Compares their digests, so that the timing reveals neither the
 * length nor the first different byte.
 */
export function isSameSecret(presented: string, configured: string): boolean {
  if (cached?.secret !== configured) cached = { secret: configured, digest: digestOf(configured) };
  return timingSafeEqual(digestOf(presented), cached.digest);
}

/** Every request is compared with the same configured secret, so its digest is computed once per isolate. */
let cached: { secret: string; digest: Uint8Array } | undefined;

function digestOf(text: string): Uint8Array {
  return hash("sha256", text, "buffer");
}

/** Compares two digests. The timing does not reveal where they differ. */
export function isSameDigest(presented: string, expected: string): boolean {
  return timingSafeEqual(digestOf(presented), digestOf(expected));
}
