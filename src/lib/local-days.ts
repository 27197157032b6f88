import { Temporal } from "temporal-polyfill";

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const WITH_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * Converts an ISO date-time to an instant. One with an offset keeps it; a local date-time is read in the time zone; a date
 * means the start of that day in the time zone.
 * @throws {RangeError} when Temporal cannot parse the text or does not know the time zone
 */
export function parseStartInstant(text: string, timeZone: string): Date {
  if (DAY_ONLY.test(text)) return startOfDay(Temporal.PlainDate.from(text), timeZone);
  if (WITH_OFFSET.test(text)) return new Date(text);
  return new Date(Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds);
}

/** Like `parseStartInstant`, but a date means the end of that day: the start of the next one. Exclusive. */
export function parseEndInstant(text: string, timeZone: string): Date {
  return DAY_ONLY.test(text)
    ? startOfDay(Temporal.PlainDate.from(text).add({ days: 1 }), timeZone)
    : parseStartInstant(text, timeZone);
}

function startOfDay(day: Temporal.PlainDate, timeZone: string): Date {
  return new Date(day.toZonedDateTime(timeZone).epochMilliseconds);
}
