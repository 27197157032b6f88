import { fold } from "../../text/fold.ts";
import { SPANISH_CARDINALS } from "../../text/number-words.ts";
import { textAfter } from "../../text/spans.ts";
import { matchAt, sticky } from "./patterns.ts";

/** `isNextDay`: midnight at the end of the day that the text names. */
export type ClockTime = { hour: number; minute: number; isNextDay?: boolean };
/** A time of day written in a text, or a range of two, and the offset after it. */
type TimeReading = { end: number; time?: ClockTime; until?: ClockTime };

// ---- Pattern sources

const PART = "mañana|madrugada|mediodía|tarde|noche|morning|afternoon|evening|night";
const MERIDIEM = "a\\.? ?m\\.?|p\\.? ?m\\.?";
const HOURS_IN_WORDS = ["una", ...SPANISH_CARDINALS.slice(1, 12)];
const HOUR_WORD = HOURS_IN_WORDS.join("|");
const HOUR_SUFFIX = "( ?(?:h|hs|hrs|horas?)(?![\\p{L}]))?";
const ANY_MERIDIEM = `(?: ?(${MERIDIEM})(?![\\p{L}]))?`;
const OF_PART = `(?: (?:de|por|en|in) (?:la |el |the )?(${PART})| (?:del|at) (mediodía|night))?`;

/** Groups: hour, minutes, hour in words, fraction, «h», am/pm, part of the day (2). */
const CLOCK = `(?:(\\d{1,2})(?:[:.](\\d{2})(?:[:.]\\d{2})?)?|(${HOUR_WORD}))(?: (y media|y cuarto|menos cuarto|en punto|y cinco|y diez|y veinte|o'clock))?${HOUR_SUFFIX}${ANY_MERIDIEM}${OF_PART}`;
const CLOCK_GROUPS = 8;
/** The same groups, in digits only: without a word before it, anything else could be a quantity. */
const DIGITAL_CLOCK = `(\\d{1,2})(?:[:.](\\d{2})(?:[:.]\\d{2})?)?()()${HOUR_SUFFIX}${ANY_MERIDIEM}${OF_PART}`;
/** Groups: hour, minutes, am/pm. */
const RANGE_CLOCK = `(\\d{1,2})(?:[:.](\\d{2}))?(?: ?(?:h|horas)(?![\\p{L}]))?${ANY_MERIDIEM}`;

const PART_AFTER = sticky(
  `,?(?: (?:por|de|en|a) la (${PART})| in the (${PART})| (morning|afternoon|evening|night)| al (mediodía))`,
);
const INTRODUCED = sticky(
  `,?(?: -)? (?:a|sobre|hacia|desde|antes de|después de|a partir de) las? ${CLOCK}|,?(?: -)? (?:at|by|from|@) ${CLOCK}`,
);
const BARE = sticky(`,?(?: [-–|])? ${DIGITAL_CLOCK}`);
const NOON = sticky(",? (?:a|al|at)(?: la)? (mediodía|medianoche|noon|midnight)");
const TIME_RANGE = sticky(
  `,? (?:de|desde las|from|entre las|between) ${RANGE_CLOCK} (?:a|hasta las|to|y las|and|y) (?:las )?${RANGE_CLOCK}${OF_PART}`,
);
const INTRODUCED_START = sticky(`(?:a las? ${CLOCK}|at ${CLOCK})`);
const BARE_START = sticky(DIGITAL_CLOCK);

// ---- Reading

/** The time right after a day. A part of the day alone is consumed, but gives no time. */
export function readTimeAfter(text: string, at: number, dayPart?: string): TimeReading | undefined {
  const partMatch = dayPart === undefined ? matchAt(PART_AFTER, text, at) : undefined;
  const part = partMatch?.slice(1).find(Boolean) ?? dayPart;
  const from = partMatch ? partMatch.index + partMatch[0].length : at;
  const reading =
    readTimeRange(text, from, part) ??
    readNoon(text, from) ??
    readClock(matchAt(INTRODUCED, text, from), part, true) ??
    readClock(matchAt(BARE, text, from), part, false);
  return reading ?? (partMatch ? { end: from } : undefined);
}

/** The time that starts «a las 9 de la mañana del 3 de mayo» or «5pm tomorrow». */
export function readTimeAt(text: string, at: number): TimeReading | undefined {
  return (
    readClock(matchAt(INTRODUCED_START, text, at), undefined, true) ??
    readClock(matchAt(BARE_START, text, at), undefined, false)
  );
}

/** «de 10 a 12». */
function readTimeRange(
  text: string,
  at: number,
  part: string | undefined,
): TimeReading | undefined {
  const match = matchAt(TIME_RANGE, text, at);
  if (!match) return undefined;
  const [written, fromHour, fromMinute, fromMeridiem, hour, minute, meridiem, ...parts] = match;
  const dayPart = parts.find(Boolean) ?? part;
  const until = toTime({ hour, minute, meridiem, dayPart });
  const time = toTime({
    hour: fromHour,
    minute: fromMinute,
    meridiem: fromMeridiem ?? meridiem,
    dayPart,
  });
  if (!time || !until || minutesOf(time) >= minutesOf(until)) return undefined;
  return { end: at + written.length, time, until };
}

function readNoon(text: string, at: number): TimeReading | undefined {
  const match = matchAt(NOON, text, at);
  if (!match) return undefined;
  const isNoon = /^(?:mediodia|noon)$/u.test(fold(match[1] ?? ""));
  const time = isNoon ? { hour: 12, minute: 0 } : { hour: 0, minute: 0, isNextDay: true };
  return { end: at + match[0].length, time };
}

/** `isIntroduced`: a word such as «a las» shows that the number is a time. */
function readClock(
  match: RegExpExecArray | undefined,
  part: string | undefined,
  isIntroduced: boolean,
): TimeReading | undefined {
  if (!match) return undefined;
  const alternatives = match.slice(1);
  const groups = alternatives.slice(0, CLOCK_GROUPS).some(Boolean)
    ? alternatives
    : alternatives.slice(CLOCK_GROUPS);
  const [digits, minute, word, fraction, suffix, meridiem, ownPart, otherPart] = groups;
  if (!digits && !word) return undefined;
  const namedPart = ownPart ?? otherPart;
  const hasColon = minute && match[0].includes(":");
  const isTime = isIntroduced || meridiem || suffix || hasColon || (namedPart && minute);
  if (!isTime) return undefined;
  const end = match.index + match[0].length;
  const isQuantity =
    isIntroduced && minute === undefined && /^[.,]\d|^\s?%/u.test(textAfter(match.input, end, 2));
  if (isQuantity) return undefined;
  const time = toTime({
    hour: digits ?? String(HOURS_IN_WORDS.indexOf(fold(word ?? "")) + 1),
    minute,
    meridiem,
    dayPart: namedPart ?? part,
    fraction,
    mayBeAfternoon: isIntroduced && !suffix,
  });
  return time && { end, time };
}

// ---- Values

type WrittenTime = {
  hour: string | undefined;
  minute: string | undefined;
  meridiem: string | undefined;
  dayPart: string | undefined;
  /** «y media». */
  fraction?: string | undefined;
  /** A bare small hour is in the afternoon. */
  mayBeAfternoon?: boolean;
};

const FRACTION_MINUTES: Readonly<Record<string, number>> = {
  "y media": 30,
  "y cuarto": 15,
  "menos cuarto": -15,
  "y cinco": 5,
  "y diez": 10,
  "y veinte": 20,
};
const DAY_MINUTES = 24 * 60;

function toTime({ hour, minute, meridiem, ...rest }: WrittenTime): ClockTime | undefined {
  const writtenHour = Number(hour);
  const minutes = Number(minute ?? 0);
  if (!hour || writtenHour > 24 || minutes > 59 || (meridiem && writtenHour > 12)) return undefined;
  const fraction = fold(rest.fraction ?? "").replace(/\s+/gu, " ");
  const mayBeAfternoon = rest.mayBeAfternoon === true && !hour.startsWith("0");
  const hourOfDay = toHourOfDay(writtenHour, meridiem, rest.dayPart, mayBeAfternoon);
  const total = hourOfDay * 60 + minutes + (FRACTION_MINUTES[fraction] ?? 0);
  if (total > DAY_MINUTES || total < 0) return undefined;
  if (total === DAY_MINUTES) return { hour: 0, minute: 0, isNextDay: true };
  return { hour: Math.floor(total / 60), minute: total % 60 };
}

/** Hours up to this one mean the afternoon when no part of the day is given: «a las 5» is 17:00. */
const LAST_AFTERNOON_HOUR = 6;

/** From 0 to 24. */
function toHourOfDay(
  hour: number,
  meridiem: string | undefined,
  dayPart: string | undefined,
  mayBeAfternoon: boolean,
): number {
  if (meridiem) return (hour % 12) + (/^p/iu.test(meridiem) ? 12 : 0);
  const part = fold(dayPart ?? "");
  if (hour > 12 || (hour === 0 && part === "")) return hour;
  if (/^(?:tarde|afternoon|evening|mediodia)$/u.test(part)) {
    return hour === 12 || (part === "mediodia" && hour === 11) ? hour : hour + 12;
  }
  if (/^(?:noche|night)$/u.test(part)) {
    if (hour === 12) return 24;
    return hour < 6 ? hour : hour + 12;
  }
  if (/^(?:manana|madrugada|morning)$/u.test(part)) {
    return hour === 12 && part !== "manana" ? 0 : hour;
  }
  return mayBeAfternoon && hour >= 1 && hour <= LAST_AFTERNOON_HOUR ? hour + 12 : hour;
}

function minutesOf({ hour, minute, isNextDay }: ClockTime): number {
  return (isNextDay ? DAY_MINUTES : 0) + hour * 60 + minute;
}
