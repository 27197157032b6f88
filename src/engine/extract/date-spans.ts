import { monthNumber } from "../../text/calendar-words.ts";
import { Temporal } from "temporal-polyfill";
import { fold } from "../../text/fold.ts";
import { dayOf, yearlessDay, type Day } from "./calendar.ts";
import { readCount, DAY_WORD, ENGLISH_MONTH, SHORT_MONTH, SPANISH_MONTH } from "./date-words.ts";
import { writeDays, type DateReading } from "./date-values.ts";
import type { DayContext, DayReading } from "./day-reading.ts";
import { directionOf } from "./day-side.ts";
import { matchAt, sticky } from "./patterns.ts";
import { readDay } from "./read-day.ts";

const OPENING = sticky("(?:del|desde|entre|from|between|de)(?: el| la| las| los)?");
const LINK = sticky(
  ",?(?: (?:al|hasta|a|y|to|until|till|through|and)(?: el| la)?(?= )| ?[-–—](?= ?[\\p{L}\\d]))()",
);
const SHARED_MONTH = sticky(
  `(?:(del|desde el|entre el|from|between|de|entre los días|entre|desde) )?(?:el )?(?:días? )?(\\d{1,2}|${DAY_WORD})(?:st|nd|rd|th)?(?:( al | hasta el | through | ?[-–—] ?)| (a|y|y el|to|and|until) )(?:día )?(\\d{1,2}|${DAY_WORD})(?:st|nd|rd|th)?(?: de | of | |[-/])(${SPANISH_MONTH}|${ENGLISH_MONTH}|(?:${SHORT_MONTH})\\.?)(?:(?:,? (?:de |del |of )?|[-/])(\\d{4}))?`,
);
const ENGLISH_SHARED_MONTH = sticky(
  `(?:(?:from|between) )?(${ENGLISH_MONTH}|(?:${SHORT_MONTH})\\.?) (\\d{1,2})(?:st|nd|rd|th)?(?: ?[-–—] ?| to | through | until )(\\d{1,2})(?:st|nd|rd|th)?(?![\\d]|[.,:]\\d)(?:,? (\\d{4}))?`,
);

/** Two days and what lies between. */
export function readSpan(context: DayContext, at: number): DateReading | undefined {
  return readSharedMonth(context, at) ?? readTwoDays(context, at);
}

/** «del 3 al 10 de mayo», «May 3-10, 2026». */
function readSharedMonth({ text, clock }: DayContext, at: number): DateReading | undefined {
  const match = matchAt(SHARED_MONTH, text, at);
  const english = match ? undefined : matchAt(ENGLISH_SHARED_MONTH, text, at);
  const parts = match
    ? {
        opening: match[1],
        link: match[3],
        from: match[2],
        to: match[5],
        month: match[6],
        year: match[7],
      }
    : {
        opening: "from",
        link: "-",
        from: english?.[2],
        to: english?.[3],
        month: english?.[1],
        year: english?.[4],
      };
  const [from, to] = [readCount(parts.from ?? "") ?? 0, readCount(parts.to ?? "") ?? 0];
  const month = monthNumber(parts.month ?? "");
  const written = match ?? english;
  if (!written || !month || from >= to || !(parts.opening ?? parts.link)) return undefined;
  if (english && !/^\p{Lu}/u.test(parts.month ?? "")) return undefined;
  const last = parts.year
    ? dayOf(Number(parts.year), month, to)
    : yearlessDay(month, to, clock.today, directionOf(text, at, at + written[0].length));
  const end = at + written[0].length;
  return last && { end, value: { desde: String(last.with({ day: from })), hasta: String(last) } };
}

/** «del 28 de abril al 3 de mayo», «de mayo a junio de 2026», «entre el lunes y el jueves». */
function readTwoDays(context: DayContext, at: number): DateReading | undefined {
  const opening = matchAt(OPENING, context.text, at);
  const blank = opening ? /\s{1,3}/uy : undefined;
  const afterOpening = opening ? at + opening[0].length : at;
  const gap = blank && matchAt(blank, context.text, afterOpening);
  if (opening && !gap) return undefined;
  const first = readDay(context, afterOpening + (gap?.[0].length ?? 0));
  if (!first || first.moment) return undefined;
  const link = matchAt(LINK, context.text, first.end);
  if (!link || !joins(fold(opening?.[0] ?? ""), fold(link[0]))) return undefined;
  const behind = /\s{0,3}/uy;
  const linkEnd = first.end + link[0].length;
  const second = readDay(
    context,
    linkEnd + (matchAt(behind, context.text, linkEnd)?.[0].length ?? 0),
  );
  if (!second || second.moment || second.precision !== first.precision) return undefined;
  const days = inOrder(first, second, context.clock.today);
  return days && { end: second.end, value: writeDays(days) };
}

/** «a» and «y» make a span only behind «de» and «entre»; the others do by themselves. */
function joins(opening: string, link: string): boolean {
  if (/\by\b|\band\b/u.test(link)) return /^(?:entre|between)/u.test(opening);
  if (/(?:^|\s)(?:a|to)(?:$|\s)/u.test(link)) return opening !== "" || /to/u.test(link);
  return true;
}

/** The year written at one end holds for both; else the second end follows the first. */
function inOrder(first: DayReading, second: DayReading, today: Day): DayReading | undefined {
  let [from, to] = [first.from, second.to];
  if (!first.hasYear && second.hasYear && !first.isWeekday) {
    from = from.with({ year: to.year });
    if (Temporal.PlainDate.compare(from, to) > 0) from = from.subtract({ years: 1 });
  } else if (first.hasYear && !second.hasYear && !second.isWeekday) {
    to = to.with({ year: from.year });
    if (Temporal.PlainDate.compare(from, to) > 0) to = to.add({ years: 1 });
  } else if (second.isWeekday && Temporal.PlainDate.compare(from, to) > 0) {
    to = to.add({ weeks: 1 });
  } else if (
    Temporal.PlainDate.compare(from, to) > 0 &&
    Temporal.PlainDate.compare(today, to) <= 0
  ) {
    from = from.subtract({ years: 1 });
  } else if (Temporal.PlainDate.compare(from, to) > 0) {
    to = to.add({ years: 1 });
  }
  if (Temporal.PlainDate.compare(from, to) >= 0) return undefined;
  return { end: second.end, from, to, precision: first.precision };
}
