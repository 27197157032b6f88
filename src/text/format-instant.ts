/** Formats an ISO instant for people, in Spanish: «14 de mayo de 2026, 11:00» in `timeZone`. */
export function formatInstant(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat("es-ES", {
    dateStyle: "long",
    timeStyle: "short",
    timeZone,
  }).format(new Date(iso));
}
