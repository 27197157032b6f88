/** «14 de mayo de 2026 a las 11:00», in that time zone. */
export function momentInWords(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat("es-ES", {
    dateStyle: "long",
    timeStyle: "short",
    timeZone,
  }).format(new Date(iso));
}
