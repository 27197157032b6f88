import { fold } from "../../text/fold.ts";
import { textBefore } from "../../text/spans.ts";
import { readDateRange } from "./date-ranges.ts";
import {
  formatDateTime,
  formatTime,
  isSingleDay,
  toDateValue,
  type DateReading,
} from "./date-values.ts";
import {
  COUNT_WORD,
  DAY_WORD,
  ENGLISH_MONTH,
  ENGLISH_WEEKDAY,
  SHORT_MONTH,
  SHORT_WEEKDAY,
  SPANISH_MONTH,
  SPANISH_WEEKDAY,
} from "./date-words.ts";
import type { DayContext, DayReading } from "./day-reading.ts";
import type { DateValue, EntityMatch } from "./entity.ts";
import { matchAt, sticky } from "./patterns.ts";
import { readDay } from "./read-day.ts";
import type { ReferenceClock } from "./reference-clock.ts";
import { readTimeAfter, readTimeAt } from "./times.ts";

/** Folded words with which a date may start. No rule is tried at any other word, to save time. */
const STARTERS: ReadonlySet<string> = new Set(
  fold(
    [
      SPANISH_MONTH,
      ENGLISH_MONTH,
      SHORT_MONTH,
      SPANISH_WEEKDAY,
      ENGLISH_WEEKDAY,
      SHORT_WEEKDAY,
      DAY_WORD,
      COUNT_WORD,
      "hoy|today|esta|este|this|tonight|pasado|pasada|pasados|pasadas|the|day|manana|tomorrow|anteayer|antes|antier|anteanoche|anoche|last|ayer|yesterday",
      "hace|dentro|en|in|at|de|del|desde|entre|from|between|next|past|proximo|proxima|proximos|proximas|siguientes|ultimo|ultima|ultimos|ultimas",
      "semana|fin|finde|mes|ano|year|trimestre|dia|primer|segundo|tercer|cuarto|first|second|third|fourth|q",
    ].join("|"),
  ).split("|"),
);
const MAX_STARTER_LENGTH = 12;
const WORD_OR_NUMBER = /[\p{L}\p{M}]+|\d+/gu;

/**
 * Dates, ranges and times, resolved against `clock`. Ambiguous ones are read like this:
 * - numbers with slashes are day first unless `monthFirst`;
 * - a day without a year is at most four months back or eight ahead, unless the words around it show the side;
 * - a weekday alone is the coming one, or the last one when the verbs around it are in the past;
 * - a bare hour up to six («a las 5») is in the afternoon.
 * Times without a day and recurring days («de lunes a viernes», «los martes») are not dates.
 */
export function findDates(
  text: string,
  options: { clock: ReferenceClock; monthFirst: boolean },
): EntityMatch<DateValue>[] {
  const context: DayContext = { text, ...options };
  const matches: EntityMatch<DateValue>[] = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD_OR_NUMBER)) {
    if (index < end || !mayStart(word) || isPartOfCode(text, index)) continue;
    const weekdays = matchAt(RECURRING_WEEKDAYS, text, index);
    if (weekdays) {
      end = index + weekdays[0].length;
      continue;
    }
    const date = readDateRange(context, index) ?? readSingleDate(context, index);
    if (!date) continue;
    matches.push({ start: index, ...date });
    end = date.end;
  }
  return matches;
}

function mayStart(word: string): boolean {
  if (/^\d/u.test(word)) return word.length <= 4;
  return word.length <= MAX_STARTER_LENGTH && STARTERS.has(fold(word));
}

/** Whether the word at `at` continues a code, a decimal or a longer number. */
function isPartOfCode(text: string, at: number): boolean {
  const before = textBefore(text, at, 2);
  return (
    /[\p{L}\p{M}\p{N}_@#]$|[\p{L}\p{N}][-.,:/'’–]$|[-−+/\\]$/u.test(before) &&
    !/[\p{L}]['’]$/u.test(before)
  );
}

/** «de lunes a viernes». */
const RECURRING_WEEKDAYS = sticky(
  `(?:(?:de|from) )?(?:(?:${SPANISH_WEEKDAY}) a (?:${SPANISH_WEEKDAY})|(?:${ENGLISH_WEEKDAY}) (?:to|through|thru) (?:${ENGLISH_WEEKDAY})|(?:${SPANISH_WEEKDAY}|${ENGLISH_WEEKDAY})[-–](?:${SPANISH_WEEKDAY}|${ENGLISH_WEEKDAY}))`,
);

// ---- One day, with or without a time

function readSingleDate(context: DayContext, at: number): DateReading | undefined {
  const { text, clock } = context;
  const day = readDay(context, at);
  if (!day) return readTimeFirst(context, at);
  if (day.exactTime) return { end: day.end, value: formatDateTime(day.exactTime) };
  if (!isSingleDay(day)) return { end: day.end, value: toDateValue(day) };
  const timestamp = readTimestamp(text, day, clock.timeZone);
  if (timestamp) return timestamp;
  const time = readTimeAfter(text, day.end, day.dayPart);
  if (!time?.time) return { end: time?.end ?? day.end, value: String(day.from) };
  const from = formatTime(day.from, time.time);
  const value = time.until ? { from, to: formatTime(day.from, time.until) } : from;
  return { end: time.end, value };
}

const BETWEEN_TIME_AND_DAY = /(?:,?\s{1,3}(?:del?|of|on|el)(?:\s{1,3}el)?)?,?\s{1,3}/iuy;

/** «a las 9 de la mañana del 3 de mayo», «5pm tomorrow». */
function readTimeFirst(context: DayContext, at: number): DateReading | undefined {
  const time = readTimeAt(context.text, at);
  if (!time?.time) return undefined;
  const link = matchAt(BETWEEN_TIME_AND_DAY, context.text, time.end);
  if (!link) return undefined;
  const day = readDay(context, time.end + link[0].length);
  if (!day || day.exactTime || !isSingleDay(day)) return undefined;
  return { end: day.end, value: formatTime(day.from, time.time) };
}

const TIME_OF_TIMESTAMP =
  /(?:T|\s)(\d{2}):(\d{2})(?::\d{2}(?:[.,]\d{1,9})?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?(?![\p{L}\p{N}:])/uy;

/** The local date-time of an ISO 8601 timestamp, whose day was already read; an offset is converted to `timeZone`. */
function readTimestamp(text: string, day: DayReading, timeZone: string): DateReading | undefined {
  if (!/^\d{4}-\d\d-\d\d$/u.test(textBefore(text, day.end, 10))) return undefined;
  const match = matchAt(TIME_OF_TIMESTAMP, text, day.end);
  if (!match) return undefined;
  const [written, hour, minute, offset] = match;
  const [hours, minutes] = [Number(hour), Number(minute)];
  if (hours > 23 || minutes > 59) return undefined;
  const end = day.end + written.length;
  const local = day.from.toPlainDateTime({ hour: hours, minute: minutes });
  if (!offset) return { end, value: formatDateTime(local) };
  const zone = offset === "Z" ? "UTC" : offset.replace(/^(.\d\d)(\d\d)$/u, "$1:$2");
  const zoned = local.toZonedDateTime(zone).withTimeZone(timeZone);
  return { end, value: formatDateTime(zoned.toPlainDateTime()) };
}
