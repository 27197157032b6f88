import { Temporal } from "temporal-polyfill";
import { DAY_MS } from "../../lib/durations.ts";
import { existingDay, type Day } from "../../text/calendar-days.ts";

/** Dates outside these years are rejected. */
const MIN_YEAR = 1000;
const MAX_YEAR = 2999;

/** Undefined when there is no such day, or its year is out of range. */
export function dayOf(year: number, month: number, day: number): Day | undefined {
  if (year < MIN_YEAR || year > MAX_YEAR || month < 1 || month > 12 || day < 1) return undefined;
  return existingDay(year, month, day);
}

/** The side of today on which a day without a year lies. `nearest`: the text does not show it. */
export type DateDirection = "past" | "future" | "nearest";

/**
 * The nearest day with this month and number on the given side of today. Without a side, it is at most four months back
 * or eight ahead. With a weekday, a day that falls on it is preferred.
 */
export function yearlessDay(
  month: number,
  day: number,
  today: Day,
  direction: DateDirection,
  weekday?: number,
): Day | undefined {
  // 29 February returns after at most 8 years.
  const reach = month === 2 && day === 29 ? 8 : 1;
  const days = Array.from({ length: 2 * reach + 1 }, (_, index) => today.year - reach + index)
    .map((year) => dayOf(year, month, day))
    .filter((candidate) => candidate !== undefined)
    .filter((candidate) => liesOn(candidate, today, direction));
  const onWeekday = weekday ? days.filter((candidate) => candidate.dayOfWeek === weekday) : [];
  return nearest(onWeekday, today) ?? nearest(days, today);
}

/** The nearest day with this number in any month; with a weekday, only days that fall on it. */
export function numberedDay(number: number, today: Day, weekday?: number): Day | undefined {
  const first = today.with({ day: 1 });
  const days = [-2, -1, 0, 1, 2]
    .map((months) => first.add({ months }))
    .map(({ year, month }) => dayOf(year, month, number))
    .filter((candidate) => candidate !== undefined)
    .filter((candidate) => weekday === undefined || candidate.dayOfWeek === weekday);
  return nearest(days, today);
}

function liesOn(day: Day, today: Day, direction: DateDirection): boolean {
  if (direction === "nearest") return true;
  const order = Temporal.PlainDate.compare(day, today);
  return direction === "past" ? order <= 0 : order >= 0;
}

function nearest(days: readonly Day[], today: Day): Day | undefined {
  return days.toSorted((a, b) => distance(a, today) - distance(b, today))[0];
}

/** In days. Texts look ahead more than back, so a day in the past counts as twice as far. */
function distance(day: Day, today: Day): number {
  const ahead = dayNumber(day) - dayNumber(today);
  return ahead < 0 ? -2 * ahead : ahead;
}

/** Days since 1970. Temporal's own arithmetic would take most of the time spent on dates. */
function dayNumber({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** The next day with this weekday; today only when allowed. */
export function comingWeekday(weekday: number, today: Day, mayBeToday = false): Day {
  const ahead = (weekday - today.dayOfWeek + 7) % 7;
  return today.add({ days: ahead === 0 && !mayBeToday ? 7 : ahead });
}

export function pastWeekday(weekday: number, today: Day): Day {
  return today.subtract({ days: (today.dayOfWeek - weekday + 7) % 7 || 7 });
}

/** A year of two digits lies between 80 years back and 19 ahead. */
export function fullYear(written: string, today: Day): number {
  if (written.length !== 2) return Number(written);
  const year = today.year - (today.year % 100) + Number(written);
  if (year > today.year + 19) return year - 100;
  return year <= today.year - 81 ? year + 100 : year;
}
