import { hash, timingSafeEqual } from "node:crypto";

/** SHA-256 of the UTF-8 bytes, as lower-case hex. */
export function sha256Hex(text: string): string {
  return hash("sha256", text);
}

/** Compares digests, so that neither the length nor the first differing byte shows in the timing. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(hash("sha256", a, "buffer"), hash("sha256", b, "buffer"));
}
