/** A place, or the time of none. */
const NAME = /\/|^(?:UTC|GMT)$/i;

/**
 * Whether it is an IANA time zone of a place, or UTC, that this runtime knows. PostgreSQL, which counts the days, takes
 * other names for something else: CET for an hour that knows no summer, and +02:00 for what lies west of Greenwich.
 */
export function isTimeZone(value: string): boolean {
  if (!NAME.test(value)) return false;
  try {
    Intl.DateTimeFormat("es", { timeZone: value });
    return true;
  } catch {
    // What Intl throws for an unknown zone.
    return false;
  }
}
