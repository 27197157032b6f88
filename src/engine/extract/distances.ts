import { durationOf } from "../../text/calendar-days.ts";
import { fold } from "../../text/fold.ts";
import { textAfter, textBefore } from "../../text/spans.ts";
import { COUNT, readCount } from "./date-words.ts";
import { oneDay, type DayReader } from "./day-reading.ts";
import { matchAt, sticky } from "./patterns.ts";

const UNIT =
  "minutos?|horas?|días?|noches?|semanas?|quincenas?|meses|mes|años?|minutes?|hours?|days?|weeks?|fortnights?|months?|years?";
const AGO = sticky(
  `(?:hace(?: ya| unos| unas)? (${COUNT}) (${UNIT})|(${COUNT}) (${UNIT}) (?:atrás|ago))`,
);
const AHEAD = sticky(
  `(?:dentro de(?: unos| unas)? (${COUNT}) (${UNIT})|(?:en|in) (${COUNT}) (${UNIT})|(${COUNT}) (${UNIT}) from (?:now|today))`,
);

/** «hace dos días», «in 3 weeks». Hours and minutes give an exact time. */
export const readDistance: DayReader = ({ text, clock }, at) => {
  const ago = matchAt(AGO, text, at);
  const match = ago ?? matchAt(AHEAD, text, at);
  if (!match) return undefined;
  const [count = "", unit = ""] = match.slice(1).filter((group) => group !== undefined);
  const duration = durationOf(readCount(count) ?? 0, fold(unit));
  const end = at + match[0].length;
  if (!ago && isLength(text, at, end)) return undefined;
  const then = ago ? clock.now.subtract(duration) : clock.now.add(duration);
  const isExact = "hours" in duration || "minutes" in duration;
  const reading = oneDay(end, then.toPlainDate());
  return reading && { ...reading, ...(isExact && { exactTime: then }) };
};

const LENGTH_BEFORE =
  /(?:\P{L}|^)(?:\p{L}{2,12}(?:[^aeiou]ó|ió|aron|ieron)|hizo|solo|sólo|apenas|tan solo|menos|más)\s(?:\p{L}{1,12}\s){0,2}$/iu;

/** «lo hizo en 2 días», «en 3 semanas de trabajo»: how long something took. */
function isLength(text: string, at: number, end: number): boolean {
  if (/^\s(?:de\s|más|menos|or\s|o\s)/iu.test(textAfter(text, end, 6))) return true;
  return /^en\s/iu.test(textAfter(text, at, 3)) && LENGTH_BEFORE.test(textBefore(text, at, 40));
}

const ROLLING = sticky(
  `(?:(próximos|próximas|siguientes|next)|(últimos|últimas|pasados|pasadas|last|past)) (${COUNT}) (días|semanas|meses|años|days|weeks|months|years)`,
);

/** «los próximos 15 días»: from today; «los últimos 3 meses»: up to today. */
export const readRolling: DayReader = ({ text, clock: { today } }, at) => {
  const match = matchAt(ROLLING, text, at);
  if (!match) return undefined;
  const [written, ahead, , count = "", unit = ""] = match;
  const duration = durationOf(readCount(count) ?? 0, fold(unit));
  const far = ahead ? today.add(duration) : today.subtract(duration);
  const [from, to] = ahead ? [today, far] : [far, today];
  return { end: at + written.length, from, to, precision: "day" };
};
