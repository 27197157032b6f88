import { Temporal } from "temporal-polyfill";

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/** An ISO instant as it is; a day as the instant at which it begins in the time zone. */
export function startInstant(given: string, timeZone: string): Date {
  return DAY_ONLY.test(given) ? startOf(Temporal.PlainDate.from(given), timeZone) : new Date(given);
}

/** An ISO instant as it is; a day as the instant at which the next one begins. */
export function endInstant(given: string, timeZone: string): Date {
  return DAY_ONLY.test(given)
    ? startOf(Temporal.PlainDate.from(given).add({ days: 1 }), timeZone)
    : new Date(given);
}

function startOf(day: Temporal.PlainDate, timeZone: string): Date {
  return new Date(day.toZonedDateTime(timeZone).epochMilliseconds);
}
