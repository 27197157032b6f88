import { Temporal } from "temporal-polyfill";

/** A local date-time, or the day that it is, that some calendar has. */
export function isMoment(iso: string): boolean {
  return isReadable(() => Temporal.PlainDateTime.from(iso));
}

const ISO_DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?)?)?$/;

/** A year, a month, a day or a local date-time that exists. */
export function isIsoDate(iso: string): boolean {
  if (!ISO_DATE.test(iso)) return false;
  return isMoment(`${iso}${"-01-01".slice(iso.length - "2026".length)}`);
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
