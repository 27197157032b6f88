import { fold } from "../../text/fold.ts";
import type { Clock } from "./calendar.ts";
import { readSpan } from "./date-spans.ts";
import { isSingleDay, writeDays, writeMoment, writeTime, type DateReading } from "./date-values.ts";
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
import { readTimeAt, readTimeBehind } from "./times.ts";

/** The folded words with which a date may begin; the others are passed over without trying any rule. */
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
const LONGEST_STARTER_CHARACTERS = 12;
const TOKEN = /[\p{L}\p{M}]+|\d+/gu;

/**
 * Dates, spans and moments, resolved against `clock`. Numbers with slashes are day first unless `monthFirst`; a day
 * without a year is of the last four months or the coming eight, unless the words around it tell; a weekday alone is the
 * coming one, or the last one where the verbs around it are in the past; «a las 5» is in the afternoon, as every bare
 * hour up to six. Hours without a day, and days that come again and again («de lunes a viernes», «los martes»), are no
 * dates.
 */
export function findDates(
  text: string,
  options: { clock: Clock; monthFirst: boolean },
): EntityMatch<DateValue>[] {
  const context: DayContext = { text, ...options };
  const found: EntityMatch<DateValue>[] = [];
  let end = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (index < end || !mayStart(token) || !startsClean(text, index)) continue;
    const skipped = matchAt(WORKING_WEEK, text, index);
    if (skipped) {
      end = index + skipped[0].length;
      continue;
    }
    const date = readSpan(context, index) ?? readPoint(context, index);
    if (!date) continue;
    found.push({ start: index, ...date });
    end = date.end;
  }
  return found;
}

function mayStart(token: string): boolean {
  if (/^\d/u.test(token)) return token.length <= 4;
  return token.length <= LONGEST_STARTER_CHARACTERS && STARTERS.has(fold(token));
}

/** Not inside a code, a decimal or a longer number. */
function startsClean(text: string, at: number): boolean {
  return (
    !/[\p{L}\p{M}\p{N}_@#]$|[\p{L}\p{N}][-.,:/'’–]$|[-−+/\\]$/u.test(
      text.slice(Math.max(0, at - 2), at),
    ) || /[\p{L}]['’]$/u.test(text.slice(Math.max(0, at - 2), at))
  );
}

const WORKING_WEEK = sticky(
  `(?:(?:de|from) )?(?:(?:${SPANISH_WEEKDAY}) a (?:${SPANISH_WEEKDAY})|(?:${ENGLISH_WEEKDAY}) (?:to|through|thru) (?:${ENGLISH_WEEKDAY})|(?:${SPANISH_WEEKDAY}|${ENGLISH_WEEKDAY})[-–](?:${SPANISH_WEEKDAY}|${ENGLISH_WEEKDAY}))`,
);

// ---- One day, with or without an hour

function readPoint(context: DayContext, at: number): DateReading | undefined {
  const { text, clock } = context;
  const day = readDay(context, at);
  if (!day) return readHourFirst(context, at);
  if (day.moment) return { end: day.end, value: writeMoment(day.moment) };
  if (!isSingleDay(day)) return { end: day.end, value: writeDays(day) };
  const stamp = readIsoTime(text, day, clock.timeZone);
  if (stamp) return stamp;
  const time = readTimeBehind(text, day.end, day.part);
  if (!time?.time) return { end: time?.end ?? day.end, value: String(day.from) };
  const from = writeTime(day.from, time.time);
  return {
    end: time.end,
    value: time.until ? { desde: from, hasta: writeTime(day.from, time.until) } : from,
  };
}

const BETWEEN_HOUR_AND_DAY = /(?:,?\s{1,3}(?:del?|of|on|el)(?:\s{1,3}el)?)?,?\s{1,3}/iuy;

/** «a las 9 de la mañana del 3 de mayo», «5pm tomorrow». */
function readHourFirst(context: DayContext, at: number): DateReading | undefined {
  const time = readTimeAt(context.text, at);
  if (!time?.time) return undefined;
  const link = matchAt(BETWEEN_HOUR_AND_DAY, context.text, time.end);
  if (!link) return undefined;
  const day = readDay(context, time.end + link[0].length);
  if (!day || day.moment || !isSingleDay(day)) return undefined;
  return { end: day.end, value: writeTime(day.from, time.time) };
}

const ISO_TIME =
  /(?:T|\s)(\d{2}):(\d{2})(?::\d{2}(?:[.,]\d{1,9})?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?(?![\p{L}\p{N}:])/uy;

/** The time of an ISO 8601 stamp; one with an offset is told in `timeZone`. */
function readIsoTime(text: string, day: DayReading, timeZone: string): DateReading | undefined {
  if (!/^\d{4}-\d\d-\d\d$/u.test(text.slice(day.end - 10, day.end))) return undefined;
  const match = matchAt(ISO_TIME, text, day.end);
  if (!match) return undefined;
  const [written, hour, minute, offset] = match;
  const [hours, minutes] = [Number(hour), Number(minute)];
  if (hours > 23 || minutes > 59) return undefined;
  const end = day.end + written.length;
  const local = day.from.toPlainDateTime({ hour: hours, minute: minutes });
  if (!offset) return { end, value: writeMoment(local) };
  const zone = offset === "Z" ? "UTC" : offset.replace(/^(.\d\d)(\d\d)$/u, "$1:$2");
  return {
    end,
    value: writeMoment(local.toZonedDateTime(zone).withTimeZone(timeZone).toPlainDateTime()),
  };
}
