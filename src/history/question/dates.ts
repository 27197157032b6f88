import { Temporal } from "temporal-polyfill";
import type { Remainder } from "./normalise.ts";
import { NUMBER, readNumber } from "./numbers.ts";

/** From an instant, up to but without another. */
export type Span = { from: Date | null; to: Date | null };

type Day = Temporal.PlainDate;
/** The days of a span, the last one not included, or null where it is open. */
type Days = { from: Day | null; to: Day | null };

const MONTHS: Record<string, number> = Object.fromEntries(
  [
    ["enero", "january"],
    ["febrero", "february"],
    ["marzo", "march"],
    ["abril", "april"],
    ["mayo", "may"],
    ["junio", "june"],
    ["julio", "july"],
    ["agosto", "august"],
    ["septiembre", "setiembre", "september"],
    ["octubre", "october"],
    ["noviembre", "november"],
    ["diciembre", "december"],
  ].flatMap((names, index) => names.map((name) => [name, index + 1])),
);
const WEEKDAYS: Record<string, number> = Object.fromEntries(
  [
    ["lunes", "monday"],
    ["martes", "tuesday"],
    ["miercoles", "wednesday"],
    ["jueves", "thursday"],
    ["viernes", "friday"],
    ["sabado", "saturday"],
    ["domingo", "sunday"],
  ].flatMap((names, index) => names.map((name) => [name, index + 1])),
);

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

const MONTH = Object.keys(MONTHS).join("|");
const WEEKDAY = Object.keys(WEEKDAYS).join("|");
const PART = Object.keys(PARTS).join("|");
const YEAR = "\\d{4}";

/** One day in words or digits. Groups: 10 (see `readDay`). */
const DAY = [
  "(hoy|today)",
  "(ayer|yesterday)",
  "(anteayer|antier|antes de ayer|anteanoche|the day before yesterday)",
  `(?:el )?(?:dia )?(\\d{1,2}) (?:de )?(${MONTH})(?: (?:de |del )?(${YEAR}))?`,
  `(${YEAR})-(\\d{1,2})-(\\d{1,2})`,
  `(?:el )?(\\d{1,2})[/-](\\d{1,2})(?:[/-](${YEAR}))?`,
  `(?:el |este |on |last )?(?:pasado )?(${WEEKDAY})(?: pasado)?`,
].join("|");
const DAY_GROUPS = 13;

const PERIODS = "dia|semana|mes|trimestre|ano|hora|day|week|month|year|hour";

/** A date that is there and makes no sense: the question cannot be read. */
export class UnreadableDate extends Error {
  override readonly name = "UnreadableDate";
}

/**
 * Takes the dates out of a question. Weeks start on Monday; a month or day without a year is the latest that is not in
 * the future. Undefined when there are none.
 * @throws {UnreadableDate} for a day that does not exist or a span that is over before it begins
 */
export function takeSpan(rest: Remainder, now: Date, timeZone: string): Span | undefined {
  const here = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  const today = here.toPlainDate();
  const rolling = takeRolling(rest, here);
  if (rolling) return rolling;

  const days = takeBetween(rest, today) ?? takeSince(rest, today) ?? takePeriod(rest, today);
  if (days) return toSpan(days, timeZone);

  const night = rest.take("anoche|last night");
  if (night) return partOf(today.subtract({ days: 1 }), "noche", timeZone);
  const part = rest.take(`esta (${PART})|this (${PART})|tonight`);
  if (part) return partOf(today, part[1] ?? part[2] ?? "night", timeZone);

  const day = rest.take(`(?:${DAY})(?: (?:por|en|de|in) (?:la |the )?(${PART}))?`);
  if (!day) return undefined;
  const from = readDay(day.slice(1, DAY_GROUPS + 1), today);
  const named = day[DAY_GROUPS + 1];
  return named ? partOf(from, named, timeZone) : toSpan(oneDay(from), timeZone);
}

/** "los últimos 7 días": counted back from this very moment. */
function takeRolling(rest: Remainder, here: Temporal.ZonedDateTime): Span | undefined {
  const match =
    rest.take(
      `(?:en |durante |in |over )?(?:los |las |el |la |the )?(?:ultim[oa]s?|pasad[oa]s|last|past) (${NUMBER}) (${PERIODS})(?:s|es)?`,
    ) ?? rest.take(`(?:en |durante )?(?:el |la )(ultim[oa]) (semana|mes|ano|hora)`);
  if (!match) return undefined;
  const count = readNumber(match[1]) ?? 1;
  if (count === 0 || count > 1_000) throw new UnreadableDate();
  const from = here.subtract(duration(match[2] ?? "", count));
  return { from: toDate(from), to: toDate(here) };
}

function takeBetween(rest: Remainder, today: Day): Days | undefined {
  const sameMonth = rest.take(
    `(?:entre|del|desde|from|between) (?:el )?(\\d{1,2}) (?:y|al|a|hasta|and|to) (?:el )?(\\d{1,2}) (?:de )?(${MONTH})(?: (?:de |del )?(${YEAR}))?`,
  );
  if (sameMonth) {
    const [, first, last, month, year] = sameMonth;
    const to = readMonthDay(last, month, year, today);
    const from = readMonthDay(first, month, String(to.year), today);
    return ordered({ from, to: to.add({ days: 1 }) });
  }
  const match = rest.take(
    `(?:entre|del|desde|from|between) (?:${DAY}) (?:y|al|a|hasta|and|to) (?:${DAY})`,
  );
  if (!match) return undefined;
  const to = readDay(match.slice(1 + DAY_GROUPS, 1 + 2 * DAY_GROUPS), today);
  const from = readDay(match.slice(1, 1 + DAY_GROUPS), today);
  return ordered({ from, to: to.add({ days: 1 }) });
}

function takeSince(rest: Remainder, today: Day): Days | undefined {
  const since = rest.take(`(?:desde|a partir de|since) (?:${DAY})`);
  if (since) return { from: readDay(since.slice(1), today), to: null };
  const sinceMonth = rest.take(`(?:desde|since) (${MONTH})(?: (?:de |del )?(${YEAR}))?`);
  if (sinceMonth) return { from: readMonthDay("1", sinceMonth[1], sinceMonth[2], today), to: null };
  const before = rest.take(`(?:antes de|hasta|before|until) (?:${DAY})`);
  if (before) return { from: null, to: readDay(before.slice(1), today) };
  return undefined;
}

function takePeriod(rest: Remainder, today: Day): Days | undefined {
  const ago = rest.take(
    `hace (${NUMBER}) (dia|semana|mes)(?:s|es)?|(${NUMBER}) (day|week|month)s? ago`,
  );
  if (ago) {
    const count = readNumber(ago[1] ?? ago[3]) ?? 0;
    return oneDay(today.subtract(duration(ago[2] ?? ago[4] ?? "", count)));
  }
  if (rest.take("(?:el |this |last )?(?:fin de semana|finde|weekend)(?: pasado)?")) {
    const saturday = today.subtract({ days: (today.dayOfWeek + 1) % 7 });
    return { from: saturday, to: saturday.add({ days: 2 }) };
  }
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const firstOfMonth = today.with({ day: 1 });
  const firstOfYear = today.with({ month: 1, day: 1 });
  const periods: [pattern: string, from: Day, length: Temporal.DurationLike][] = [
    ["(?:de |en )?(?:esta semana|this week)", monday, { weeks: 1 }],
    [
      "(?:de |en )?(?:la )?(?:semana (?:pasada|anterior)|pasada semana|last week)",
      monday.subtract({ weeks: 1 }),
      { weeks: 1 },
    ],
    ["(?:de |en )?(?:este mes|this month)", firstOfMonth, { months: 1 }],
    [
      "(?:de |del |en )?(?:el )?(?:mes (?:pasado|anterior)|pasado mes|last month)",
      firstOfMonth.subtract({ months: 1 }),
      { months: 1 },
    ],
    ["(?:de |en )?(?:este ano|this year)", firstOfYear, { years: 1 }],
    [
      "(?:de |del |en )?(?:el )?(?:ano (?:pasado|anterior)|pasado ano|last year)",
      firstOfYear.subtract({ years: 1 }),
      { years: 1 },
    ],
  ];
  for (const [pattern, from, length] of periods) {
    if (rest.take(pattern)) return { from, to: from.add(length) };
  }
  // A month's name behind a number belongs to that day.
  if (rest.has(`\\d{1,2} (?:de )?(?:${MONTH})`)) return undefined;
  const month = rest.take(
    `(?:en |de |durante |in )?(?:el )?(?:mes de )?(${MONTH})(?: (?:de |del )?(${YEAR}))?`,
  );
  if (!month) return undefined;
  const from = readMonthDay("1", month[1], month[2], today);
  return { from, to: from.add({ months: 1 }) };
}

/** Groups as in DAY: today, yesterday, the day before, day month year, y-m-d, d/m/y, weekday. */
function readDay(groups: (string | undefined)[], today: Day): Day {
  const [now, yesterday, before, day, month, year, isoYear, isoMonth, isoDay, d, m, y, weekday] =
    groups;
  if (now) return today;
  if (yesterday) return today.subtract({ days: 1 });
  if (before) return today.subtract({ days: 2 });
  if (day) return readMonthDay(day, month, year, today);
  if (isoYear) return plainDate(Number(isoYear), Number(isoMonth), Number(isoDay));
  if (d)
    return y ? plainDate(Number(y), Number(m), Number(d)) : latest(Number(m), Number(d), today);
  const back = (today.dayOfWeek - (WEEKDAYS[weekday ?? ""] ?? 0) + 7) % 7;
  return today.subtract({ days: back === 0 ? 7 : back });
}

function readMonthDay(
  day: string | undefined,
  month: string | undefined,
  year: string | undefined,
  today: Day,
): Day {
  const number = MONTHS[month ?? ""] ?? 0;
  if (year) return plainDate(Number(year), number, Number(day));
  return latest(number, Number(day), today);
}

/** The latest day of this number and month that is not in the future. */
function latest(month: number, day: number, today: Day): Day {
  // 29 February comes back after at most 8 years.
  for (let year = today.year; year >= today.year - 8; year -= 1) {
    const found = existing(year, month, day);
    if (found && Temporal.PlainDate.compare(found, today) <= 0) return found;
  }
  throw new UnreadableDate();
}

function plainDate(year: number, month: number, day: number): Day {
  const found = existing(year, month, day);
  if (!found || year < 2000 || year > 2100) throw new UnreadableDate();
  return found;
}

function existing(year: number, month: number, day: number): Day | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    // There is no such day.
    return undefined;
  }
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

function partOf(day: Day, name: string, timeZone: string): Span {
  const [fromHour, toHour] = PARTS[name] ?? [0, 24];
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
