import { mondayOf, type Day } from "../../text/calendar-days.ts";
import { SPANISH_WEEKDAYS, weekdayNumber } from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import { textAfter, textBefore } from "../../text/spans.ts";
import { comingWeekday, numberedDay, pastWeekday } from "./calendar.ts";
import { hasPastVerb } from "./date-direction.ts";
import { NUMBER_END, oneDay, WEEKDAY, type DayReader } from "./day-reading.ts";
import { matchAt, sticky } from "./patterns.ts";

// ---- «lunes 18», «día 18»

const NUMBERED_WEEKDAY = sticky(
  `(${WEEKDAY}),? (?:día |the )?(\\d{1,2})(?:st|nd|rd|th)?${NUMBER_END}`,
);
const NUMBERED_DAY = sticky(`día (\\d{1,2})${NUMBER_END}(?! de (?!este|mes|est))`);
const ARTICLE_BEFORE = /(?:^|\P{L})(?:el|del|al|hasta el|este)\s$/iu;

export const readNumberedWeekday: DayReader = ({ text, clock }, at) => {
  const match = matchAt(NUMBERED_WEEKDAY, text, at);
  if (!match) return undefined;
  const day = numberedDay(Number(match[2]), clock.today, weekdayNumber(match[1] ?? ""));
  return oneDay(at + match[0].length, day);
};

export const readNumberedDay: DayReader = ({ text, clock }, at) => {
  const match = matchAt(NUMBERED_DAY, text, at);
  if (!match || !ARTICLE_BEFORE.test(textBefore(text, at, 10))) return undefined;
  return oneDay(at + match[0].length, numberedDay(Number(match[1]), clock.today));
};

// ---- «el próximo martes», «last Monday»

const WEEK =
  "(?:de |del )?(?:la )?(semana que viene|próxima semana|semana próxima|semana pasada|esta semana)";
const NAMED_WEEKDAY = sticky(
  `(?:(próximo|pasado|último|este|next|last|this) )?(?:(${WEEKDAY})(?: (próximo|pasado|siguiente|que viene|de ${WEEK}|next week|last week|this week))?)`,
);

export const readWeekday: DayReader = ({ text, clock: { today } }, at) => {
  const match = matchAt(NAMED_WEEKDAY, text, at);
  if (!match) return undefined;
  const [written, before = "", name = "", after = ""] = match;
  const weekday = weekdayNumber(name);
  if (!weekday || isRecurring(text, at) || isProperName(text, at, written, name)) return undefined;
  const end = at + written.length;
  const side = fold(`${before} ${after}`);
  const day =
    weekdayOn(weekday, side, today) ?? unqualifiedWeekday(text, { at, end }, weekday, today);
  const reading = oneDay(end, day);
  return reading && { ...reading, isWeekday: true };
};

/** Undefined when no word shows which week is meant. */
function weekdayOn(weekday: number, side: string, today: Day): Day | undefined {
  const monday = mondayOf(today);
  if (/esta semana|this week/u.test(side)) return monday.add({ days: weekday - 1 });
  if (/semana pasada|last week/u.test(side)) return monday.add({ days: weekday - 8 });
  // «next Friday» is in next week, in English.
  if (/semana|next/u.test(side)) return monday.add({ days: weekday + 6 });
  if (/pasado|ultimo|last/u.test(side)) return pastWeekday(weekday, today);
  if (/proximo|viene|siguiente/u.test(side)) return comingWeekday(weekday, today);
  return /este|this/u.test(side) ? comingWeekday(weekday, today, true) : undefined;
}

function unqualifiedWeekday(
  text: string,
  { at, end }: { at: number; end: number },
  weekday: number,
  today: Day,
): Day {
  return hasPastVerb(text, at, end) ? pastWeekday(weekday, today) : comingWeekday(weekday, today);
}

const RECURRING_BEFORE =
  /(?:^|\P{L})(?:los|cada|todos|every|each|un|one|alg[uú]n|ning[uú]n|primer|segundo|tercer|cuarto|[1-5]\.?(?:[º°]|er))\s{1,3}$/iu;

/** «los martes», «cada lunes», «every Friday» are no particular day. */
function isRecurring(text: string, at: number): boolean {
  return RECURRING_BEFORE.test(textBefore(text, at, 10));
}

const SPANISH_WEEKDAY_ONLY = new RegExp(`^(?:${SPANISH_WEEKDAYS.join("|")})$`, "iu");

/** Spanish writes weekdays in lower case, so capitals next to other capitals make a name: «Plácido Domingo». */
function isProperName(text: string, at: number, written: string, name: string): boolean {
  if (!/^\p{Lu}/u.test(name) || name === name.toUpperCase()) return false;
  if (!SPANISH_WEEKDAY_ONLY.test(name)) return false;
  return (
    /\p{Lu}[\p{L}.]*\s$/u.test(textBefore(text, at, 20)) ||
    /^\s\p{Lu}/u.test(textAfter(text, at + written.length, 2))
  );
}
