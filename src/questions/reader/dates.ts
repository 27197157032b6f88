import { Temporal } from "temporal-polyfill";
import type { Remainder } from "./normalise.ts";
import { NUMBER, NUMBER_WORD, ORDINAL, readNumber, readOrdinal } from "./numbers.ts";
import { ENGLISH, GIVING } from "./vocabulary.ts";

/** From an instant, up to but without another. */
export type Span = { from: Date | null; to: Date | null };

/** When and where a question is asked, by what its days are reckoned. */
export type Moment = { now: Date; timeZone: string };

type Day = Temporal.PlainDate;
/** The days of a span, the last one not included, or null where it is open. */
type Days = { from: Day | null; to: Day | null };
type Period = { from: Day; to: Day };
/** `isEnglish`: 3/5 may be either of two days. */
type Context = { today: Day; isEnglish: boolean };

const SPANISH_MONTHS = [
  ["enero"],
  ["febrero"],
  ["marzo"],
  ["abril"],
  ["mayo"],
  ["junio"],
  ["julio"],
  ["agosto"],
  ["septiembre", "setiembre"],
  ["octubre"],
  ["noviembre"],
  ["diciembre"],
];
const ENGLISH_MONTHS = [
  ["january"],
  ["february"],
  ["march"],
  ["april"],
  ["may"],
  ["june"],
  ["july"],
  ["august"],
  ["september"],
  ["october"],
  ["november"],
  ["december"],
];
/** Written so beside a day only: «mar», «ago» and «set» by themselves are other words. */
const SHORT_MONTHS = [
  ["ene", "jan"],
  ["feb"],
  ["mar"],
  ["abr", "apr"],
  [],
  ["jun"],
  ["jul"],
  ["ago", "aug"],
  ["sep", "sept"],
  ["oct"],
  ["nov"],
  ["dic", "dec"],
];
const WEEKDAY_NAMES = [
  ["lunes", "monday"],
  ["martes", "tuesday"],
  ["miercoles", "wednesday"],
  ["jueves", "thursday"],
  ["viernes", "friday"],
  ["sabado", "saturday"],
  ["domingo", "sunday"],
];

const weekdayNames = ({ dayOfWeek }: Day): string => (WEEKDAY_NAMES[dayOfWeek - 1] ?? []).join("|");
const numbered = (names: string[][]): [string, number][] =>
  names.flatMap((same, index) => same.map((name): [string, number] => [name, index + 1]));
const MONTHS = new Map([...numbered(SPANISH_MONTHS), ...numbered(ENGLISH_MONTHS)]);
const MONTHS_OF_DAYS = new Map([...MONTHS, ...numbered(SHORT_MONTHS)]);
const WEEKDAYS = new Map(numbered(WEEKDAY_NAMES));

/** Hours in which each part of a day begins and ends. `noche` goes on past midnight. */
const PARTS: Record<string, [from: number, to: number]> = {
  madrugada: [0, 6],
  manana: [6, 14],
  morning: [6, 12],
  tarde: [14, 21],
  afternoon: [12, 18],
  noche: [21, 30],
  evening: [18, 24],
  night: [21, 30],
};

const MONTH = [...MONTHS.keys()].join("|");
const MONTH_OF_DAY = [...MONTHS_OF_DAYS.keys()].join("|");
const SPANISH_MONTH = SPANISH_MONTHS.flat().join("|");
const WEEKDAY = [...WEEKDAYS.keys()].join("|");
const PART = Object.keys(PARTS).join("|");
const YEAR = "\\d{4}";
const PAST_YEAR = "(?:el )?(?:ano (?:pasado|anterior)|pasado ano)|last year";
const OF_YEAR = `(?: (?:de |del |of )?(${YEAR}|${PAST_YEAR}))?`;
/** «3», «3rd», and in words only behind what announces a day: «tres de mayo» and «dame 3 de mayo» may be three of them. */
const DAY_NUMBER = `(?<!(?:los|las|mis|numero|my|ultim[oa]s?|primer[oa]s?|last|first|${GIVING}) )\\d{1,2}(?:st|nd|rd|th)?|(?<=(?:el|al|del|dia|desde|hasta) )(?:primero|1o|${NUMBER_WORD})|(?:${ORDINAL})(?= of )`;

/** One day in words or digits; its groups as `writtenIn` takes them. */
const DAY = [
  "(hoy|today)",
  "(ayer|yesterday)",
  "(anteayer|antier|antes de ayer|the day before yesterday)",
  `(?:el |the )?(?:(${WEEKDAY}) )?(?:dia )?(${DAY_NUMBER}) (?:de |of )?(${MONTH_OF_DAY})${OF_YEAR}`,
  `(?:on )?(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?(?: (${YEAR}))?`,
  `(${YEAR})-(\\d{1,2})-(\\d{1,2})`,
  `(?:el |on )?(?:dia )?(\\d{1,2})[/-](\\d{1,2})(?:[/-](${YEAR}|2\\d))?`,
  `(?<!(?:los|cada|every|each) )(?:el |este |this |on |last )?(?:pasado |ultimo )?(${WEEKDAY})(?: pasado)?`,
].join("|");
const DAY_GROUPS = 17;

const UNIT = "semana|mes|trimestre|ano|week|month|quarter|year";
/** This week or the one before. */
const NEAR_PERIOD = `(?:est[ea]|this) (${UNIT})|(?:el |la )?(${UNIT}) (?:pasad[oa]|anterior)|(?:el |la )?(?:pasad[oa]|last) (${UNIT})`;
/** Behind «desde», «hasta» and the like: a day, or a whole period. */
const EXTENT = `${DAY}|(?:el )?(?:mes de )?(${MONTH})${OF_YEAR}|(?:el )?(?:ano )?(20\\d\\d)|${NEAR_PERIOD}`;
const EXTENT_GROUPS = DAY_GROUPS + 6;

const PERIODS = "dia|semana|mes|trimestre|ano|hora|day|week|month|quarter|year|hour";
const PLURAL = "(?:s|es)?";

/** A date that is there and makes no sense, or more than one: the question cannot be read. */
export class UnreadableDate extends Error {
  override readonly name = "UnreadableDate";
}

/**
 * Takes the dates out of a question. Weeks start on Monday; a month or day without a year is the latest that is not in
 * the future. Undefined when there are none.
 * @throws {UnreadableDate} for a day that does not exist or a span that is over before it begins
 */
export function takeSpan(rest: Remainder, { now, timeZone }: Moment): Span | undefined {
  const here = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  const context: Context = { today: here.toPlainDate(), isEnglish: rest.has(ENGLISH) };
  // Asked on a Monday, «este lunes» may be today or a week ago.
  if (rest.has(`(?:este|this) (?:${weekdayNames(context.today)})`)) throw new UnreadableDate();
  const rolling = takeRolling(rest, here);
  if (rolling) return rolling;
  const days =
    takeBetween(rest, context) ??
    takeOpenSpan(rest, context) ??
    takeDistantDay(rest, context.today);
  if (days) return toSpan(days, timeZone);
  const day = takeOneDay(rest, context, timeZone);
  if (day) return day;
  const whole = takePeriod(rest, context.today);
  return whole && toSpan(whole, timeZone);
}

/** «los últimos 7 días»: counted back from this very moment. */
function takeRolling(rest: Remainder, here: Temporal.ZonedDateTime): Span | undefined {
  const article = "(?:en |durante |de |in |over |from )?(?:los |las |el |la |the )?";
  const last = "ultim[oa]s?|pasad[oa]s?|last|past";
  const several =
    rest.take(`${article}(?:${last}) (${NUMBER}) (${PERIODS})${PLURAL}`) ??
    rest.take(`${article}(${NUMBER}) (?:${last}) (${PERIODS})${PLURAL}`);
  const one = rest.take(
    "(?:en |durante |de )?(?:el |la )?(?<! a )ultim[oa] (semana|mes|trimestre|ano|hora)",
  );
  const unit = several?.[2] ?? one?.[1];
  if (unit === undefined) return undefined;
  const back = duration(unit, several ? readCount(several[1]) : 1);
  return { from: toDate(here.subtract(back)), to: toDate(here) };
}

/** «entre … y …», «del … al …»: «del 3 y el 10» are two days and no span. */
const RANGES = [
  ["entre|between", "y|and"],
  ["del?|desde|from", "al?|hasta|to|until"],
];

function takeRange(rest: Remainder, first: string, last: string): RegExpExecArray | undefined {
  for (const [before, between] of RANGES) {
    const match = rest.take(
      `(?:${before}) (?:el )?(?:${first}) (?:${between}) (?:el )?(?:${last})`,
    );
    if (match) return match;
  }
  return undefined;
}

function takeBetween(rest: Remainder, context: Context): Days | undefined {
  const number = `\\d{1,2}|primero|${NUMBER_WORD}`;
  const sameMonth = takeRange(
    rest,
    `(${number})`,
    `(${number}) (?:de )?(${MONTH_OF_DAY})${OF_YEAR}`,
  );
  if (sameMonth) {
    const [, first, last, month, year] = sameMonth;
    const from = readMonthDay({ day: first, month, year }, context.today);
    const to = readMonthDay({ day: last, month, year: String(from.year) }, context.today);
    return ordered({ from, to: to.add({ days: 1 }) });
  }
  const match = takeRange(rest, EXTENT, EXTENT);
  if (!match) return undefined;
  const first = writtenIn(match, 1);
  const last = writtenIn(match, 1 + EXTENT_GROUPS);
  // A year that stands at the end is that of both.
  const end = last.year ? read(last, context) : soonest(last, read(first, context).from, context);
  const begin = last.year ? read(first, { ...context, today: end.from }) : read(first, context);
  return ordered({ from: begin.from, to: end.to });
}

function takeOpenSpan(rest: Remainder, context: Context): Days | undefined {
  const { today } = context;
  const ago = rest.take(`desde hace (${NUMBER}) (dia|semana|mes|ano)${PLURAL}`);
  if (ago) {
    return { from: today.subtract(duration(ago[2] ?? "", readCount(ago[1]))), to: null };
  }
  const since = rest.take(`(?:desde|a partir del?|since) (?:${EXTENT})`);
  if (since) return { from: read(writtenIn(since, 1), context).from, to: null };
  const after = rest.take(`(?:despues del?|posteriores al?|after) (?:${EXTENT})`);
  if (after) return { from: read(writtenIn(after, 1), context).to, to: null };
  const before = rest.take(`(?:antes del?(?! ayer )|anteriores al?|before) (?:${EXTENT})`);
  if (before) return { from: null, to: read(writtenIn(before, 1), context).from };
  const until = rest.take(`(?:hasta|until) (?:${EXTENT})`);
  return until && { from: null, to: read(writtenIn(until, 1), context).to };
}

/** A day, or a weekend, that is told by how far it is. */
function takeDistantDay(rest: Remainder, today: Day): Days | undefined {
  const ago = rest.take(`(?:de )?hace (${NUMBER}) dias?|(${NUMBER}) days? ago`);
  if (ago) return oneDay(today.subtract({ days: readCount(ago[1] ?? ago[2]) }));
  if (
    rest.take("(?:el |this |last )?(?:pasado |ultimo )?(?:fin de semana|finde|weekend)(?: pasado)?")
  ) {
    const saturday = today.subtract({ days: (today.dayOfWeek + 1) % 7 });
    return { from: saturday, to: saturday.add({ days: 2 }) };
  }
  const weekday = rest.take(
    `(?:el )?(${WEEKDAY}) de la (?:semana (?:pasada|anterior)|pasada semana)`,
  );
  if (!weekday) return undefined;
  const days = (WEEKDAYS.get(weekday[1] ?? "") ?? 1) - 1;
  return oneDay(period("semana", 1, today).from.add({ days }));
}

function takePeriod(rest: Remainder, today: Day): Days | undefined {
  const month = takeMonth(rest, today);
  if (month) return month;
  const soFar = rest.take(`(?:en )?lo que (?:va|llevamos|llevo) del? (?:est[ea] )?(${UNIT})`);
  if (soFar) return period(soFar[1] ?? "", 0, today);
  const near = rest.take(`(?:de |del |en |from |in )?(?:${NEAR_PERIOD})`);
  if (near) {
    const [, current, ...past] = near;
    return period(current ?? past.find((unit) => unit !== undefined) ?? "", current ? 0 : 1, today);
  }
  const year = rest.take("(?:en|del?|durante|in|from|of|during) (?:el )?(?:ano )?(20\\d\\d)");
  return year && yearOf(Number(year[1]));
}

function takeMonth(rest: Remainder, today: Day): Days | undefined {
  // A month's name beside a number belongs to that day.
  if (
    rest.has(`(?:${NUMBER}|${DAY_NUMBER}) (?:de |of )?(?:${MONTH_OF_DAY})|(?:${MONTH}) \\d{1,2}`)
  ) {
    return undefined;
  }
  // «may» and «march» are verbs, too.
  const match = rest.take(
    `(?:en |de |del |durante )?(?:el )?(?:mes de )?(${SPANISH_MONTH})${OF_YEAR}|(?:in|from|of|during) (${MONTH})${OF_YEAR}`,
  );
  if (!match) return undefined;
  return monthOf({ month: match[1] ?? match[3], year: match[2] ?? match[4] }, today);
}

function takeOneDay(rest: Remainder, context: Context, timeZone: string): Span | undefined {
  const { today } = context;
  if (rest.take("anoche|last night")) return partOf(today.subtract({ days: 1 }), "noche", timeZone);
  if (rest.take("anteanoche|antenoche")) {
    return partOf(today.subtract({ days: 2 }), "noche", timeZone);
  }
  const current = rest.take(`esta (${PART})|this (${PART})|tonight`);
  if (current) return partOf(today, current[1] ?? current[2] ?? "night", timeZone);

  const partFirst = rest.take(`(?:la |the )?(${PART}) (?:del?|of) (?:${DAY})`);
  if (partFirst) return partOf(readDay(writtenIn(partFirst, 2), context), partFirst[1], timeZone);
  const match = rest.take(`(?:${DAY})(?: (?:(?:por|en|de|a|in) (?:la |the )?)?(${PART}))?`);
  if (!match) return undefined;
  const day = readDay(writtenIn(match, 1), context);
  const part = match[1 + DAY_GROUPS];
  return part ? partOf(day, part, timeZone) : toSpan(oneDay(day), timeZone);
}

// ---- Days and periods as written

/** A day or a period as it was written; in digits and names, none of them read yet. */
type Written = {
  /** Days before today. */
  back?: number;
  weekday?: string | undefined;
  /** Without one, the whole month; without a month too, the whole year. */
  day?: string | undefined;
  month?: string | undefined;
  year?: string | undefined;
  isSlashed?: boolean;
  /** Of which the current one is meant, or the one before. */
  unit?: string;
  isPast?: boolean;
};

/** What the groups of a DAY hold, or those of an EXTENT, which begin at `first`. */
function writtenIn(match: RegExpExecArray, first: number): Written {
  const [today, yesterday, before, dayName, day, month, year, ...inDay] = match.slice(first);
  const [nameFirst, dayLast, yearLast, isoYear, isoMonth, isoDay, ...inFigures] = inDay;
  const [slashedDay, slashedMonth, slashedYear, weekday, ...inPeriod] = inFigures;
  const [wholeMonth, itsYear, wholeYear, current, pastUnit, lastUnit] = inPeriod;
  if (today) return { back: 0 };
  if (yesterday) return { back: 1 };
  if (before) return { back: 2 };
  if (month) return { weekday: dayName, day, month, year };
  if (nameFirst) return { day: dayLast, month: nameFirst, year: yearLast };
  if (isoYear) return { day: isoDay, month: isoMonth, year: isoYear };
  if (slashedDay) {
    return { day: slashedDay, month: slashedMonth, year: slashedYear, isSlashed: true };
  }
  if (weekday) return { weekday };
  if (wholeMonth) return { month: wholeMonth, year: itsYear };
  if (wholeYear) return { year: wholeYear };
  if (current) return { unit: current };
  return { unit: pastUnit ?? lastUnit ?? "", isPast: true };
}

function read(written: Written, context: Context): Period {
  const { unit, isPast, day, month, year } = written;
  if (unit !== undefined) return period(unit, isPast ? 1 : 0, context.today);
  if (month !== undefined && day === undefined) return monthOf(written, context.today);
  if (year !== undefined && month === undefined) return yearOf(Number(year));
  return oneDay(readDay(written, context));
}

function readDay(written: Written, context: Context): Day {
  const { today } = context;
  if (written.back !== undefined) return today.subtract({ days: written.back });
  const dayOfWeek = WEEKDAYS.get(written.weekday ?? "");
  if (dayOfWeek !== undefined && written.day === undefined) {
    return today.subtract({ days: ((today.dayOfWeek - dayOfWeek + 6) % 7) + 1 });
  }
  if (written.isSlashed && context.isEnglish && isEitherWay(written)) throw new UnreadableDate();
  const day = readMonthDay(written, today);
  if (dayOfWeek !== undefined && day.dayOfWeek !== dayOfWeek) throw new UnreadableDate();
  return day;
}

/** The first so written that does not begin before `from`. */
function soonest(written: Written, from: Day, context: Context): Period {
  if (written.weekday !== undefined && written.day === undefined) {
    const ahead = ((WEEKDAYS.get(written.weekday) ?? 0) - from.dayOfWeek + 7) % 7;
    return oneDay(from.add({ days: ahead }));
  }
  if (written.month === undefined) return read(written, context);
  const found = read({ ...written, year: String(from.year) }, context);
  if (Temporal.PlainDate.compare(found.from, from) >= 0) return found;
  return read({ ...written, year: String(from.year + 1) }, context);
}

function monthOf({ month, year }: Written, today: Day): Period {
  const from = readMonthDay({ day: "1", month, year }, today);
  return { from, to: from.add({ months: 1 }) };
}

function yearOf(year: number): Period {
  const from = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  return { from, to: from.add({ years: 1 }) };
}

/** The week, month, quarter or year that holds today, or one before it. */
function period(unit: string, back: number, today: Day): Period {
  const length = duration(unit, 1);
  const from = startOf(unit, today).subtract(duration(unit, back));
  return { from, to: from.add(length) };
}

function startOf(unit: string, today: Day): Day {
  if (/^(semana|week)/.test(unit)) return today.subtract({ days: today.dayOfWeek - 1 });
  if (/^(ano|year)/.test(unit)) return today.with({ month: 1, day: 1 });
  const month = today.with({ day: 1 });
  return /^(mes|month)/.test(unit) ? month : month.subtract({ months: (today.month - 1) % 3 });
}

/** 3/5 is a day in May or one in March; 25/4 and 5/5 are one day only. */
function isEitherWay({ day, month }: Written): boolean {
  return Number(day) <= 12 && Number(month) <= 12 && Number(day) !== Number(month);
}

/** Without a year, the latest that is not after `today`. */
function readMonthDay({ day, month, year }: Written, today: Day): Day {
  const number = MONTHS_OF_DAYS.get(month ?? "") ?? Number(month);
  const date = readOrdinal(day) ?? readNumber(day?.replace(/(?<=\d)\D+$/, "")) ?? 0;
  if (year) {
    const found = existing(readYear(year, today), number, date);
    if (!found || found.year < 2000 || found.year > 2100) throw new UnreadableDate();
    return found;
  }
  // 29 February comes back after at most 8 years.
  for (let candidate = today.year; candidate >= today.year - 8; candidate -= 1) {
    const found = existing(candidate, number, date);
    if (found && Temporal.PlainDate.compare(found, today) <= 0) return found;
  }
  throw new UnreadableDate();
}

function readYear(written: string, today: Day): number {
  if (/^\d+$/.test(written)) return Number(written.length === 2 ? `20${written}` : written);
  return today.year - 1;
}

function existing(year: number, month: number, day: number): Day | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    // There is no such day.
    return undefined;
  }
}

// ---- Spans

/** @throws {UnreadableDate} for none, and for more than anybody means */
function readCount(word: string | undefined): number {
  const count = readNumber(word) ?? 0;
  if (count === 0 || count > 1_000) throw new UnreadableDate();
  return count;
}

function duration(unit: string, count: number): Temporal.DurationLike {
  if (/^(dia|day)/.test(unit)) return { days: count };
  if (/^(semana|week)/.test(unit)) return { weeks: count };
  if (/^(mes|month)/.test(unit)) return { months: count };
  if (/^(trimestre|quarter)/.test(unit)) return { months: 3 * count };
  return /^(ano|year)/.test(unit) ? { years: count } : { hours: count };
}

function ordered(days: Days): Days {
  if (days.from && days.to && Temporal.PlainDate.compare(days.from, days.to) >= 0) {
    throw new UnreadableDate();
  }
  return days;
}

function oneDay(day: Day): Period {
  return { from: day, to: day.add({ days: 1 }) };
}

function partOf(day: Day, name: string | undefined, timeZone: string): Span {
  const [fromHour, toHour] = PARTS[name ?? ""] ?? [0, 24];
  const at = (hour: number): Date =>
    toDate(
      day
        .add({ days: Math.floor(hour / 24) })
        .toZonedDateTime({ timeZone, plainTime: { hour: hour % 24 } }),
    );
  return { from: at(fromHour), to: at(toHour) };
}

/** Midnight may be missing on a night when clocks change: the day then starts at its first moment. */
function toSpan({ from, to }: Days, timeZone: string): Span {
  const start = (day: Day | null): Date | null => day && toDate(day.toZonedDateTime(timeZone));
  return { from: start(from), to: start(to) };
}

function toDate(moment: Temporal.ZonedDateTime): Date {
  return new Date(moment.epochMilliseconds);
}
