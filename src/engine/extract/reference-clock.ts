import { Temporal } from "temporal-polyfill";
import type { Day } from "../../text/calendar-days.ts";

/** The moment that relative dates are counted from, in the time zone in which all dates are read. */
export type ReferenceClock = { now: Temporal.PlainDateTime; today: Day; timeZone: string };

/** @throws {RangeError} for an unreadable date-time or time zone. A date-time without offset is local to the zone. */
export function toReferenceClock(referenceDate: string, timeZone: string): ReferenceClock {
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})(?:\[|$)/iu.test(referenceDate);
  const now = hasOffset
    ? Temporal.Instant.from(referenceDate).toZonedDateTimeISO(timeZone).toPlainDateTime()
    : Temporal.PlainDateTime.from(referenceDate);
  return { now, today: now.toPlainDate(), timeZone };
}
