import { monthNumber, weekdayNumber } from "../../text/calendar-words.ts";
import { textBefore } from "../../text/spans.ts";
import { dayOf, fullYear, yearlessDay } from "./calendar.ts";
import { directionOf } from "./date-direction.ts";
import { ANY_MONTH, DAY_WORD, ENGLISH_MONTH, readCount, SHORT_MONTH } from "./date-words.ts";
import {
  ANY_WEEKDAY,
  NUMBER_END,
  oneDay,
  type DayContext,
  type DayReader,
  type DayReading,
} from "./day-reading.ts";
import { matchAt, sticky } from "./patterns.ts";

const YEAR = `(?:(?:,? (?:de |del |of |del año |de año )?|[-/])(\\d{4}|(?<=del\\s)\\d{2})${NUMBER_END})?`;
const ORDINAL = "(?:\\.?[º°ª]|er|st|nd|rd|th)?";

const DAY_MONTH = sticky(
  `${ANY_WEEKDAY}(?:día )?(\\d{1,2}|${DAY_WORD})${ORDINAL}(?:(?: (?:día )?(?:de |of )?(?:mes de )?)|[-/])(${ANY_MONTH})${YEAR}`,
);
const MONTH_DAY = sticky(
  `${ANY_WEEKDAY}(${ENGLISH_MONTH}|(?:${SHORT_MONTH})\\.?) (?:the )?(\\d{1,2})(?:st|nd|rd|th)?${NUMBER_END}(?:,? (\\d{4})${NUMBER_END})?`,
);

/** «lunes, 3 de mayo de 2026», «3rd of May», «3-may-2026». */
export const readDayMonth: DayReader = (context, at) => {
  const match = matchAt(DAY_MONTH, context.text, at);
  if (!match || isStreet(context.text, at)) return undefined;
  const [written, weekday, dayName = "", monthName = "", year] = match;
  if (!year && isDoubtfulMonth(monthName, written)) return undefined;
  const day = readCount(dayName);
  return toDayReading(context, { at, written, weekday, day, monthName, year });
};

/** «May 3rd, 2026». */
export const readMonthDay: DayReader = (context, at) => {
  const match = matchAt(MONTH_DAY, context.text, at);
  if (!match) return undefined;
  const [written, weekday, monthName = "", day, year] = match;
  if (!/^\p{Lu}/u.test(monthName)) return undefined;
  return toDayReading(context, { at, written, weekday, day: Number(day), monthName, year });
};

type WrittenDay = {
  at: number;
  written: string;
  weekday: string | undefined;
  day: number | undefined;
  monthName: string;
  year: string | undefined;
};

function toDayReading(
  { text, clock: { today } }: DayContext,
  { at, written, day, monthName, year, ...rest }: WrittenDay,
): DayReading | undefined {
  const month = monthNumber(monthName);
  if (!month || !day) return undefined;
  const end = at + written.length;
  if (year) {
    const reading = oneDay(end, dayOf(fullYear(year, today), month, day));
    return reading && { ...reading, hasYear: true };
  }
  const weekday = rest.weekday ? weekdayNumber(rest.weekday) : undefined;
  return oneDay(end, yearlessDay(month, day, today, directionOf(text, at, end), weekday));
}

/** «4 may apply», «2 mar», «1 sep»: without a year or a capital, these may be other words. */
function isDoubtfulMonth(name: string, written: string): boolean {
  if (/^\p{Lu}/u.test(name) || /[-/]/u.test(written)) return false;
  return /^(?:\p{L}{3,4}|march)$/iu.test(name) && !/^(?:mayo)$/iu.test(name);
}

const STREET_BEFORE =
  /(?:^|\P{L})(?:calle|plaza|avenida|avda\.?|paseo|c\/|av\.|pl\.|barrio|estaci[oó]n|hospital|colegio|parque|metro)\s{0,2}(?:del?\s)?$/iu;

/** «Plaza 2 de mayo», «calle 25 de mayo» are places. */
export function isStreet(text: string, at: number): boolean {
  return STREET_BEFORE.test(textBefore(text, at, 20));
}
