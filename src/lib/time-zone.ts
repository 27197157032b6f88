/** Whether it is an IANA time zone that this runtime knows. */
export function isTimeZone(value: string): boolean {
  try {
    Intl.DateTimeFormat("es", { timeZone: value });
    return true;
  } catch {
    // What Intl throws for an unknown zone.
    return false;
  }
}
