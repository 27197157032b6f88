import { fold } from "./fold.ts";

type MonthWords = {
  spanish: string;
  /** A second accepted spelling. */
  spanishVariant?: string;
  english: string;
  /** Spanish and English abbreviations, without their point. The longest of one language first. */
  short: readonly string[];
};

/** January first. Lower case; no month name has an accent. */
export const MONTHS: readonly MonthWords[] = [
  { spanish: "enero", english: "january", short: ["ene", "jan"] },
  { spanish: "febrero", english: "february", short: ["feb"] },
  { spanish: "marzo", english: "march", short: ["mar"] },
  { spanish: "abril", english: "april", short: ["abr", "apr"] },
  { spanish: "mayo", english: "may", short: ["may"] },
  { spanish: "junio", english: "june", short: ["jun"] },
  { spanish: "julio", english: "july", short: ["jul"] },
  { spanish: "agosto", english: "august", short: ["ago", "aug"] },
  {
    spanish: "septiembre",
    spanishVariant: "setiembre",
    english: "september",
    short: ["sept", "sep"],
  },
  { spanish: "octubre", english: "october", short: ["oct"] },
  { spanish: "noviembre", english: "november", short: ["nov"] },
  { spanish: "diciembre", english: "december", short: ["dic", "dec"] },
];

type WeekdayWords = { spanish: string; english: string; short: readonly string[] };

/** Monday first. Lower case, with accents. */
export const WEEKDAYS: readonly WeekdayWords[] = [
  { spanish: "lunes", english: "monday", short: ["lun", "mon"] },
  { spanish: "martes", english: "tuesday", short: ["mar", "tues", "tue"] },
  { spanish: "miércoles", english: "wednesday", short: ["mié", "wed"] },
  { spanish: "jueves", english: "thursday", short: ["jue", "thurs", "thur", "thu"] },
  { spanish: "viernes", english: "friday", short: ["vie", "fri"] },
  { spanish: "sábado", english: "saturday", short: ["sáb", "sat"] },
  { spanish: "domingo", english: "sunday", short: ["dom", "sun"] },
];

export const SPANISH_MONTHS: readonly string[] = MONTHS.flatMap(spanishNames);
export const ENGLISH_MONTHS: readonly string[] = MONTHS.map(({ english }) => english);
export const SHORT_MONTHS: readonly string[] = MONTHS.flatMap(({ short }) => short);

export const SPANISH_WEEKDAYS: readonly string[] = WEEKDAYS.map(({ spanish }) => spanish);
export const ENGLISH_WEEKDAYS: readonly string[] = WEEKDAYS.map(({ english }) => english);
export const SHORT_WEEKDAYS: readonly string[] = WEEKDAYS.flatMap(({ short }) => short);

const MONTH_NUMBERS = numberFromOne(
  MONTHS.map((month) => [...spanishNames(month), month.english, ...month.short]),
);
/** «mar» is left out: it is also March. */
const WEEKDAY_NUMBERS = numberFromOne(
  WEEKDAYS.map(({ spanish, english, short }) =>
    [spanish, english, ...short].filter((name) => name !== "mar").map(fold),
  ),
);

/** 1 for January, by its name or abbreviation in either language. */
export function monthNumber(name: string): number | undefined {
  return MONTH_NUMBERS.get(withoutFullStop(name));
}

/** 1 for Monday, by its name in either language, or by any word that starts like its abbreviation of three letters. */
export function weekdayNumber(name: string): number | undefined {
  const word = withoutFullStop(name);
  return WEEKDAY_NUMBERS.get(word) ?? WEEKDAY_NUMBERS.get(word.slice(0, 3));
}

function withoutFullStop(name: string): string {
  return fold(name).replace(".", "");
}

function spanishNames({ spanish, spanishVariant }: MonthWords): string[] {
  return spanishVariant === undefined ? [spanish] : [spanish, spanishVariant];
}

function numberFromOne(rows: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(rows.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));
}
