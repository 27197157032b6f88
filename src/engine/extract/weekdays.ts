import { weekdayNumber } from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import { comingWeekday, mondayOf, numberedDay, pastWeekday, type Day } from "./calendar.ts";
import { SPANISH_WEEKDAY } from "./date-words.ts";
import { NUMBER_NEXT, oneDay, WEEKDAY, type Reader } from "./day-reading.ts";
import { tellsPast } from "./day-side.ts";
import { matchAt, sticky } from "./patterns.ts";

const WEEK =
  "(?:de |del )?(?:la )?(semana que viene|próxima semana|semana próxima|semana pasada|esta semana)";
const NAMED_WEEKDAY = sticky(
  `(?:(próximo|pasado|último|este|next|last|this) )?(?:(${WEEKDAY})(?: (próximo|pasado|siguiente|que viene|de ${WEEK}|next week|last week|this week))?)`,
);
const NUMBERED_WEEKDAY = sticky(
  `(${WEEKDAY}),? (?:día |the )?(\\d{1,2})(?:st|nd|rd|th)?${NUMBER_NEXT}`,
);
const NUMBERED = sticky(`día (\\d{1,2})${NUMBER_NEXT}(?! de (?!este|mes|est))`);

export const readNumberedWeekday: Reader = ({ text, clock }, at) => {
  const match = matchAt(NUMBERED_WEEKDAY, text, at);
  if (!match) return undefined;
  const day = numberedDay(Number(match[2]), clock.today, weekdayNumber(match[1] ?? ""));
  return oneDay(at + match[0].length, day);
};

export const readNumbered: Reader = ({ text, clock }, at) => {
  const match = matchAt(NUMBERED, text, at);
  if (
    !match ||
    !/(?:^|\P{L})(?:el|del|al|hasta el|este)\s$/iu.test(text.slice(Math.max(0, at - 10), at))
  ) {
    return undefined;
  }
  return oneDay(at + match[0].length, numberedDay(Number(match[1]), clock.today));
};

export const readWeekday: Reader = ({ text, clock: { today } }, at) => {
  const match = matchAt(NAMED_WEEKDAY, text, at);
  if (!match) return undefined;
  const [written, before = "", name = "", behind = ""] = match;
  const weekday = weekdayNumber(name);
  if (!weekday || isRecurring(text, at) || isProperName(text, at, written, name)) return undefined;
  const end = at + written.length;
  const side = fold(`${before} ${behind}`);
  const found = oneDay(
    end,
    weekdayOn(weekday, side, today, () => tellsPast(text, at, end)),
  );
  return found && { ...found, isWeekday: true };
};

function weekdayOn(weekday: number, side: string, today: Day, isPast: () => boolean): Day {
  const monday = mondayOf(today);
  if (/esta semana|this week/u.test(side)) return monday.add({ days: weekday - 1 });
  if (/semana pasada|last week/u.test(side)) return monday.add({ days: weekday - 8 });
  // The English «next Friday» is the one of next week.
  if (/semana|next/u.test(side)) return monday.add({ days: weekday + 6 });
  if (/pasado|ultimo|last/u.test(side)) return pastWeekday(weekday, today);
  if (/proximo|viene|siguiente/u.test(side)) return comingWeekday(weekday, today);
  if (/este|this/u.test(side)) return comingWeekday(weekday, today, true);
  return isPast() ? pastWeekday(weekday, today) : comingWeekday(weekday, today);
}

/** «los martes», «cada lunes», «every Friday» name no day in particular. */
function isRecurring(text: string, at: number): boolean {
  return /(?:^|\P{L})(?:los|cada|todos|every|each|un|one|alg[uú]n|ning[uú]n|primer|segundo|tercer|cuarto|[1-5]\.?(?:[º°]|er))\s{1,3}$/iu.test(
    text.slice(Math.max(0, at - 10), at),
  );
}

/** Spanish writes its days small: capitals inside a sentence or before another capital make a name («Plácido Domingo»). */
function isProperName(text: string, at: number, written: string, name: string): boolean {
  if (!/^\p{Lu}/u.test(name) || name === name.toUpperCase()) return false;
  if (!new RegExp(`^(?:${SPANISH_WEEKDAY})$`, "iu").test(name)) return false;
  return (
    /\p{Lu}[\p{L}.]*\s$/u.test(text.slice(Math.max(0, at - 20), at)) ||
    /^\s\p{Lu}/u.test(text.slice(at + written.length, at + written.length + 2))
  );
}
