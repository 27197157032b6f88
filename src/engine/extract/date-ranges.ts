import { Temporal } from "temporal-polyfill";
import type { Day } from "../../text/calendar-days.ts";
import { monthNumber } from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import { textAfter } from "../../text/spans.ts";
import { dayOf, yearlessDay } from "./calendar.ts";
import { directionOf } from "./date-direction.ts";
import { toDateValue, type DateReading } from "./date-values.ts";
import { ANY_MONTH, DAY_WORD, ENGLISH_MONTH, readCount, SHORT_MONTH } from "./date-words.ts";
import type { DayContext, DayReading } from "./day-reading.ts";
import { matchAt, sticky } from "./patterns.ts";
import { readDay } from "./read-day.ts";

/** Two days or months, and everything between them. */
export function readDateRange(context: DayContext, at: number): DateReading | undefined {
  return readSharedMonth(context, at) ?? readTwoDates(context, at);
}

// ---- One month for both days

/** Groups: opening, first day, link, doubtful link, last day, month, year. */
const SHARED_MONTH = sticky(
  `(?:(del|desde el|entre el|from|between|de|entre los días|entre|desde) )?(?:el )?(?:días? )?(\\d{1,2}|${DAY_WORD})(?:st|nd|rd|th)?(?:( al | hasta el | through | ?[-–—] ?)| (a|y|y el|to|and|until) )(?:día )?(\\d{1,2}|${DAY_WORD})(?:st|nd|rd|th)?(?: de | of | |[-/])(${ANY_MONTH})(?:(?:,? (?:de |del |of )?|[-/])(\\d{4}))?`,
);
/** Groups: month, first day, last day, year. */
const ENGLISH_SHARED_MONTH = sticky(
  `(?:(?:from|between) )?(${ENGLISH_MONTH}|(?:${SHORT_MONTH})\\.?) (\\d{1,2})(?:st|nd|rd|th)?(?: ?[-–—] ?| to | through | until )(\\d{1,2})(?:st|nd|rd|th)?(?![\\d]|[.,:]\\d)(?:,? (\\d{4}))?`,
);

type WrittenRange = {
  written: string;
  from: string;
  to: string;
  month: string;
  year: string | undefined;
};

/** «del 3 al 10 de mayo», «May 3-10, 2026». */
function readSharedMonth({ text, clock }: DayContext, at: number): DateReading | undefined {
  const range = matchDayFirst(text, at) ?? matchMonthFirst(text, at);
  if (!range) return undefined;
  const [from, to] = [readCount(range.from) ?? 0, readCount(range.to) ?? 0];
  const month = monthNumber(range.month);
  if (!month || from >= to) return undefined;
  const end = at + range.written.length;
  const last = range.year
    ? dayOf(Number(range.year), month, to)
    : yearlessDay(month, to, clock.today, directionOf(text, at, end));
  return last && { end, value: { from: String(last.with({ day: from })), to: String(last) } };
}

function matchDayFirst(text: string, at: number): WrittenRange | undefined {
  const match = matchAt(SHARED_MONTH, text, at);
  if (!match) return undefined;
  const [written, opening, from = "", link, , to = "", month = "", year] = match;
  // «3 a 10 de mayo» may be a count.
  return opening === undefined && link === undefined
    ? undefined
    : { written, from, to, month, year };
}

function matchMonthFirst(text: string, at: number): WrittenRange | undefined {
  const match = matchAt(ENGLISH_SHARED_MONTH, text, at);
  if (!match) return undefined;
  const [written, month = "", from = "", to = "", year] = match;
  return /^\p{Lu}/u.test(month) ? { written, from, to, month, year } : undefined;
}

// ---- Two complete dates

const OPENING = sticky("(?:del|desde|entre|from|between|de)(?: el| la| las| los)?");
const LINK = sticky(
  ",?(?: (?:al|hasta|a|y|to|until|till|through|and)(?: el| la)?(?= )| ?[-–—](?= ?[\\p{L}\\d]))()",
);

/** «del 28 de abril al 3 de mayo», «de mayo a junio de 2026», «entre el lunes y el jueves». */
function readTwoDates(context: DayContext, at: number): DateReading | undefined {
  const { text } = context;
  const opening = matchAt(OPENING, text, at);
  const firstAt = opening ? skipSpace(text, at + opening[0].length) : at;
  if (opening && firstAt === at + opening[0].length) return undefined;
  const first = readDay(context, firstAt);
  if (!first || first.exactTime) return undefined;
  const link = matchAt(LINK, text, first.end);
  if (!link || !joins(fold(opening?.[0] ?? ""), fold(link[0]))) return undefined;
  const second = readDay(context, skipSpace(text, first.end + link[0].length));
  if (!second || second.exactTime || second.precision !== first.precision) return undefined;
  const days = inOrder(first, second, context.clock.today);
  return days && { end: second.end, value: toDateValue(days) };
}

/** The offset after at most three white space characters. */
function skipSpace(text: string, at: number): number {
  return at + (/^\s{0,3}/u.exec(textAfter(text, at, 3))?.[0].length ?? 0);
}

/** «a» and «y» make a range only after «de» and «entre»; the other links do on their own. */
function joins(opening: string, link: string): boolean {
  if (/\by\b|\band\b/u.test(link)) return /^(?:entre|between)/u.test(opening);
  if (/(?:^|\s)(?:a|to)(?:$|\s)/u.test(link)) return opening !== "" || /to/u.test(link);
  return true;
}

/** The range of two readings. A year written at one end holds for both; else the second end follows the first. */
function inOrder(first: DayReading, second: DayReading, today: Day): DayReading | undefined {
  const { from, to } = withYears(first, second, today);
  if (Temporal.PlainDate.compare(from, to) >= 0) return undefined;
  return { end: second.end, from, to, precision: first.precision };
}

function withYears(first: DayReading, second: DayReading, today: Day): { from: Day; to: Day } {
  const [from, to] = [first.from, second.to];
  if (!first.hasYear && second.hasYear && !first.isWeekday) {
    const sameYear = from.with({ year: to.year });
    return { from: isAfter(sameYear, to) ? sameYear.subtract({ years: 1 }) : sameYear, to };
  }
  if (first.hasYear && !second.hasYear && !second.isWeekday) {
    const sameYear = to.with({ year: from.year });
    return { from, to: isAfter(from, sameYear) ? sameYear.add({ years: 1 }) : sameYear };
  }
  if (!isAfter(from, to)) return { from, to };
  if (second.isWeekday) return { from, to: to.add({ weeks: 1 }) };
  if (!isAfter(today, to)) return { from: from.subtract({ years: 1 }), to };
  return { from, to: to.add({ years: 1 }) };
}

function isAfter(day: Day, other: Day): boolean {
  return Temporal.PlainDate.compare(day, other) > 0;
}
