import { Temporal } from "temporal-polyfill";
import { DAY_MS } from "../../lib/durations.ts";

export type Day = Temporal.PlainDate;

/** What is now in the time zone in which dates are read. */
export type Clock = { now: Temporal.PlainDateTime; today: Day; timeZone: string };

/** An instant with offset, or a local date-time of the time zone. @throws {RangeError} for either unreadable */
export function clockAt(referenceDate: string, timeZone: string): Clock {
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})(?:\[|$)/iu.test(referenceDate);
  const now = hasOffset
    ? Temporal.Instant.from(referenceDate).toZonedDateTimeISO(timeZone).toPlainDateTime()
    : Temporal.PlainDateTime.from(referenceDate);
  return { now, today: now.toPlainDate(), timeZone };
}

/** Undefined when there is no such day, or it is not of years that texts write about. */
export function dayOf(year: number, month: number, day: number): Day | undefined {
  if (year < 1000 || year > 2999 || month < 1 || month > 12 || day < 1) return undefined;
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    // There is no such day.
    return undefined;
  }
}

export type Direction = "past" | "future" | "nearest";

/**
 * The day of this number and month nearest to today, on the side where it should lie: within four months back or eight
 * ahead when that is left open. With a weekday, one that falls on it, where there is one.
 */
export function yearlessDay(
  month: number,
  day: number,
  today: Day,
  direction: Direction,
  weekday?: number,
): Day | undefined {
  // 29 February comes back after at most 8 years.
  const reach = month === 2 && day === 29 ? 8 : 1;
  const days = Array.from({ length: 2 * reach + 1 }, (_, index) => today.year - reach + index)
    .map((year) => dayOf(year, month, day))
    .filter((found) => found !== undefined)
    .filter((found) => isOn(found, today, direction));
  const onWeekday = weekday ? days.filter((found) => found.dayOfWeek === weekday) : [];
  return nearest(onWeekday, today) ?? nearest(days, today);
}

/** The nearest day with this number in its month; with a weekday, one that falls on it. */
export function numberedDay(number: number, today: Day, weekday?: number): Day | undefined {
  const first = today.with({ day: 1 });
  const days = [-2, -1, 0, 1, 2]
    .map((months) => first.add({ months }))
    .map(({ year, month }) => dayOf(year, month, number))
    .filter((found) => found !== undefined)
    .filter((found) => weekday === undefined || found.dayOfWeek === weekday);
  return nearest(days, today);
}

function isOn(day: Day, today: Day, direction: Direction): boolean {
  if (direction === "nearest") return true;
  const order = Temporal.PlainDate.compare(day, today);
  return direction === "past" ? order <= 0 : order >= 0;
}

function nearest(days: readonly Day[], today: Day): Day | undefined {
  return days.toSorted((a, b) => remoteness(a, today) - remoteness(b, today))[0];
}

/** Days since 1970: Temporal's own arithmetic would take most of the time spent on dates. */
function dayNumber({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** Texts look ahead rather than back: a day that is over counts as twice as far. */
function remoteness(day: Day, today: Day): number {
  const ahead = dayNumber(day) - dayNumber(today);
  return ahead < 0 ? -2 * ahead : ahead;
}

/** The next day with this weekday, today itself not counted unless asked for. */
export function comingWeekday(weekday: number, today: Day, mayBeToday = false): Day {
  const ahead = (weekday - today.dayOfWeek + 7) % 7;
  return today.add({ days: ahead === 0 && !mayBeToday ? 7 : ahead });
}

export function pastWeekday(weekday: number, today: Day): Day {
  return today.subtract({ days: (today.dayOfWeek - weekday + 7) % 7 || 7 });
}

export function mondayOf(day: Day): Day {
  return day.subtract({ days: day.dayOfWeek - 1 });
}

/** A year of two digits is the one between 80 years back and 19 ahead. */
export function fullYear(written: string, today: Day): number {
  if (written.length !== 2) return Number(written);
  const year = today.year - (today.year % 100) + Number(written);
  if (year > today.year + 19) return year - 100;
  return year <= today.year - 81 ? year + 100 : year;
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
