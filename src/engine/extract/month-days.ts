import { monthNumber, weekdayNumber } from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import { dayOf, fullYear, yearlessDay, type Clock } from "./calendar.ts";
import { readCount, DAY_WORD, ENGLISH_MONTH, SHORT_MONTH, SPANISH_MONTH } from "./date-words.ts";
import {
  ANY_WEEKDAY,
  NUMBER_NEXT,
  oneDay,
  wholeMonth,
  type DayReading,
  type Reader,
} from "./day-reading.ts";
import { directionOf } from "./day-side.ts";
import { matchAt, sticky } from "./patterns.ts";

const YEAR = `(?:(?:,? (?:de |del |of |del año |de año )?|[-/])(\\d{4}|(?<=del\\s)\\d{2})${NUMBER_NEXT})?`;
const ORDINAL = "(?:\\.?[º°ª]|er|st|nd|rd|th)?";

const DAY_MONTH = sticky(
  `${ANY_WEEKDAY}(?:día )?(\\d{1,2}|${DAY_WORD})${ORDINAL}(?:(?: (?:día )?(?:de |of )?(?:mes de )?)|[-/])(${SPANISH_MONTH}|${ENGLISH_MONTH}|(?:${SHORT_MONTH})\\.?)${YEAR}`,
);
const MONTH_DAY = sticky(
  `${ANY_WEEKDAY}(${ENGLISH_MONTH}|(?:${SHORT_MONTH})\\.?) (?:the )?(\\d{1,2})(?:st|nd|rd|th)?${NUMBER_NEXT}(?:,? (\\d{4})${NUMBER_NEXT})?`,
);

export const readDayMonth: Reader = ({ text, clock }, at) => {
  const match = matchAt(DAY_MONTH, text, at);
  if (!match || isStreet(text, at)) return undefined;
  const [written, weekday, dayName = "", monthName = "", year] = match;
  if (!year && isDoubtfulMonth(monthName, written)) return undefined;
  return calendarDay(text, at, written, clock, {
    weekday,
    day: readCount(dayName),
    monthName,
    year,
  });
};

export const readMonthDay: Reader = ({ text, clock }, at) => {
  const match = matchAt(MONTH_DAY, text, at);
  if (!match) return undefined;
  const [written, weekday, monthName = "", day, year] = match;
  if (!/^\p{Lu}/u.test(monthName)) return undefined;
  return calendarDay(text, at, written, clock, { weekday, day: Number(day), monthName, year });
};

function calendarDay(
  text: string,
  at: number,
  written: string,
  { today }: Clock,
  parts: {
    weekday: string | undefined;
    day: number | undefined;
    monthName: string;
    year: string | undefined;
  },
): DayReading | undefined {
  const month = monthNumber(parts.monthName);
  if (!month || !parts.day) return undefined;
  const end = at + written.length;
  if (parts.year) {
    const found = oneDay(end, dayOf(fullYear(parts.year, today), month, parts.day));
    return found && { ...found, hasYear: true };
  }
  const weekday = parts.weekday ? weekdayNumber(parts.weekday) : undefined;
  return oneDay(end, yearlessDay(month, parts.day, today, directionOf(text, at, end), weekday));
}

/** «4 may apply», «2 mar», «1 sep»: without a year or a capital they need not be months. */
function isDoubtfulMonth(name: string, written: string): boolean {
  if (/^\p{Lu}/u.test(name) || /[-/]/u.test(written)) return false;
  return /^(?:\p{L}{3,4}|march)$/iu.test(name) && !/^(?:mayo)$/iu.test(name);
}

const MONTH_YEAR = sticky(
  `(${SPANISH_MONTH}|${ENGLISH_MONTH}|(?:${SHORT_MONTH})\\.?)(?:,? (?:de |del |of |del año |de año )?|[-/])(\\d{4})${NUMBER_NEXT}`,
);
const MONTH_OF_YEAR = sticky(
  `(?:(?:de )?(${SPANISH_MONTH}) (?:del año |del |de )?(pasado|anterior|próximo|que viene|este año|año pasado|próximo año|año que viene)|(last|next|this) (${ENGLISH_MONTH}))`,
);
const BARE_MONTH = sticky(`(?:(${SPANISH_MONTH})|(${ENGLISH_MONTH}))`);

export const readMonthYear: Reader = ({ text }, at) => {
  const match = matchAt(MONTH_YEAR, text, at);
  const month = match && monthNumber(match[1] ?? "");
  if (!match || !month || /^may$|^mar$/u.test(match[1] ?? "") || isLeftOver(text, at))
    return undefined;
  const found = wholeMonth(at + match[0].length, Number(match[2]), month);
  return found && { ...found, hasYear: true };
};

export const readMonthOfYear: Reader = ({ text, clock: { today } }, at) => {
  const match = matchAt(MONTH_OF_YEAR, text, at);
  if (!match) return undefined;
  const month = monthNumber(match[1] ?? match[4] ?? "") ?? 0;
  if (match[4] && !/^\p{Lu}/u.test(match[4])) return undefined;
  const side = fold(match[2] ?? match[3] ?? "");
  const end = at + match[0].length;
  if (/este|this/u.test(side)) return wholeMonth(end, today.year, month);
  if (/ano pasado/u.test(side)) return wholeMonth(end, today.year - 1, month);
  if (/ano/u.test(side)) return wholeMonth(end, today.year + 1, month);
  const year = /pasado|anterior|last/u.test(side)
    ? today.year - (month >= today.month ? 1 : 0)
    : today.year + (month <= today.month ? 1 : 0);
  return wholeMonth(end, year, month);
};

/** The month of a day that does not exist, or of a street («calle 2 de mayo»). */
function isLeftOver(text: string, at: number): boolean {
  return /\d[º°ª]?\s{1,3}(?:de\s{1,3})?$/u.test(text.slice(Math.max(0, at - 9), at));
}

/** Months that are given names too, or words. */
const NAME_LIKE = /^(?:julio|abril|may|march|april|june|august)$/iu;

export const readBareMonth: Reader = ({ text, clock: { today } }, at) => {
  const match = matchAt(BARE_MONTH, text, at);
  if (!match || isStreet(text, at) || isLeftOver(text, at)) return undefined;
  const [name, spanish, english] = match;
  const before = text.slice(Math.max(0, at - 14), at);
  const capital = /^\p{Lu}/u.test(name);
  const announced =
    /(?:^|\P{L})(?:en|de|desde|hasta|durante|a|mes\sde|in|of|by|during|since|until|through|for|from|to|late|early|mid|this|and|y|entre|between)[\s-]$/iu.test(
      before,
    );
  if (english && (!capital || !announced)) return undefined;
  if (spanish && capital && (NAME_LIKE.test(name) || /[\p{L}\p{N},]\s$/u.test(before))) {
    return undefined;
  }
  if (/^\s\p{Lu}/u.test(text.slice(at + name.length, at + name.length + 2)) && capital)
    return undefined;
  const month = monthNumber(name) ?? 0;
  const direction = directionOf(text, at, at + name.length);
  const nearest = yearlessDay(month, 1, today.with({ day: 1 }), direction);
  return nearest && wholeMonth(at + name.length, nearest.year, month);
};

/** «Plaza 2 de mayo», «calle 25 de mayo» are places. */
function isStreet(text: string, at: number): boolean {
  return /(?:^|\P{L})(?:calle|plaza|avenida|avda\.?|paseo|c\/|av\.|pl\.|barrio|estaci[oó]n|hospital|colegio|parque|metro)\s{0,2}(?:del?\s)?$/iu.test(
    text.slice(Math.max(0, at - 20), at),
  );
}
