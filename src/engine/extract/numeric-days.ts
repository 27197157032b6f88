import { dayOf, fullYear, yearlessDay } from "./calendar.ts";
import { ANY_WEEKDAY, oneDay, type Reader } from "./day-reading.ts";
import { matchAt, sticky } from "./patterns.ts";

const NUMERIC = sticky(`${ANY_WEEKDAY}(\\d{1,2})([-/.])(\\d{1,2})\\3(\\d{4}|\\d{2})(?![-/.:]\\d)`);
const DAY_AND_MONTH = sticky("(\\d{1,2})/(\\d{1,2})(?![-/.:,]\\d|\\s?[%€$]|/)");

export const readIso: Reader = ({ text }, at) => {
  const match = matchAt(ISO_DAY, text, at);
  if (!match) return undefined;
  const [written, year, , month, day] = match;
  const found = oneDay(at + written.length, dayOf(Number(year), Number(month), Number(day)));
  return found && { ...found, hasYear: true };
};

/** Without the end-of-word check of `sticky`: the «T» of a time may follow. */
const ISO_DAY = /(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?=T\d|(?![\p{L}\p{N}_]|[-/.]\d))/uy;

export const readNumeric: Reader = ({ text, clock, monthFirst }, at) => {
  const match = matchAt(NUMERIC, text, at);
  if (!match) return undefined;
  const [written, , a, mark, b, year = ""] = match;
  if (year.length === 2 && mark !== "/") return undefined;
  if (
    mark === "." &&
    /(?:versi[oó]n|release|\P{L}v\.?)\s?$/iu.test(text.slice(Math.max(0, at - 10), at))
  ) {
    return undefined;
  }
  const [first, second, full] = [Number(a), Number(b), fullYear(year, clock.today)];
  const dayFirst = dayOf(full, second, first);
  const other = dayOf(full, first, second);
  const found = oneDay(
    at + written.length,
    monthFirst && mark === "/"
      ? (other ?? dayFirst)
      : (dayFirst ?? (monthFirst ? other : undefined)),
  );
  return found && { ...found, hasYear: true };
};

/** «el 3/5»: alone it could as well be a fraction. */
export const readDayAndMonth: Reader = ({ text, clock, monthFirst }, at) => {
  const match = matchAt(DAY_AND_MONTH, text, at);
  if (!match) return undefined;
  const before = text.slice(Math.max(0, at - 14), at);
  if (
    !/(?:^|\P{L})(?:el|d[ií]a|del|al|on|(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo),?)\s$/iu.test(
      before,
    )
  ) {
    return undefined;
  }
  const [first, second] = [Number(match[1]), Number(match[2])];
  const day = monthFirst
    ? yearlessDay(first, second, clock.today, "nearest")
    : yearlessDay(second, first, clock.today, "nearest");
  return oneDay(at + match[0].length, day);
};
