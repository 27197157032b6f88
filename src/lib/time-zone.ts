/** A name with a slash, or UTC or GMT. */
const PLACE_OR_UTC = /\/|^(?:UTC|GMT)$/i;

/**
 * Whether the value is UTC or an IANA time zone of a place that this runtime knows. PostgreSQL counts days in the same
 * time zone and reads other names differently: CET without daylight saving time, and +02:00 as west of Greenwich.
 */
export function isTimeZone(value: string): boolean {
  if (!PLACE_OR_UTC.test(value)) return false;
  try {
    Intl.DateTimeFormat("es", { timeZone: value });
    return true;
  } catch {
    // Intl throws a RangeError for an unknown time zone.
    return false;
  }
}
