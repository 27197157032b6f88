import { monthNumber } from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import { textAfter, textBefore } from "../../text/spans.ts";
import { yearlessDay } from "./calendar.ts";
import { directionOf } from "./date-direction.ts";
import { ANY_MONTH, ENGLISH_MONTH, SPANISH_MONTH } from "./date-words.ts";
import { NUMBER_END, wholeMonth, type DayReader } from "./day-reading.ts";
import { isStreet } from "./month-days.ts";
import { matchAt, sticky } from "./patterns.ts";

const MONTH_YEAR = sticky(
  `(${ANY_MONTH})(?:,? (?:de |del |of |del año |de año )?|[-/])(\\d{4})${NUMBER_END}`,
);

/** «marzo de 2026». */
export const readMonthYear: DayReader = ({ text }, at) => {
  const match = matchAt(MONTH_YEAR, text, at);
  if (!match || isLeftOver(text, at)) return undefined;
  const [written, name = "", year] = match;
  const month = monthNumber(name);
  if (!month || /^may$|^mar$/u.test(name)) return undefined;
  const reading = wholeMonth(at + written.length, Number(year), month);
  return reading && { ...reading, hasYear: true };
};

const MONTH_OF_YEAR = sticky(
  `(?:(?:de )?(${SPANISH_MONTH}) (?:del año |del |de )?(pasado|anterior|próximo|que viene|este año|año pasado|próximo año|año que viene)|(last|next|this) (${ENGLISH_MONTH}))`,
);

/** «mayo pasado», «mayo del año que viene», «last May». */
export const readMonthOfYear: DayReader = ({ text, clock: { today } }, at) => {
  const match = matchAt(MONTH_OF_YEAR, text, at);
  if (!match) return undefined;
  const [written, spanish, spanishSide, englishSide, english] = match;
  if (english && !/^\p{Lu}/u.test(english)) return undefined;
  const month = monthNumber(spanish ?? english ?? "") ?? 0;
  const year = yearOn(fold(spanishSide ?? englishSide ?? ""), month, today);
  return wholeMonth(at + written.length, year, month);
};

function yearOn(side: string, month: number, today: { year: number; month: number }): number {
  if (/este|this/u.test(side)) return today.year;
  if (/ano pasado/u.test(side)) return today.year - 1;
  if (/ano/u.test(side)) return today.year + 1;
  return /pasado|anterior|last/u.test(side)
    ? today.year - (month >= today.month ? 1 : 0)
    : today.year + (month <= today.month ? 1 : 0);
}

const BARE_MONTH = sticky(`(?:(${SPANISH_MONTH})|(${ENGLISH_MONTH}))`);
/** Months that are also given names or verbs. */
const NAME_LIKE = /^(?:julio|abril|may|march|april|june|august)$/iu;
const PREPOSITION_BEFORE =
  /(?:^|\P{L})(?:en|de|desde|hasta|durante|a|mes\sde|in|of|by|during|since|until|through|for|from|to|late|early|mid|this|and|y|entre|between)[\s-]$/iu;

/** «en mayo», «in January». */
export const readBareMonth: DayReader = ({ text, clock: { today } }, at) => {
  const match = matchAt(BARE_MONTH, text, at);
  if (!match || isStreet(text, at) || isLeftOver(text, at)) return undefined;
  const [name, spanish, english] = match;
  const end = at + name.length;
  const before = textBefore(text, at, 14);
  const isCapitalised = /^\p{Lu}/u.test(name);
  if (english && (!isCapitalised || !PREPOSITION_BEFORE.test(before))) return undefined;
  const isName = NAME_LIKE.test(name) || /[\p{L}\p{N},]\s$/u.test(before);
  if (spanish && isCapitalised && isName) return undefined;
  if (isCapitalised && /^\s\p{Lu}/u.test(textAfter(text, end, 2))) return undefined;
  const month = monthNumber(name) ?? 0;
  const nearest = yearlessDay(month, 1, today.with({ day: 1 }), directionOf(text, at, end));
  return nearest && wholeMonth(end, nearest.year, month);
};

/** The month of a day that does not exist («45 de mayo») or of a street («calle 2 de mayo»). */
function isLeftOver(text: string, at: number): boolean {
  return /\d[º°ª]?\s{1,3}(?:de\s{1,3})?$/u.test(textBefore(text, at, 9));
}
