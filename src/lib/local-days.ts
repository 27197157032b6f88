import { Temporal } from "temporal-polyfill";

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const WITH_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/** An ISO instant as it is; a local date-time, or the begin of a day, as the instant that it is in the time zone. */
export function startInstant(given: string, timeZone: string): Date {
  if (DAY_ONLY.test(given)) return startOf(Temporal.PlainDate.from(given), timeZone);
  if (WITH_OFFSET.test(given)) return new Date(given);
  return new Date(Temporal.PlainDateTime.from(given).toZonedDateTime(timeZone).epochMilliseconds);
}

/** The same, but a day as the instant at which the next one begins. */
export function endInstant(given: string, timeZone: string): Date {
  return DAY_ONLY.test(given)
    ? startOf(Temporal.PlainDate.from(given).add({ days: 1 }), timeZone)
    : startInstant(given, timeZone);
}

function startOf(day: Temporal.PlainDate, timeZone: string): Date {
  return new Date(day.toZonedDateTime(timeZone).epochMilliseconds);
}
