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

/** «los últimos 7 días»: counted back from this moment. */
function takeRolling(rest: Remainder, localNow: Temporal.ZonedDateTime): PeriodSpan | undefined {
  const article = "(?:en |durante |de |in |over |from )?(?:los |las |el |la |the )?";
  const last = "ultim[oa]s?|pasad[oa]s?|last|past";
  const several =
    rest.take(`${article}(?:${last}) (${NUMBER}) (${COUNTED_UNIT})${PLURAL_ENDING}`) ??
    rest.take(`${article}(${NUMBER}) (?:${last}) (${COUNTED_UNIT})${PLURAL_ENDING}`);
  const one = rest.take(
    "(?:en |durante |de )?(?:el |la )?(?<! a )ultim[oa] (semana|mes|trimestre|ano|hora)",
  );
  const unit = several?.[2] ?? one?.[1];
  if (unit === undefined) return undefined;
  const length = durationOf(several ? readCount(several[1]) : 1, unit);
  return { from: toDate(localNow.subtract(length)), to: toDate(localNow) };
}

// ---- Ranges

/** «del 3 y el 10» is two days and not a range, so each pair has its own words. */
const RANGE_WORDS = [
  { opening: "entre|between", link: "y|and" },
  { opening: "del?|desde|from", link: "al?|hasta|to|until" },
] as const;

function takeBetween(rest: Remainder, first: string, last: string): RegExpExecArray | undefined {
  for (const { opening, link } of RANGE_WORDS) {
    const match = rest.take(`(?:${opening}) (?:el )?(?:${first}) (?:${link}) (?:el )?(?:${last})`);
    if (match) return match;
  }
  return undefined;
}

/** «entre mayo y junio», «del 3 al 10 de mayo». */
function takeRange(rest: Remainder, context: DateContext): OpenDayRange | undefined {
  const number = `\\d{1,2}|primero|${NUMBER_WORD}`;
  const sameMonth = takeBetween(
    rest,
    `(${number})`,
    `(${number}) (?:de )?(${MONTH_OF_DAY})${OF_YEAR}`,
  );
  if (sameMonth) {
    const [, first, last, month, year] = sameMonth;
    const from = toDay({ day: first, month, year }, context);
    const to = toDay({ day: last, month, year: String(from.year) }, context);
    return inOrder({ from, to: to.add({ days: 1 }) });
  }
  const match = takeBetween(rest, EXTENT, EXTENT);
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

/** «desde mayo», «antes del lunes». */
function takeOpenRange(rest: Remainder, context: DateContext): OpenDayRange | undefined {
  const { today } = context;
  const ago = rest.take(`desde hace (${NUMBER}) (dia|semana|mes|ano)${PLURAL_ENDING}`);
  if (ago) {
    return { from: today.subtract(durationOf(readCount(ago[1]), ago[2] ?? "")), to: null };
  }
  const since = rest.take(`(?:desde|a partir del?|since) (?:${EXTENT})`);
  if (since) return { from: toDayRange(toWrittenDate(since, 1), context).from, to: null };
  const after = rest.take(`(?:despues del?|posteriores al?|after) (?:${EXTENT})`);
  if (after) return { from: toDayRange(toWrittenDate(after, 1), context).to, to: null };
  const before = rest.take(`(?:antes del?(?! ayer )|anteriores al?|before) (?:${EXTENT})`);
  if (before) return { from: null, to: toDayRange(toWrittenDate(before, 1), context).from };
  const until = rest.take(`(?:hasta|until) (?:${EXTENT})`);
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

/** «hace 3 días», «el fin de semana pasado», «el lunes de la semana pasada». */
function takeDistantDay(rest: Remainder, today: Day): OpenDayRange | undefined {
  const ago = rest.take(`(?:de )?hace (${NUMBER}) dias?|(${NUMBER}) days? ago`);
  if (ago) return oneDay(today.subtract({ days: readCount(ago[1] ?? ago[2]) }));
  if (
    rest.take("(?:el |this |last )?(?:pasado |ultimo )?(?:fin de semana|finde|weekend)(?: pasado)?")
  ) {
    const saturday = today.subtract({ days: (today.dayOfWeek + 1) % 7 });
    return { from: saturday, to: saturday.add({ days: 2 }) };
  }
  const weekday = rest.take(
    `(?:el )?(${WEEKDAY}) de la (?:semana (?:pasada|anterior)|pasada semana)`,
  );
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
  const current = rest.take(`esta (${DAY_PART})|this (${DAY_PART})|tonight`);
  if (current) return partOfDay(today, current[1] ?? current[2] ?? "night", timeZone);

  const partFirst = rest.take(`(?:la |the )?(${DAY_PART}) (?:del?|of) (?:${DAY})`);
  if (partFirst) {
    return partOfDay(toDay(toWrittenDate(partFirst, 2), context), partFirst[1], timeZone);
  }
  const match = rest.take(`(?:${DAY})(?: (?:(?:por|en|de|a|in) (?:la |the )?)?(${DAY_PART}))?`);
  if (!match) return undefined;
  const day = toDay(toWrittenDate(match, 1), context);
  const part = match[1 + DAY_GROUPS];
  return part ? partOfDay(day, part, timeZone) : toSpan(oneDay(day), timeZone);
}

// ---- Weeks, months, quarters, years

function takeNamedPeriod(rest: Remainder, today: Day): OpenDayRange | undefined {
  const month = takeMonth(rest, today);
  if (month) return month;
  const soFar = rest.take(
    `(?:en )?lo que (?:va|llevamos|llevo) del? (?:est[ea] )?(${PERIOD_UNIT})`,
  );
  if (soFar) return periodOf(soFar[1] ?? "", 0, today);
  const near = rest.take(`(?:de |del |en |from |in )?(?:${NEAR_PERIOD})`);
  if (near) {
    const [, current, ...last] = near;
    const unit = current ?? last.find((group) => group !== undefined) ?? "";
    return periodOf(unit, current ? 0 : 1, today);
  }
  const year = rest.take("(?:en|del?|durante|in|from|of|during) (?:el )?(?:ano )?(20\\d\\d)");
  return year && yearRange(Number(year[1]));
}

function takeMonth(rest: Remainder, today: Day): OpenDayRange | undefined {
  const isPartOfDay = rest.has(
    `(?:${NUMBER}|${DAY_NUMBER}) (?:de |of )?(?:${MONTH_OF_DAY})|(?:${MONTH}) \\d{1,2}`,
  );
  if (isPartOfDay) return undefined;
  // «may» and «march» are also verbs, so English months need a preposition.
  const match = rest.take(
    `(?:en |de |del |durante )?(?:el )?(?:mes de )?(${SPANISH_MONTH})${OF_YEAR}|(?:in|from|of|during) (${MONTH})${OF_YEAR}`,
  );
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
