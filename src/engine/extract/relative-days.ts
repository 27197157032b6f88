import { weekdayNumber } from "../../text/calendar-words.ts";
import type { Temporal } from "temporal-polyfill";
import { fold } from "../../text/fold.ts";
import { comingWeekday, dayOf, mondayOf, type Clock, type Day } from "./calendar.ts";
import { COUNT, readCount, ENGLISH_WEEKDAY, SPANISH_WEEKDAY } from "./date-words.ts";
import { oneDay, wholeMonth, type DayReading } from "./day-reading.ts";
import { matchAt, sticky } from "./patterns.ts";

// ---- hoy, mañana, ayer

const RELATIVE_WORD = sticky(
  "(?:(hoy|today)(?: mismo)?|(esta (?:mañana|tarde|noche|madrugada)|this (?:morning|afternoon|evening)|tonight)|(pasado mañana|the day after tomorrow|day after tomorrow)|(mañana|tomorrow)(?: mismo)?|(anteayer|antes de ayer|antier|the day before yesterday|day before yesterday)|(anteanoche)|(anoche|last night)|(ayer|yesterday))",
);

const WEEKDAY_BEHIND = sticky(`,? (${SPANISH_WEEKDAY}|${ENGLISH_WEEKDAY})`);

/** Days named from today; «mañana» only where it is no part of a day. */
export function readRelativeWord(text: string, clock: Clock, at: number): DayReading | undefined {
  const match = matchAt(RELATIVE_WORD, text, at);
  if (!match) return undefined;
  const [written, today, partOfToday, inTwoDays, tomorrow, twoDaysAgo, twoNightsAgo, lastNight] =
    match;
  const end = at + written.length;
  const before = text.slice(Math.max(0, at - 12), at);
  const on = (days: number, part?: string): DayReading | undefined => {
    const day = clock.today.add({ days });
    const weekday = matchAt(WEEKDAY_BEHIND, text, end);
    const isSame = weekday && weekdayNumber(weekday[1] ?? "") === day.dayOfWeek;
    const found = oneDay(isSame ? end + weekday[0].length : end, day);
    return found && part ? { ...found, part } : found;
  };
  if (today) return /^ (?:en d[ií]a|por hoy)/iu.test(text.slice(end, end + 9)) ? undefined : on(0);
  if (partOfToday) return on(0, fold(partOfToday).split(/\s/u).at(-1)?.replace("tonight", "night"));
  if (inTwoDays) return on(2);
  if (tomorrow) return isMorning(text, before, end) ? undefined : on(1);
  if (twoDaysAgo) return on(-2);
  if (twoNightsAgo) return on(-2, "noche");
  if (lastNight) return on(-1, "noche");
  return /(?:^|\P{L})(?:el|del)\s$/iu.test(before) ? undefined : on(-1);
}

/** «por la mañana», «a la mañana siguiente», «un mañana mejor». */
function isMorning(text: string, before: string, end: number): boolean {
  return (
    /(?:^|\P{L})(?:la|las|una|cada|toda|media|otra|buena|misma|el|del|un|primera|bien de|de)\s{1,3}$/iu.test(
      before,
    ) || /^\s(?:siguiente|anterior)/iu.test(text.slice(end, end + 12))
  );
}

// ---- So long ago, in so long

const UNIT =
  "minutos?|horas?|días?|noches?|semanas?|quincenas?|meses|mes|años?|minutes?|hours?|days?|weeks?|fortnights?|months?|years?";
const AGO = sticky(
  `(?:hace(?: ya| unos| unas)? (${COUNT}) (${UNIT})|(${COUNT}) (${UNIT}) (?:atrás|ago))`,
);
const AHEAD = sticky(
  `(?:dentro de(?: unos| unas)? (${COUNT}) (${UNIT})|(?:en|in) (${COUNT}) (${UNIT})|(${COUNT}) (${UNIT}) from (?:now|today))`,
);

export function readDistance(text: string, clock: Clock, at: number): Moment | undefined {
  const ago = matchAt(AGO, text, at);
  const match = ago ?? matchAt(AHEAD, text, at);
  if (!match) return undefined;
  const groups = match.slice(1).filter((group) => group !== undefined);
  const duration = toDuration(readCount(groups[0] ?? "") ?? 0, fold(groups[1] ?? ""));
  const end = at + match[0].length;
  if (!ago && isDuration(text, at, end)) return undefined;
  const then = ago ? clock.now.subtract(duration) : clock.now.add(duration);
  const isMoment = "hours" in duration || "minutes" in duration;
  const found = oneDay(end, then.toPlainDate());
  return found && { ...found, ...(isMoment && { moment: then }) };
}

export type Moment = DayReading & { moment?: Temporal.PlainDateTime };

/** «lo hizo en 2 días», «una duración de 3 semanas»: how long it took. */
function isDuration(text: string, at: number, end: number): boolean {
  if (/^\s(?:de\s|más|menos|or\s|o\s)/iu.test(text.slice(end, end + 6))) return true;
  return (
    /^en\s/iu.test(text.slice(at, at + 3)) &&
    /(?:\P{L}|^)(?:\p{L}{2,12}(?:[^aeiou]ó|ió|aron|ieron)|hizo|solo|sólo|apenas|tan solo|menos|más)\s(?:\p{L}{1,12}\s){0,2}$/iu.test(
      text.slice(Math.max(0, at - 40), at),
    )
  );
}

function toDuration(count: number, unit: string): Temporal.DurationLikeObject {
  if (unit.startsWith("minut")) return { minutes: count };
  if (/^h(?:ora|our)/u.test(unit)) return { hours: count };
  if (/^(?:semana|week)/u.test(unit)) return { weeks: count };
  if (unit.startsWith("fortnight")) return { weeks: 2 * count };
  if (unit.startsWith("quincena")) return { days: 15 * count };
  if (/^(?:mes|month)/u.test(unit)) return { months: count };
  return /^(?:ano|year)/u.test(unit) ? { years: count } : { days: count };
}

// ---- Weeks, months, quarters, years

const PERIOD = sticky(
  "(?:(esta|próxima|pasada|última) semana|semana (que viene|próxima|pasada|siguiente)|(this|next|last) week|(?:(este|próximo|pasado|último) )?(?:fin de semana|finde)(?: (que viene|pasado|próximo|siguiente))?|(this|next|last) weekend|(este|próximo|pasado|último) mes|mes (que viene|próximo|pasado)|(this|next|last) month|(este|próximo|pasado|último) año|año (que viene|próximo|pasado)|(this|next|last) year|(este|próximo|pasado|último) trimestre|trimestre (que viene|próximo|pasado)|(this|next|last) quarter)",
);

export function readPeriod(text: string, { today }: Clock, at: number): DayReading | undefined {
  const match = matchAt(PERIOD, text, at);
  if (!match) return undefined;
  const [written, ...sides] = match;
  const name = fold(written);
  const end = at + written.length;
  const step = stepOf(fold(sides.find(Boolean) ?? ""));
  if (/weekend|fin de semana|finde/u.test(name.replace(/\s+/gu, " "))) {
    if (/(?:^|\P{L})(?:cada|los|todos los|un|de)\s$/iu.test(text.slice(Math.max(0, at - 12), at)))
      return undefined;
    return weekend(end, today, step);
  }
  if (/semana|week/u.test(name)) return week(end, mondayOf(today).add({ weeks: step }));
  if (/trimestre|quarter/u.test(name)) {
    const first = today.with({ day: 1, month: Math.floor((today.month - 1) / 3) * 3 + 1 });
    return months(end, first.add({ months: 3 * step }), 3);
  }
  if (/ano|year/u.test(name)) return wholeYear(end, today.year + step);
  const first = today.with({ day: 1 }).add({ months: step });
  return wholeMonth(end, first.year, first.month);
}

function stepOf(side: string): -1 | 0 | 1 {
  if (/pasad|ultim|last/u.test(side)) return -1;
  return /proxim|viene|siguiente|next/u.test(side) ? 1 : 0;
}

function week(end: number, monday: Day): DayReading {
  return { end, from: monday, to: monday.add({ days: 6 }), precision: "day" };
}

/** On a weekend, «this» and none is the one that runs and «next» the one behind it. */
function weekend(end: number, today: Day, step: number): DayReading {
  const saturday =
    today.dayOfWeek === 7 ? today.subtract({ days: 1 }) : comingWeekday(6, today, true);
  const runs = today.dayOfWeek >= 6;
  const from = saturday.add({ weeks: step === 1 && !runs ? 0 : step });
  return { end, from, to: from.add({ days: 1 }), precision: "day" };
}

function months(end: number, first: Day, count: number): DayReading {
  return {
    end,
    from: first,
    to: first.add({ months: count }).subtract({ days: 1 }),
    precision: "day",
  };
}

function wholeYear(end: number, year: number): DayReading | undefined {
  const from = dayOf(year, 1, 1);
  return (
    from && { end, from, to: from.with({ month: 12, day: 31 }), precision: "year", hasYear: true }
  );
}

const NAMED_PERIOD = sticky(
  "(?:(?:(primer|segundo|tercer|cuarto|1\\.?er|2º|3\\.?er|4º) (?:trimestre|(semestre)) (?:de |del )?(?:año )?|[QT]([1-4])(?: de| of)?[ -]|(first|second|third|fourth) quarter (?:of )?)(\\d{4})|(?:año |year )(\\d{4}))",
);
const QUARTERS = /^(?:(primer|1|first)|(segundo|2|second)|(tercer|3|third)|(cuarto|4|fourth))/iu;

/** «el segundo trimestre de 2026», «Q2 2026», «el año 2026». */
export function readNamedPeriod(text: string, at: number): DayReading | undefined {
  const match = matchAt(NAMED_PERIOD, text, at);
  if (!match) return undefined;
  const end = at + match[0].length;
  const [, spanish, isHalf, short, english, ofYear, year] = match;
  if (year) return wholeYear(end, Number(year));
  const quarter = QUARTERS.exec(spanish ?? short ?? english ?? "");
  const number = quarter?.slice(1).findIndex(Boolean) ?? 0;
  const length = isHalf ? 6 : 3;
  const first = dayOf(Number(ofYear), number * length + 1, 1);
  return first && { ...months(end, first, length), hasYear: true };
}

const YEAR = /(?:1\d|20)\d{2}(?=\s*(?:[.;:!?)]?(?:\s|$)))(?!\s+\p{Ll})/uy;
const BEFORE_YEAR = /(?:^|\P{L})(?:en|desde|hasta|durante|in|since|until|by)\s$/iu;

/** «en 2025», where no word follows that it might count. */
export function readYear(text: string, at: number): DayReading | undefined {
  const match = matchAt(YEAR, text, at);
  if (!match || !BEFORE_YEAR.test(text.slice(Math.max(0, at - 9), at))) return undefined;
  return wholeYear(at + 4, Number(match[0]));
}

const ROLLING = sticky(
  `(?:(próximos|próximas|siguientes|next)|(últimos|últimas|pasados|pasadas|last|past)) (${COUNT}) (días|semanas|meses|años|days|weeks|months|years)`,
);

/** «los próximos 15 días»: from today; «los últimos 3 meses»: up to today. */
export function readRolling(text: string, { today }: Clock, at: number): DayReading | undefined {
  const match = matchAt(ROLLING, text, at);
  if (!match) return undefined;
  const [written, ahead, , count = "", unit = ""] = match;
  const duration = toDuration(readCount(count) ?? 0, fold(unit));
  const far = ahead ? today.add(duration) : today.subtract(duration);
  const [from, to] = ahead ? [today, far] : [far, today];
  return { end: at + written.length, from, to, precision: "day" };
}
