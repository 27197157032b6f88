import { Temporal } from "temporal-polyfill";
import type { Remainder } from "./normalise.ts";
import { NUMBER, readNumber } from "./numbers.ts";
import { ENGLISH } from "./vocabulary.ts";

/** From an instant, up to but without another. */
export type Span = { from: Date | null; to: Date | null };

/** When and where a question is asked, by what its days are reckoned. */
export type Moment = { now: Date; timeZone: string };

type Day = Temporal.PlainDate;
/** The days of a span, the last one not included, or null where it is open. */
type Days = { from: Day | null; to: Day | null };
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
const WEEKDAY_NAMES = [
  ["lunes", "monday"],
  ["martes", "tuesday"],
  ["miercoles", "wednesday"],
  ["jueves", "thursday"],
  ["viernes", "friday"],
  ["sabado", "saturday"],
  ["domingo", "sunday"],
];

const numbered = (names: string[][]): [string, number][] =>
  names.flatMap((same, index) => same.map((name): [string, number] => [name, index + 1]));
const MONTHS = new Map([...numbered(SPANISH_MONTHS), ...numbered(ENGLISH_MONTHS)]);
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
const SPANISH_MONTH = SPANISH_MONTHS.flat().join("|");
const WEEKDAY = [...WEEKDAYS.keys()].join("|");
const PART = Object.keys(PARTS).join("|");
const YEAR = "\\d{4}";
const OF_YEAR = `(?: (?:de |del |of )?(${YEAR}))?`;
/** «3», «3rd», and in words only behind what announces a day: «tres de mayo» may be three of them. */
const DAY_NUMBER = `(?<!(?:los|las|mis|numero|my) )\\d{1,2}(?:st|nd|rd|th)?|(?<=(?:el|al|del|dia|desde|hasta) )(?:primero|1o|${NUMBER})`;

/** One day in words or digits; its groups as `readDay` takes them. */
const DAY = [
  "(hoy|today)",
  "(ayer|yesterday)",
  "(anteayer|antier|antes de ayer|the day before yesterday)",
  `(?:el |the )?(?:dia )?(${DAY_NUMBER}) (?:de |of )?(${MONTH})${OF_YEAR}`,
  `(?:on )?(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?(?: (${YEAR}))?`,
  `(${YEAR})-(\\d{1,2})-(\\d{1,2})`,
  `(?:el |on )?(?:dia )?(\\d{1,2})[/-](\\d{1,2})(?:[/-](${YEAR}))?`,
  `(?:el |este |on |last )?(?:pasado |ultimo )?(${WEEKDAY})(?: pasado)?`,
].join("|");
const DAY_GROUPS = 16;

const PERIODS = "dia|semana|mes|trimestre|ano|hora|day|week|month|year|hour";
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
  const rolling = takeRolling(rest, here);
  if (rolling) return rolling;
  const days =
    takeBetween(rest, context) ?? takeOpenSpan(rest, context) ?? takePeriod(rest, context.today);
  if (days) return toSpan(days, timeZone);
  return takeOneDay(rest, context, timeZone);
}

/** «los últimos 7 días»: counted back from this very moment. */
function takeRolling(rest: Remainder, here: Temporal.ZonedDateTime): Span | undefined {
  const article = "(?:en |durante |de |in |over |from )?(?:los |las |el |la |the )?";
  const last = "ultim[oa]s?|pasad[oa]s?|last|past";
  const match =
    rest.take(`${article}(?:${last}) (${NUMBER}) (${PERIODS})${PLURAL}`) ??
    rest.take(`${article}(${NUMBER}) (?:${last}) (${PERIODS})${PLURAL}`) ??
    rest.take("(?:en |durante |de )?(?:el |la )(ultim[oa]) (semana|mes|ano|hora)");
  if (!match) return undefined;
  const back = duration(match[2] ?? "", readCount(match[1] ?? "1"));
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
  const number = `\\d{1,2}|primero|${NUMBER}`;
  const sameMonth = takeRange(rest, `(${number})`, `(${number}) (?:de )?(${MONTH})${OF_YEAR}`);
  if (sameMonth) {
    const [, first, last, month, year] = sameMonth;
    const from = readMonthDay({ day: first, month, year }, context.today);
    const to = readMonthDay({ day: last, month, year: String(from.year) }, context.today);
    return ordered({ from, to: to.add({ days: 1 }) });
  }
  const months = takeRange(rest, `(${MONTH})`, `(${MONTH})${OF_YEAR}`);
  if (months) return betweenMonths(months, context.today);
  const match = takeRange(rest, DAY, DAY);
  if (!match) return undefined;
  const first = dayIn(match, 1);
  const last = dayIn(match, 1 + DAY_GROUPS);
  // A year that stands at the end is that of both.
  const from = last.year ? latest(first, readDay(last, context), context) : readDay(first, context);
  const to = last.year ? readDay(last, context) : soonest(last, from, context);
  return ordered({ from, to: to.add({ days: 1 }) });
}

/** «de enero a marzo»: both whole, and the year that is named is that of the last. */
function betweenMonths([, first, last, year]: RegExpExecArray, today: Day): Days {
  const end = readMonthDay({ day: "1", month: last, year }, today);
  const from = readMonthDay({ day: "1", month: first }, end);
  return { from, to: end.add({ months: 1 }) };
}

function takeOpenSpan(rest: Remainder, context: Context): Days | undefined {
  const { today } = context;
  const ago = rest.take(`desde hace (${NUMBER}) (dia|semana|mes|ano)${PLURAL}`);
  if (ago) {
    return { from: today.subtract(duration(ago[2] ?? "", readCount(ago[1]))), to: null };
  }
  const since = rest.take(`(?:desde|a partir del?|since) (?:${DAY})`);
  if (since) return { from: readDay(dayIn(since, 1), context), to: null };
  const after = rest.take(`(?:despues del?|posteriores al?|after) (?:${DAY})`);
  if (after) return { from: readDay(dayIn(after, 1), context).add({ days: 1 }), to: null };
  const before = rest.take(`(?:antes del?(?! ayer )|anteriores al?|before) (?:${DAY})`);
  if (before) return { from: null, to: readDay(dayIn(before, 1), context) };
  const until = rest.take(`(?:hasta|until) (?:${DAY})`);
  if (until) return { from: null, to: readDay(dayIn(until, 1), context).add({ days: 1 }) };
  const sinceMonth = rest.take(`(?:desde|since) (${MONTH})${OF_YEAR}`);
  if (!sinceMonth) return undefined;
  const [, month, year] = sinceMonth;
  return { from: readMonthDay({ day: "1", month, year }, today), to: null };
}

function takePeriod(rest: Remainder, today: Day): Days | undefined {
  const ago = rest.take(`(?:de )?hace (${NUMBER}) dias?|(${NUMBER}) days? ago`);
  if (ago) return oneDay(today.subtract({ days: readCount(ago[1] ?? ago[2]) }));
  if (
    rest.take("(?:el |this |last )?(?:pasado |ultimo )?(?:fin de semana|finde|weekend)(?: pasado)?")
  ) {
    const saturday = today.subtract({ days: (today.dayOfWeek + 1) % 7 });
    return { from: saturday, to: saturday.add({ days: 2 }) };
  }
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const month = today.with({ day: 1 });
  const quarter = month.subtract({ months: (today.month - 1) % 3 });
  const year = today.with({ month: 1, day: 1 });
  const units: [spanish: string, english: string, current: Day, length: Temporal.DurationLike][] = [
    ["semana", "week", monday, { weeks: 1 }],
    ["mes", "month", month, { months: 1 }],
    ["trimestre", "quarter", quarter, { months: 3 }],
    ["ano", "year", year, { years: 1 }],
  ];
  const article = "(?:de |del |en |from |in )?(?:el |la )?";
  for (const [spanish, english, current, length] of units) {
    const past = `${spanish} (?:pasad[oa]|anterior)|pasad[oa] ${spanish}|last ${english}`;
    const weekday = spanish === "semana" && rest.take(`(?:el )?(${WEEKDAY}) de la (?:${past})`);
    if (weekday) {
      const days = (WEEKDAYS.get(weekday[1] ?? "") ?? 1) - 1;
      return oneDay(current.subtract(length).add({ days }));
    }
    if (rest.take(`${article}(?:est[ea] ${spanish}|this ${english})`)) {
      return { from: current, to: current.add(length) };
    }
    if (rest.take(`${article}(?:${past})`)) return { from: current.subtract(length), to: current };
  }
  return takeMonth(rest, today);
}

function takeMonth(rest: Remainder, today: Day): Days | undefined {
  // A month's name beside a number belongs to that day.
  if (rest.has(`(?:\\d{1,2}|${DAY_NUMBER}) (?:de |of )?(?:${MONTH})|(?:${MONTH}) \\d{1,2}`)) {
    return undefined;
  }
  // «may» and «march» are verbs, too.
  const match = rest.take(
    `(?:en |de |del |durante )?(?:el )?(?:mes de )?(${SPANISH_MONTH})${OF_YEAR}|(?:in|from|of|during) (${MONTH})${OF_YEAR}`,
  );
  if (!match) return undefined;
  const from = readMonthDay(
    { day: "1", month: match[1] ?? match[3], year: match[2] ?? match[4] },
    today,
  );
  return { from, to: from.add({ months: 1 }) };
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
  if (partFirst) return partOf(readDay(dayIn(partFirst, 2), context), partFirst[1], timeZone);
  const match = rest.take(`(?:${DAY})(?: (?:(?:por|en|de|in) (?:la |the )?)?(${PART}))?`);
  if (!match) return undefined;
  const day = readDay(dayIn(match, 1), context);
  const part = match[1 + DAY_GROUPS];
  return part ? partOf(day, part, timeZone) : toSpan(oneDay(day), timeZone);
}

// ---- Days as written

/** A day as it was written; in digits and names, none of them read yet. */
type Written = {
  /** Days before today. */
  back?: number;
  weekday?: string;
  day?: string | undefined;
  month?: string | undefined;
  year?: string | undefined;
  isSlashed?: boolean;
};

/** What the groups of a DAY hold, which begin at `first`. */
function dayIn(match: RegExpExecArray, first: number): Written {
  const [today, yesterday, before, day, month, year, nameFirst, dayLast, yearLast, ...rest] =
    match.slice(first, first + DAY_GROUPS);
  const [isoYear, isoMonth, isoDay, slashedDay, slashedMonth, slashedYear, weekday] = rest;
  if (today) return { back: 0 };
  if (yesterday) return { back: 1 };
  if (before) return { back: 2 };
  if (month) return { day, month, year };
  if (nameFirst) return { day: dayLast, month: nameFirst, year: yearLast };
  if (isoYear) return { day: isoDay, month: isoMonth, year: isoYear };
  if (slashedDay) {
    return { day: slashedDay, month: slashedMonth, year: slashedYear, isSlashed: true };
  }
  return weekday ? { weekday } : {};
}

function readDay(written: Written, context: Context): Day {
  const { today } = context;
  if (written.back !== undefined) return today.subtract({ days: written.back });
  if (written.weekday !== undefined) {
    const back = (today.dayOfWeek - (WEEKDAYS.get(written.weekday) ?? 0) + 7) % 7;
    return today.subtract({ days: back === 0 ? 7 : back });
  }
  if (written.isSlashed && context.isEnglish && isEitherWay(written)) throw new UnreadableDate();
  return readMonthDay(written, today);
}

/** The first day so written that is not before `from`. */
function soonest(written: Written, from: Day, context: Context): Day {
  if (written.weekday !== undefined) {
    const ahead = ((WEEKDAYS.get(written.weekday) ?? 0) - from.dayOfWeek + 7) % 7;
    return from.add({ days: ahead });
  }
  if (written.month === undefined || written.year) return readDay(written, context);
  const day = readDay({ ...written, year: String(from.year) }, context);
  if (Temporal.PlainDate.compare(day, from) >= 0) return day;
  return readDay({ ...written, year: String(from.year + 1) }, context);
}

/** The last day so written that is not after `to`. */
function latest(written: Written, to: Day, context: Context): Day {
  return readDay(written, { ...context, today: to });
}

/** 3/5 is a day in May or one in March; 25/4 and 5/5 are one day only. */
function isEitherWay({ day, month }: Written): boolean {
  return Number(day) <= 12 && Number(month) <= 12 && Number(day) !== Number(month);
}

/** Without a year, the latest that is not after `today`. */
function readMonthDay({ day, month, year }: Written, today: Day): Day {
  const number = MONTHS.get(month ?? "") ?? Number(month);
  const date =
    day === "primero" || day === "1o" ? 1 : (readNumber(day?.replace(/(?<=\d)\D+$/, "")) ?? 0);
  if (year) {
    const found = existing(Number(year), number, date);
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
  if (unit.startsWith("trimestre")) return { months: 3 * count };
  return /^(ano|year)/.test(unit) ? { years: count } : { hours: count };
}

function ordered(days: Days): Days {
  if (days.from && days.to && Temporal.PlainDate.compare(days.from, days.to) >= 0) {
    throw new UnreadableDate();
  }
  return days;
}

function oneDay(day: Day): Days {
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
