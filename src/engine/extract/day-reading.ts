import type { Temporal } from "temporal-polyfill";
import type { Day } from "../../text/calendar-days.ts";
import { dayOf } from "./calendar.ts";
import { ENGLISH_WEEKDAY, SHORT_WEEKDAY, SPANISH_WEEKDAY } from "./date-words.ts";
import type { ReferenceClock } from "./reference-clock.ts";

export type DayPrecision = "day" | "month" | "year";

/** A day or period written in a text; `from` and `to` are its first and last day. */
export type DayReading = {
  /** Offset after the last character. */
  end: number;
  from: Day;
  to: Day;
  precision: DayPrecision;
  /** The year is written, not guessed. */
  hasYear?: boolean;
  isWeekday?: boolean;
  /** «noche» of «anoche». */
  dayPart?: string;
  /** Only for times counted in hours or minutes from now. */
  exactTime?: Temporal.PlainDateTime;
};

export type DayContext = { text: string; clock: ReferenceClock; monthFirst: boolean };
/** Reads what starts exactly at `at`. */
export type DayReader = (context: DayContext, at: number) => DayReading | undefined;

// ---- Pattern sources

export const WEEKDAY = `${SPANISH_WEEKDAY}|${ENGLISH_WEEKDAY}`;
/** Optional. Groups: the weekday. */
export const ANY_WEEKDAY = `(?:(${WEEKDAY}|(?:${SHORT_WEEKDAY})\\.?)(?:,? |,? día | the ))?`;
/** The number ends here: no more digits, unit or currency follow. */
export const NUMBER_END = "(?![\\d]|[.,:]\\d|\\s?[%€$])";

// ---- Values

export function oneDay(end: number, day: Day | undefined): DayReading | undefined {
  return day && { end, from: day, to: day, precision: "day" };
}

export function wholeMonth(end: number, year: number, month: number): DayReading | undefined {
  const from = dayOf(year, month, 1);
  return from && { end, from, to: from.with({ day: from.daysInMonth }), precision: "month" };
}

export function wholeYear(end: number, year: number): DayReading | undefined {
  const from = dayOf(year, 1, 1);
  return (
    from && { end, from, to: from.with({ month: 12, day: 31 }), precision: "year", hasYear: true }
  );
}

export function monthsFrom(end: number, from: Day, months: number): DayReading {
  return { end, from, to: from.add({ months }).subtract({ days: 1 }), precision: "day" };
}
