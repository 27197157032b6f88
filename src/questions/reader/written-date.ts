import { Temporal } from "temporal-polyfill";
import {
  durationOf,
  existingDay,
  mondayOf,
  quarterStart,
  type Day,
} from "../../text/calendar-days.ts";
import { monthNumber, weekdayNumber } from "../../text/calendar-words.ts";
import { readNumber, readOrdinal } from "./numbers.ts";

/** A date that does not exist or has several meanings: the question cannot be understood. */
export class UnreadableDate extends Error {
  override readonly name = "UnreadableDate";
}

/** `to` is exclusive. */
type DayRange = { from: Day; to: Day };

export type DateContext = {
  today: Day;
  /** 3/5 may be in March or in May. */
  isEnglish: boolean;
};

/** A day or period as written. */
type WrittenDate = {
  /** Days before today. */
  daysAgo?: number;
  weekday?: string | undefined;
  /** Absent: the whole month, or the whole year when the month is absent too. */
  day?: string | undefined;
  month?: string | undefined;
  year?: string | undefined;
  hasSlashes?: boolean;
  /** Of the current period, or of the last one if `isLast`. */
  unit?: string;
  isLast?: boolean;
};

// ---- From the groups of a pattern

/** Reads the groups of DAY or EXTENT (date-patterns.ts), the first of which is `first`. */
export function toWrittenDate(match: RegExpExecArray, first: number): WrittenDate {
  const [today, yesterday, beforeYesterday, ...inDay] = match.slice(first);
  const [dayName, day, month, year, monthFirst, dayLast, yearLast, ...inFigures] = inDay;
  const [isoYear, isoMonth, isoDay, slashedDay, slashedMonth, slashedYear, ...others] = inFigures;
  const [weekday, wholeMonth, itsYear, wholeYear, current, lastUnit, lastUnitEnglish] = others;
  if (today) return { daysAgo: 0 };
  if (yesterday) return { daysAgo: 1 };
  if (beforeYesterday) return { daysAgo: 2 };
  if (month) return { weekday: dayName, day, month, year };
  if (monthFirst) return { day: dayLast, month: monthFirst, year: yearLast };
  if (isoYear) return { day: isoDay, month: isoMonth, year: isoYear };
  if (slashedDay) {
    return { day: slashedDay, month: slashedMonth, year: slashedYear, hasSlashes: true };
  }
  if (weekday) return { weekday };
  if (wholeMonth) return { month: wholeMonth, year: itsYear };
  if (wholeYear) return { year: wholeYear };
  if (current) return { unit: current };
  return { unit: lastUnit ?? lastUnitEnglish ?? "", isLast: true };
}

// ---- To days

/** @throws {UnreadableDate} */
export function toDayRange(written: WrittenDate, context: DateContext): DayRange {
  const { unit, isLast, day, month, year } = written;
  if (unit !== undefined) return periodOf(unit, isLast ? 1 : 0, context.today);
  if (month !== undefined && day === undefined) return monthRange(month, year, context.today);
  if (year !== undefined && month === undefined) return yearRange(Number(year));
  return oneDay(toDay(written, context));
}

/** @throws {UnreadableDate} */
export function toDay(written: WrittenDate, context: DateContext): Day {
  const { today } = context;
  if (written.daysAgo !== undefined) return today.subtract({ days: written.daysAgo });
  const weekday = weekdayNumber(written.weekday ?? "");
  if (weekday !== undefined && written.day === undefined) {
    return today.subtract({ days: ((today.dayOfWeek - weekday + 6) % 7) + 1 });
  }
  if (written.hasSlashes && context.isEnglish && isAmbiguous(written)) throw new UnreadableDate();
  const day = toMonthDay(written, today);
  if (weekday !== undefined && day.dayOfWeek !== weekday) throw new UnreadableDate();
  return day;
}

/** The first match of a written date on or after `from`. @throws {UnreadableDate} */
export function toFirstRangeFrom(written: WrittenDate, from: Day, context: DateContext): DayRange {
  if (written.weekday !== undefined && written.day === undefined) {
    const ahead = ((weekdayNumber(written.weekday) ?? 0) - from.dayOfWeek + 7) % 7;
    return oneDay(from.add({ days: ahead }));
  }
  if (written.month === undefined) return toDayRange(written, context);
  const sameYear = toDayRange({ ...written, year: String(from.year) }, context);
  if (Temporal.PlainDate.compare(sameYear.from, from) >= 0) return sameYear;
  return toDayRange({ ...written, year: String(from.year + 1) }, context);
}

export function oneDay(day: Day): DayRange {
  return { from: day, to: day.add({ days: 1 }) };
}

export function monthRange(month: string, year: string | undefined, today: Day): DayRange {
  const from = toMonthDay({ day: "1", month, year }, today);
  return { from, to: from.add({ months: 1 }) };
}

export function yearRange(year: number): DayRange {
  const from = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  return { from, to: from.add({ years: 1 }) };
}

/** The week, month, quarter or year of today, or `back` of them before. */
export function periodOf(unit: string, back: number, today: Day): DayRange {
  const from = periodStart(unit, today).subtract(durationOf(back, unit));
  return { from, to: from.add(durationOf(1, unit)) };
}

function periodStart(unit: string, today: Day): Day {
  if (/^(semana|week)/.test(unit)) return mondayOf(today);
  if (/^(ano|year)/.test(unit)) return today.with({ month: 1, day: 1 });
  return /^(mes|month)/.test(unit) ? today.with({ day: 1 }) : quarterStart(today);
}

/** 3/5 is in March or in May; 25/4 and 5/5 are clear. */
function isAmbiguous({ day, month }: WrittenDate): boolean {
  return Number(day) <= 12 && Number(month) <= 12 && Number(day) !== Number(month);
}

const MIN_YEAR = 2000;
const MAX_YEAR = 2100;
/** 29 February returns after at most 8 years. */
const MAX_YEARS_BACK = 8;

/** Without a year, the latest match that is not after `today`. */
function toMonthDay({ day, month, year }: WrittenDate, today: Day): Day {
  const monthOfYear = monthNumber(month ?? "") ?? Number(month);
  const dayOfMonth = readOrdinal(day) ?? readNumber(day?.replace(/(?<=\d)\D+$/, "")) ?? 0;
  if (year) {
    const date = existingDay(readYear(year, today), monthOfYear, dayOfMonth);
    if (!date || date.year < MIN_YEAR || date.year > MAX_YEAR) throw new UnreadableDate();
    return date;
  }
  for (let candidate = today.year; candidate >= today.year - MAX_YEARS_BACK; candidate -= 1) {
    const date = existingDay(candidate, monthOfYear, dayOfMonth);
    if (date && Temporal.PlainDate.compare(date, today) <= 0) return date;
  }
  throw new UnreadableDate();
}

/** In words it is last year. */
function readYear(written: string, today: Day): number {
  if (!/^\d+$/.test(written)) return today.year - 1;
  return Number(written.length === 2 ? `20${written}` : written);
}
