import { Temporal } from "temporal-polyfill";

/** The rule of a prompt that says what «hoy» is. Names the weekday, which models compute unreliably. */
export function todayRule(referenceDate: string, timeZone: string): string {
  const day = Temporal.PlainDate.from(referenceDate);
  const weekday = day.toLocaleString("es", { weekday: "long" });
  return `«Hoy» es ${weekday}, ${referenceDate}, en ${timeZone}.`;
}
