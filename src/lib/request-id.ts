import { V7Generator } from "uuidv7";

/** Ids keep increasing while the clock stands still or steps back by at most this much (RFC 9562, 6.2). */
const ROLLBACK_ALLOWANCE_MS = 10_000;

/** Returns a generator of UUIDv7 ids. Ids increase strictly, although workerd's clock stands still between I/O. */
export function createIdSource(): (nowMs: number) => string {
  const generator = new V7Generator();
  return (nowMs) => generator.generateOrResetCore(nowMs, ROLLBACK_ALLOWANCE_MS).toString();
}

/** Returns the instant at which a UUIDv7 was generated: its first 48 bits are milliseconds since 1970. */
export function instantOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
