import { Temporal } from "temporal-polyfill";

/** Whether an ISO 8601 day or local date-time exists in the calendar. */
export function isIsoDateTime(iso: string): boolean {
  try {
    Temporal.PlainDateTime.from(iso);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const ISO_DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?)?)?$/;

/** Whether an ISO 8601 year, month, day or local date-time exists in the calendar. */
export function isIsoDate(iso: string): boolean {
  if (!ISO_DATE.test(iso)) return false;
  return isIsoDateTime(`${iso}${"-01-01".slice(iso.length - "2026".length)}`);
}
