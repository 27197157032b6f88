import { fold } from "../../text/fold.ts";
import { matchAt, sticky } from "./patterns.ts";

/** `nextDay`: midnight as the end of the day named before it. */
export type Time = { hour: number; minute: number; nextDay?: boolean };
export type TimeReading = { end: number; time?: Time; until?: Time };

const PART = "mañana|madrugada|mediodía|tarde|noche|morning|afternoon|evening|night";
const MERIDIEM = "a\\.? ?m\\.?|p\\.? ?m\\.?";
const HOUR_WORD = "una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce";
const HOURS = HOUR_WORD.split("|");
const OF_PART = `(?: (?:de|por|en|in) (?:la |el |the )?(${PART})| (?:del|at) (mediodía|night))?`;

/** Groups: hour, minutes, hour in words, its fraction, «h», am/pm, part of the day (2). */
const CLOCK = `(?:(\\d{1,2})(?:[:.](\\d{2})(?:[:.]\\d{2})?)?|(${HOUR_WORD}))(?: (y media|y cuarto|menos cuarto|en punto|y cinco|y diez|y veinte|o'clock))?( ?(?:h|hs|hrs|horas?)(?![\\p{L}]))?(?: ?(${MERIDIEM})(?![\\p{L}]))?${OF_PART}`;
const CLOCK_GROUPS = 8;
/** An hour that nothing introduces shows by itself that it is one. */
const PLAIN_CLOCK = `(\\d{1,2})(?:[:.](\\d{2})(?:[:.]\\d{2})?)?()()( ?(?:h|hs|hrs|horas?)(?![\\p{L}]))?(?: ?(${MERIDIEM})(?![\\p{L}]))?${OF_PART}`;

const PART_BEHIND = sticky(
  `,?(?: (?:por|de|en|a) la (${PART})| in the (${PART})| (morning|afternoon|evening|night)| al (mediodía))`,
);
const INTRODUCED = sticky(
  `,?(?: -)? (?:a|sobre|hacia|desde|antes de|después de|a partir de) las? ${CLOCK}|,?(?: -)? (?:at|by|from|@) ${CLOCK}`,
);
const BARE = sticky(`,?(?: [-–|])? ${PLAIN_CLOCK}`);
const NOON = sticky(",? (?:a|al|at)(?: la)? (mediodía|medianoche|noon|midnight)");
const HOURS_SPAN = sticky(
  `,? (?:de|desde las|from|entre las|between) (\\d{1,2})(?:[:.](\\d{2}))?(?: ?(?:h|horas)(?![\\p{L}]))?(?: ?(${MERIDIEM})(?![\\p{L}]))? (?:a|hasta las|to|y las|and|y) (?:las )?(\\d{1,2})(?:[:.](\\d{2}))?(?: ?(?:h|horas)(?![\\p{L}]))?(?: ?(${MERIDIEM})(?![\\p{L}]))?${OF_PART}`,
);
const STARTING = sticky(`(?:a las? ${CLOCK}|at ${CLOCK})`);
const BARE_STARTING = sticky(PLAIN_CLOCK);

/** What a text says of the hour right behind a day, up to `end`; the part of the day alone gives no time. */
export function readTimeBehind(
  text: string,
  at: number,
  dayPart?: string,
): TimeReading | undefined {
  const partMatch = dayPart === undefined ? matchAt(PART_BEHIND, text, at) : undefined;
  const part = partMatch?.slice(1).find(Boolean) ?? dayPart;
  const from = partMatch ? partMatch.index + partMatch[0].length : at;
  const reading = readHours(text, from, part);
  return reading ?? (partMatch ? { end: from } : undefined);
}

function readHours(text: string, at: number, part: string | undefined): TimeReading | undefined {
  const span = matchAt(HOURS_SPAN, text, at);
  if (span) {
    const [, fromHour, fromMinute, fromHalf, hour, minute, half, ...parts] = span;
    const shared = parts.find(Boolean) ?? part;
    const until = toTime(hour, minute, half, shared, false);
    const time = toTime(fromHour, fromMinute, fromHalf ?? half, shared, false);
    if (time && until && minutesOf(time) < minutesOf(until)) {
      return { end: span.index + span[0].length, time, until };
    }
  }
  const noon = matchAt(NOON, text, at);
  if (noon) {
    const isNoon = /^(?:mediodia|noon)$/u.test(fold(noon[1] ?? ""));
    const time = isNoon ? { hour: 12, minute: 0 } : { hour: 0, minute: 0, nextDay: true };
    return { end: noon.index + noon[0].length, time };
  }
  return (
    readClock(matchAt(INTRODUCED, text, at), part, true) ??
    readClock(matchAt(BARE, text, at), part, false)
  );
}

/** An hour at the head of «a las 9 de la mañana del 3 de mayo», «5pm tomorrow». */
export function readTimeAt(text: string, at: number): TimeReading | undefined {
  return (
    readClock(matchAt(STARTING, text, at), undefined, true) ??
    readClock(matchAt(BARE_STARTING, text, at), undefined, false)
  );
}

function readClock(
  match: RegExpExecArray | undefined,
  part: string | undefined,
  introduced: boolean,
): TimeReading | undefined {
  if (!match) return undefined;
  const alternatives = match.slice(1);
  const groups = alternatives.slice(0, CLOCK_GROUPS).some(Boolean)
    ? alternatives
    : alternatives.slice(CLOCK_GROUPS);
  const [digits, minutes, word, fraction, suffix, half, ownPart, otherPart] = groups;
  if (!digits && !word) return undefined;
  const named = ownPart ?? otherPart;
  const isHour =
    introduced || half || suffix || (minutes && match[0].includes(":")) || (named && minutes);
  if (!isHour) return undefined;
  if (
    introduced &&
    minutes === undefined &&
    /^[.,]\d|^\s?%/u.test(match.input.slice(match.index + match[0].length))
  )
    return undefined;
  const hour = digits ?? String(HOURS.indexOf(fold(word ?? "")) + 1);
  const time = toTime(hour, minutes, half, named ?? part, introduced && !suffix, fraction);
  return time && { end: match.index + match[0].length, time };
}

const FRACTIONS: Readonly<Record<string, number>> = {
  "y media": 30,
  "y cuarto": 15,
  "menos cuarto": -15,
  "y cinco": 5,
  "y diez": 10,
  "y veinte": 20,
};
/** «a las 5», with nothing said of the half of the day, is an hour when people are awake. */
const LAST_HOUR_TAKEN_FOR_AFTERNOON = 6;

function toTime(
  hours: string | undefined,
  minutes: string | undefined,
  half: string | undefined,
  part: string | undefined,
  guess: boolean,
  fraction?: string,
): Time | undefined {
  const shift = FRACTIONS[fold(fraction ?? "").replace(/\s+/gu, " ")] ?? 0;
  const written = Number(hours);
  if (!hours || written > 24 || Number(minutes ?? 0) > 59 || (half && written > 12))
    return undefined;
  const hour = ofDay(written, half, part, guess && !hours.startsWith("0"));
  if (hour === undefined) return undefined;
  const total = hour * 60 + Number(minutes ?? 0) + shift;
  if (total > 24 * 60 || total < 0) return undefined;
  if (total === 24 * 60) return { hour: 0, minute: 0, nextDay: true };
  return { hour: Math.floor(total / 60), minute: total % 60 };
}

function ofDay(
  hour: number,
  half: string | undefined,
  part: string | undefined,
  guess: boolean,
): number | undefined {
  if (half) return (hour % 12) + (/^p/iu.test(half) ? 12 : 0);
  const name = fold(part ?? "");
  if (hour > 12 || (hour === 0 && name === "")) return hour;
  if (/^(?:tarde|afternoon|evening|mediodia)$/u.test(name)) {
    return hour === 12 || (name === "mediodia" && hour === 11) ? hour : hour + 12;
  }
  if (/^(?:noche|night)$/u.test(name)) {
    if (hour === 12) return 24;
    return hour < 6 ? hour : hour + 12;
  }
  if (/^(?:manana|madrugada|morning)$/u.test(name)) {
    return hour === 12 && name !== "manana" ? 0 : hour;
  }
  return guess && hour >= 1 && hour <= LAST_HOUR_TAKEN_FOR_AFTERNOON ? hour + 12 : hour;
}

function minutesOf({ hour, minute, nextDay }: Time): number {
  return (nextDay ? 24 * 60 : 0) + hour * 60 + minute;
}
