import { Temporal } from "temporal-polyfill";
import { durationOf, type Day } from "../../text/calendar-days.ts";
import { WEEKDAYS, weekdayNumber } from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import {
  COUNTED_UNIT,
  DAY,
  DAY_GROUPS,
  DAY_NUMBER,
  EXTENT,
  EXTENT_GROUPS,
  MONTH,
  MONTH_OF_DAY,
  NEAR_PERIOD,
  OF_YEAR,
  PERIOD_UNIT,
  PLURAL_ENDING,
  SPANISH_MONTH,
  WEEKDAY,
} from "./date-patterns.ts";
import { NUMBER, NUMBER_WORD, readNumber } from "./numbers.ts";
import type { QuestionClock } from "./question-filter.ts";
import type { Remainder } from "./remainder.ts";
import { ENGLISH_WORD } from "./vocabulary.ts";
import {
  monthRange,
  oneDay,
  periodOf,
  toDay,
  toDayRange,
  toFirstRangeFrom,
  toWrittenDate,
  UnreadableDate,
  yearRange,
  type DateContext,
} from "./written-date.ts";

/** `to` is exclusive; null is open. */
type PeriodSpan = { from: Date | null; to: Date | null };
type OpenDayRange = { from: Day | null; to: Day | null };

/**
 * Takes the dates out of a question. Weeks start on Monday. A month or day without a year is the latest one that is not
 * in the future. Undefined when there are no dates.
 * @throws {UnreadableDate} for a day that does not exist or a period that ends before it starts
 */
export function takePeriod(
  rest: Remainder,
  { now, timeZone }: QuestionClock,
): PeriodSpan | undefined {
  const localNow = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(
    timeZone,
  );
  const today = localNow.toPlainDate();
  const context: DateContext = { today, isEnglish: rest.has(ENGLISH_WORD) };
  // Asked on a Monday, «este lunes» may be today or a week ago.
  if (rest.has(`(?:este|this) (?:${weekdayNames(today)})`)) throw new UnreadableDate();
  const rolling = takeRolling(rest, localNow);
  if (rolling) return rolling;
  const days =
    takeRange(rest, context) ?? takeOpenRange(rest, context) ?? takeDistantDay(rest, today);
  if (days) return toSpan(days, timeZone);
  const day = takeOneDay(rest, context, timeZone);
  if (day) return day;
  const period = takeNamedPeriod(rest, today);
  return period && toSpan(period, timeZone);
}

function weekdayNames({ dayOfWeek }: Day): string {
  const names = WEEKDAYS[dayOfWeek - 1];
  return names ? `${fold(names.spanish)}|${names.english}` : "";
}

// ---- Periods up to now

const ARTICLE = "(?:en |durante |de |in |over |from )?(?:los |las |el |la |the )?";
const LAST = "ultim[oa]s?|pasad[oa]s?|last|past";
const LAST_SEVERAL = `${ARTICLE}(?:${LAST}) (${NUMBER}) (${COUNTED_UNIT})${PLURAL_ENDING}`;
const SEVERAL_LAST = `${ARTICLE}(${NUMBER}) (?:${LAST}) (${COUNTED_UNIT})${PLURAL_ENDING}`;
const LAST_ONE =
  "(?:en |durante |de )?(?:el |la )?(?<! a )ultim[oa] (semana|mes|trimestre|ano|hora)";

/** «los últimos 7 días»: counted back from this moment. */
function takeRolling(rest: Remainder, localNow: Temporal.ZonedDateTime): PeriodSpan | undefined {
  const several = rest.take(LAST_SEVERAL) ?? rest.take(SEVERAL_LAST);
  const one = rest.take(LAST_ONE);
  const unit = several?.[2] ?? one?.[1];
  if (unit === undefined) return undefined;
  const length = durationOf(several ? readCount(several[1]) : 1, unit);
  return { from: toDate(localNow.subtract(length)), to: toDate(localNow) };
}

// ---- Ranges

/** «del 3 y el 10» is two days and not a range, so each opening has its own links. */
const OPENINGS_AND_LINKS = [
  ["entre|between", "y|and"],
  ["del?|desde|from", "al?|hasta|to|until"],
] as const;

function between(first: string, last: string): string[] {
  return OPENINGS_AND_LINKS.map(
    ([opening, link]) => `(?:${opening}) (?:el )?(?:${first}) (?:${link}) (?:el )?(?:${last})`,
  );
}

const DAY_OF_MONTH = `\\d{1,2}|primero|${NUMBER_WORD}`;
/** Groups: first day, last day, month, year. */
const DAYS_OF_ONE_MONTH = between(
  `(${DAY_OF_MONTH})`,
  `(${DAY_OF_MONTH}) (?:de )?(${MONTH_OF_DAY})${OF_YEAR}`,
);
const TWO_EXTENTS = between(EXTENT, EXTENT);

/** «entre mayo y junio», «del 3 al 10 de mayo». */
function takeRange(rest: Remainder, context: DateContext): OpenDayRange | undefined {
  const sameMonth = rest.takeFirst(DAYS_OF_ONE_MONTH);
  if (sameMonth) {
    const [, first, last, month, year] = sameMonth;
    const from = toDay({ day: first, month, year }, context);
    const to = toDay({ day: last, month, year: String(from.year) }, context);
    return inOrder({ from, to: to.add({ days: 1 }) });
  }
  const match = rest.takeFirst(TWO_EXTENTS);
  if (!match) return undefined;
  const first = toWrittenDate(match, 1);
  const last = toWrittenDate(match, 1 + EXTENT_GROUPS);
  if (last.year === undefined) {
    const start = toDayRange(first, context);
    const end = toFirstRangeFrom(last, start.from, context);
    return inOrder({ from: start.from, to: end.to });
  }
  // A year at the end holds for both dates.
  const end = toDayRange(last, context);
  const start = toDayRange(first, { ...context, today: end.from });
  return inOrder({ from: start.from, to: end.to });
}

const FOR_SOME_TIME = `desde hace (${NUMBER}) (dia|semana|mes|ano)${PLURAL_ENDING}`;
const SINCE = `(?:desde|a partir del?|since) (?:${EXTENT})`;
const AFTER = `(?:despues del?|posteriores al?|after) (?:${EXTENT})`;
const BEFORE = `(?:antes del?(?! ayer )|anteriores al?|before) (?:${EXTENT})`;
const UNTIL = `(?:hasta|until) (?:${EXTENT})`;

/** «desde mayo», «antes del lunes». */
function takeOpenRange(rest: Remainder, context: DateContext): OpenDayRange | undefined {
  const { today } = context;
  const ago = rest.take(FOR_SOME_TIME);
  if (ago) {
    return { from: today.subtract(durationOf(readCount(ago[1]), ago[2] ?? "")), to: null };
  }
  const since = rest.take(SINCE);
  if (since) return { from: toDayRange(toWrittenDate(since, 1), context).from, to: null };
  const after = rest.take(AFTER);
  if (after) return { from: toDayRange(toWrittenDate(after, 1), context).to, to: null };
  const before = rest.take(BEFORE);
  if (before) return { from: null, to: toDayRange(toWrittenDate(before, 1), context).from };
  const until = rest.take(UNTIL);
  return until && { from: null, to: toDayRange(toWrittenDate(until, 1), context).to };
}

/** @throws {UnreadableDate} for zero, and for an implausibly large number */
function readCount(word: string | undefined): number {
  const count = readNumber(word) ?? 0;
  if (count === 0 || count > 1_000) throw new UnreadableDate();
  return count;
}

function inOrder(days: OpenDayRange): OpenDayRange {
  if (days.from && days.to && Temporal.PlainDate.compare(days.from, days.to) >= 0) {
    throw new UnreadableDate();
  }
  return days;
}

// ---- Days

const DAYS_AGO = `(?:de )?hace (${NUMBER}) dias?|(${NUMBER}) days? ago`;
const WEEKEND =
  "(?:el |this |last )?(?:pasado |ultimo )?(?:fin de semana|finde|weekend)(?: pasado)?";
const WEEKDAY_OF_LAST_WEEK = `(?:el )?(${WEEKDAY}) de la (?:semana (?:pasada|anterior)|pasada semana)`;

/** «hace 3 días», «el fin de semana pasado», «el lunes de la semana pasada». */
function takeDistantDay(rest: Remainder, today: Day): OpenDayRange | undefined {
  const ago = rest.take(DAYS_AGO);
  if (ago) return oneDay(today.subtract({ days: readCount(ago[1] ?? ago[2]) }));
  if (rest.take(WEEKEND)) {
    const saturday = today.subtract({ days: (today.dayOfWeek + 1) % 7 });
    return { from: saturday, to: saturday.add({ days: 2 }) };
  }
  const weekday = rest.take(WEEKDAY_OF_LAST_WEEK);
  if (!weekday) return undefined;
  const days = (weekdayNumber(weekday[1] ?? "") ?? 1) - 1;
  return oneDay(periodOf("semana", 1, today).from.add({ days }));
}

/** The hours of each part of a day. Hours above 24 belong to the next day. */
const DAY_PARTS: Readonly<Record<string, readonly [fromHour: number, toHour: number]>> = {
  madrugada: [0, 6],
  manana: [6, 14],
  morning: [6, 12],
  tarde: [14, 21],
  afternoon: [12, 18],
  noche: [21, 30],
  evening: [18, 24],
  night: [21, 30],
};
const DAY_PART = Object.keys(DAY_PARTS).join("|");
const PART_OF_TODAY = `esta (${DAY_PART})|this (${DAY_PART})|tonight`;
const PART_OF_DAY = `(?:la |the )?(${DAY_PART}) (?:del?|of) (?:${DAY})`;
const DAY_WITH_PART = `(?:${DAY})(?: (?:(?:por|en|de|a|in) (?:la |the )?)?(${DAY_PART}))?`;

/** «anoche», «ayer por la tarde», «el 3 de mayo». */
function takeOneDay(
  rest: Remainder,
  context: DateContext,
  timeZone: string,
): PeriodSpan | undefined {
  const { today } = context;
  if (rest.take("anoche|last night")) {
    return partOfDay(today.subtract({ days: 1 }), "noche", timeZone);
  }
  if (rest.take("anteanoche|antenoche")) {
    return partOfDay(today.subtract({ days: 2 }), "noche", timeZone);
  }
  const current = rest.take(PART_OF_TODAY);
  if (current) return partOfDay(today, current[1] ?? current[2] ?? "night", timeZone);

  const partFirst = rest.take(PART_OF_DAY);
  if (partFirst) {
    return partOfDay(toDay(toWrittenDate(partFirst, 2), context), partFirst[1], timeZone);
  }
  const match = rest.take(DAY_WITH_PART);
  if (!match) return undefined;
  const day = toDay(toWrittenDate(match, 1), context);
  const part = match[1 + DAY_GROUPS];
  return part ? partOfDay(day, part, timeZone) : toSpan(oneDay(day), timeZone);
}

// ---- Weeks, months, quarters, years

const PERIOD_SO_FAR = `(?:en )?lo que (?:va|llevamos|llevo) del? (?:est[ea] )?(${PERIOD_UNIT})`;
const PREPOSITION_AND_PERIOD = `(?:de |del |en |from |in )?(?:${NEAR_PERIOD})`;
const CALENDAR_YEAR = "(?:en|del?|durante|in|from|of|during) (?:el )?(?:ano )?(20\\d\\d)";

function takeNamedPeriod(rest: Remainder, today: Day): OpenDayRange | undefined {
  const month = takeMonth(rest, today);
  if (month) return month;
  const soFar = rest.take(PERIOD_SO_FAR);
  if (soFar) return periodOf(soFar[1] ?? "", 0, today);
  const near = rest.take(PREPOSITION_AND_PERIOD);
  if (near) {
    const [, current, ...last] = near;
    const unit = current ?? last.find((group) => group !== undefined) ?? "";
    return periodOf(unit, current ? 0 : 1, today);
  }
  const year = rest.take(CALENDAR_YEAR);
  return year && yearRange(Number(year[1]));
}

const MONTH_WITH_DAY = `(?:${NUMBER}|${DAY_NUMBER}) (?:de |of )?(?:${MONTH_OF_DAY})|(?:${MONTH}) \\d{1,2}`;
/** «may» and «march» are also verbs, so English months need a preposition. */
const WHOLE_MONTH = `(?:en |de |del |durante )?(?:el )?(?:mes de )?(${SPANISH_MONTH})${OF_YEAR}|(?:in|from|of|during) (${MONTH})${OF_YEAR}`;

function takeMonth(rest: Remainder, today: Day): OpenDayRange | undefined {
  if (rest.has(MONTH_WITH_DAY)) return undefined;
  const match = rest.take(WHOLE_MONTH);
  return match && monthRange(match[1] ?? match[3] ?? "", match[2] ?? match[4], today);
}

// ---- Days to instants

function partOfDay(day: Day, part: string | undefined, timeZone: string): PeriodSpan {
  const [fromHour, toHour] = DAY_PARTS[part ?? ""] ?? [0, 24];
  const at = (hour: number): Date =>
    toDate(
      day
        .add({ days: Math.floor(hour / 24) })
        .toZonedDateTime({ timeZone, plainTime: { hour: hour % 24 } }),
    );
  return { from: at(fromHour), to: at(toHour) };
}

/** A day starts at its first instant: where clocks change at midnight, that is not 00:00. */
function toSpan({ from, to }: OpenDayRange, timeZone: string): PeriodSpan {
  const startOf = (day: Day | null): Date | null => day && toDate(day.toZonedDateTime(timeZone));
  return { from: startOf(from), to: startOf(to) };
}

function toDate(dateTime: Temporal.ZonedDateTime): Date {
  return new Date(dateTime.epochMilliseconds);
}
