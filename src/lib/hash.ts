import { createHash, timingSafeEqual } from "node:crypto";

/** SHA-256 of the UTF-8 bytes, as lower-case hex. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Compares digests, so that neither the length nor the first differing byte shows in the timing. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(
    createHash("sha256").update(a).digest(),
    createHash("sha256").update(b).digest(),
  );
}
