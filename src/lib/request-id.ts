import { V7Generator } from "uuidv7";

/** A clock that may stand still or step back this far still gives ids that only grow (RFC 9562, 6.2). */
const ROLLBACK_ALLOWANCE_MS = 10_000;

/** Gives UUIDv7 ids, each greater than the one before, even while workerd's clock stands still between I/O. */
export function createIdSource(): (nowMs: number) => string {
  const generator = new V7Generator();
  return (nowMs) => generator.generateOrResetCore(nowMs, ROLLBACK_ALLOWANCE_MS).toString();
}

/** The instant a UUIDv7 was made: its first 48 bits are milliseconds since 1970. */
export function instantOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
