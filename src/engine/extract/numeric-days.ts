import { SPANISH_WEEKDAYS } from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import { textBefore } from "../../text/spans.ts";
import { dayOf, fullYear, yearlessDay } from "./calendar.ts";
import { ANY_WEEKDAY, oneDay, type DayReader } from "./day-reading.ts";
import { matchAt, sticky } from "./patterns.ts";

/** Not `sticky`, because the «T» of a time may follow. */
const ISO_DAY = /(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?=T\d|(?![\p{L}\p{N}_]|[-/.]\d))/uy;

/** «2026-05-03», «2026/05/03». */
export const readIso: DayReader = ({ text }, at) => {
  const match = matchAt(ISO_DAY, text, at);
  if (!match) return undefined;
  const [written, year, , month, day] = match;
  const reading = oneDay(at + written.length, dayOf(Number(year), Number(month), Number(day)));
  return reading && { ...reading, hasYear: true };
};

const NUMERIC = sticky(`${ANY_WEEKDAY}(\\d{1,2})([-/.])(\\d{1,2})\\3(\\d{4}|\\d{2})(?![-/.:]\\d)`);
const VERSION_BEFORE = /(?:versi[oó]n|release|\P{L}v\.?)\s?$/iu;

/** «03/05/2026», «3.5.2026», «3/5/26». */
export const readNumeric: DayReader = ({ text, clock, monthFirst }, at) => {
  const match = matchAt(NUMERIC, text, at);
  if (!match) return undefined;
  const [written, , a, mark, b, year = ""] = match;
  if (year.length === 2 && mark !== "/") return undefined;
  if (mark === "." && VERSION_BEFORE.test(textBefore(text, at, 10))) return undefined;
  const [first, second, full] = [Number(a), Number(b), fullYear(year, clock.today)];
  const dayThenMonth = dayOf(full, second, first);
  const monthThenDay = dayOf(full, first, second);
  const day =
    monthFirst && mark === "/"
      ? (monthThenDay ?? dayThenMonth)
      : (dayThenMonth ?? (monthFirst ? monthThenDay : undefined));
  const reading = oneDay(at + written.length, day);
  return reading && { ...reading, hasYear: true };
};

const DAY_AND_MONTH = sticky("(\\d{1,2})/(\\d{1,2})(?![-/.:,]\\d|\\s?[%€$]|/)");
const SPANISH_WEEKDAY = [...SPANISH_WEEKDAYS, ...SPANISH_WEEKDAYS.map(fold)].join("|");
const DAY_BEFORE = new RegExp(
  `(?:^|\\P{L})(?:el|d[ií]a|del|al|on|(?:${SPANISH_WEEKDAY}),?)\\s$`,
  "iu",
);

/** «el 3/5». Without the word before it, it could be a fraction. */
export const readDayAndMonth: DayReader = ({ text, clock, monthFirst }, at) => {
  const match = matchAt(DAY_AND_MONTH, text, at);
  if (!match) return undefined;
  if (!DAY_BEFORE.test(textBefore(text, at, 14))) return undefined;
  const [first, second] = [Number(match[1]), Number(match[2])];
  const day = monthFirst
    ? yearlessDay(first, second, clock.today, "nearest")
    : yearlessDay(second, first, clock.today, "nearest");
  return oneDay(at + match[0].length, day);
};
