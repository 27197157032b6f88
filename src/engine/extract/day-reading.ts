import { dayOf, type Clock, type Day } from "./calendar.ts";
import { ENGLISH_WEEKDAY, SHORT_WEEKDAY, SPANISH_WEEKDAY } from "./date-words.ts";

export type Precision = "day" | "month" | "year";

/** The first and last day of what is named. `hasYear`: it is written, not guessed. */
export type DayReading = {
  end: number;
  from: Day;
  to: Day;
  precision: Precision;
  hasYear?: boolean;
  isWeekday?: boolean;
  part?: string;
};

export type DayContext = { text: string; clock: Clock; monthFirst: boolean };
export type Reader = (context: DayContext, at: number) => DayReading | undefined;

export const WEEKDAY = `${SPANISH_WEEKDAY}|${ENGLISH_WEEKDAY}`;
/** Groups: the weekday, if there is one. */
export const ANY_WEEKDAY = `(?:(${WEEKDAY}|(?:${SHORT_WEEKDAY})\\.?)(?:,? |,? día | the ))?`;
/** No further figures, unit or currency make another number of it. */
export const NUMBER_NEXT = "(?![\\d]|[.,:]\\d|\\s?[%€$])";

export function oneDay(end: number, day: Day | undefined): DayReading | undefined {
  return day && { end, from: day, to: day, precision: "day" };
}

export function wholeMonth(end: number, year: number, month: number): DayReading | undefined {
  const from = dayOf(year, month, 1);
  return from && { end, from, to: from.with({ day: from.daysInMonth }), precision: "month" };
}
