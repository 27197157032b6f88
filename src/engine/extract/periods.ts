import { mondayOf, quarterStart, type Day } from "../../text/calendar-days.ts";
import { fold } from "../../text/fold.ts";
import { textBefore } from "../../text/spans.ts";
import { comingWeekday, dayOf } from "./calendar.ts";
import {
  monthsFrom,
  wholeMonth,
  wholeYear,
  type DayReader,
  type DayReading,
} from "./day-reading.ts";
import { matchAt, sticky } from "./patterns.ts";

// ---- «la semana que viene», «last month»

const PERIOD = sticky(
  "(?:(esta|próxima|pasada|última) semana|semana (que viene|próxima|pasada|siguiente)|(this|next|last) week|(?:(este|próximo|pasado|último) )?(?:fin de semana|finde)(?: (que viene|pasado|próximo|siguiente))?|(this|next|last) weekend|(este|próximo|pasado|último) mes|mes (que viene|próximo|pasado)|(this|next|last) month|(este|próximo|pasado|último) año|año (que viene|próximo|pasado)|(this|next|last) year|(este|próximo|pasado|último) trimestre|trimestre (que viene|próximo|pasado)|(this|next|last) quarter)",
);
const RECURRING_WEEKEND_BEFORE = /(?:^|\P{L})(?:cada|los|todos los|un|de)\s$/iu;

export const readPeriod: DayReader = ({ text, clock: { today } }, at) => {
  const match = matchAt(PERIOD, text, at);
  if (!match) return undefined;
  const [written, ...sides] = match;
  const name = fold(written).replace(/\s+/gu, " ");
  const end = at + written.length;
  const step = stepOf(fold(sides.find(Boolean) ?? ""));
  if (/weekend|fin de semana|finde/u.test(name)) {
    const isRecurring = RECURRING_WEEKEND_BEFORE.test(textBefore(text, at, 12));
    return isRecurring ? undefined : weekend(end, today, step);
  }
  if (/semana|week/u.test(name)) return week(end, mondayOf(today).add({ weeks: step }));
  if (/trimestre|quarter/u.test(name)) {
    return monthsFrom(end, quarterStart(today).add({ months: 3 * step }), 3);
  }
  if (/ano|year/u.test(name)) return wholeYear(end, today.year + step);
  const first = today.with({ day: 1 }).add({ months: step });
  return wholeMonth(end, first.year, first.month);
};

/** -1 for the last period, 0 for this one, 1 for the next. */
function stepOf(side: string): -1 | 0 | 1 {
  if (/pasad|ultim|last/u.test(side)) return -1;
  return /proxim|viene|siguiente|next/u.test(side) ? 1 : 0;
}

function week(end: number, monday: Day): DayReading {
  return { end, from: monday, to: monday.add({ days: 6 }), precision: "day" };
}

/** During a weekend, «this» is the current one and «next» the one after it. */
function weekend(end: number, today: Day, step: -1 | 0 | 1): DayReading {
  const isWeekend = today.dayOfWeek >= 6;
  const saturday =
    today.dayOfWeek === 7 ? today.subtract({ days: 1 }) : comingWeekday(6, today, true);
  const from = saturday.add({ weeks: step === 1 && !isWeekend ? 0 : step });
  return { end, from, to: from.add({ days: 1 }), precision: "day" };
}

// ---- «el segundo trimestre de 2026», «Q2 2026», «el año 2026», «en 2026»

const NAMED_PERIOD = sticky(
  "(?:(?:(primer|segundo|tercer|cuarto|1\\.?er|2º|3\\.?er|4º) (?:trimestre|(semestre)) (?:de |del )?(?:año )?|[QT]([1-4])(?: de| of)?[ -]|(first|second|third|fourth) quarter (?:of )?)(\\d{4})|(?:año |year )(\\d{4}))",
);
/** Groups: one for each number. */
const PERIOD_NUMBER =
  /^(?:(primer|1|first)|(segundo|2|second)|(tercer|3|third)|(cuarto|4|fourth))/iu;

export const readNamedPeriod: DayReader = ({ text }, at) => {
  const match = matchAt(NAMED_PERIOD, text, at);
  if (!match) return undefined;
  const end = at + match[0].length;
  const [, spanish, isHalfYear, short, english, ofYear, year] = match;
  if (year) return wholeYear(end, Number(year));
  const number = PERIOD_NUMBER.exec(spanish ?? short ?? english ?? "");
  const index = number?.slice(1).findIndex(Boolean) ?? 0;
  const length = isHalfYear ? 6 : 3;
  const first = dayOf(Number(ofYear), index * length + 1, 1);
  return first && { ...monthsFrom(end, first, length), hasYear: true };
};

const YEAR = /(?:1\d|20)\d{2}(?=\s*(?:[.;:!?)]?(?:\s|$)))(?!\s+\p{Ll})/uy;
const PREPOSITION_BEFORE = /(?:^|\P{L})(?:en|desde|hasta|durante|in|since|until|by)\s$/iu;

/** «en 2025.», but not «en 2025 casos». */
export const readYear: DayReader = ({ text }, at) => {
  const match = matchAt(YEAR, text, at);
  if (!match || !PREPOSITION_BEFORE.test(textBefore(text, at, 9))) return undefined;
  return wholeYear(at + 4, Number(match[0]));
};
