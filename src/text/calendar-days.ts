import { Temporal } from "temporal-polyfill";

export type Day = Temporal.PlainDate;

/** Undefined when the calendar has no such day. */
export function existingDay(year: number, month: number, day: number): Day | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

export function mondayOf(day: Day): Day {
  return day.subtract({ days: day.dayOfWeek - 1 });
}

export function quarterStart(day: Day): Day {
  return day.with({ day: 1, month: day.month - ((day.month - 1) % 3) });
}

/** `unit` is a folded Spanish or English name, singular or plural. Days and nights are the default. */
export function durationOf(count: number, unit: string): Temporal.DurationLikeObject {
  if (unit.startsWith("minut")) return { minutes: count };
  if (/^h(?:ora|our)/.test(unit)) return { hours: count };
  if (/^(?:semana|week)/.test(unit)) return { weeks: count };
  if (unit.startsWith("fortnight")) return { weeks: 2 * count };
  if (unit.startsWith("quincena")) return { days: 15 * count };
  if (/^(?:mes|month)/.test(unit)) return { months: count };
  if (/^(?:trimestre|quarter)/.test(unit)) return { months: 3 * count };
  return /^(?:ano|year)/.test(unit) ? { years: count } : { days: count };
}
