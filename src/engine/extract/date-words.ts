import { fold } from "../../text/words.ts";
import { anyOf } from "./patterns.ts";

const MONTH_ROWS: readonly (readonly [spanish: string, english: string, short: string])[] = [
  ["enero", "january", "ene jan"],
  ["febrero", "february", "feb"],
  ["marzo", "march", "mar"],
  ["abril", "april", "abr apr"],
  ["mayo", "may", "may"],
  ["junio", "june", "jun"],
  ["julio", "july", "jul"],
  ["agosto", "august", "ago aug"],
  ["septiembre setiembre", "september", "sept sep"],
  ["octubre", "october", "oct"],
  ["noviembre", "november", "nov"],
  ["diciembre", "december", "dic dec"],
];
const MONTH_NUMBERS = numbered(MONTH_ROWS);

const WEEKDAY_NUMBERS = numbered([
  ["lunes", "monday", "lun mon"],
  ["martes", "tuesday", "tue"],
  ["miercoles", "wednesday", "mie wed"],
  ["jueves", "thursday", "jue thu"],
  ["viernes", "friday", "vie fri"],
  ["sabado", "saturday", "sab sat"],
  ["domingo", "sunday", "dom sun"],
]);

const COUNTS: ReadonlyMap<string, number> = new Map(
  [
    "un uno una primero primer a an one",
    "dos two",
    "tres three",
    "cuatro four",
    "cinco five",
    "seis six",
    "siete seven",
    "ocho eight",
    "nueve nine",
    "diez ten",
    "once eleven",
    "doce twelve",
    "trece thirteen",
    "catorce fourteen",
    "quince fifteen",
    "dieciseis sixteen",
    "diecisiete seventeen",
    "dieciocho eighteen",
    "diecinueve nineteen",
    "veinte twenty",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
    "treinta thirty",
  ].flatMap((words, index) => words.split(" ").map((word) => [word, index + 1] as const)),
);

export const SPANISH_MONTH = anyOf(MONTH_ROWS.map(([spanish]) => spanish).join(" "));
export const ENGLISH_MONTH = anyOf(MONTH_ROWS.map(([, english]) => english).join(" "));
export const SHORT_MONTH = anyOf(MONTH_ROWS.map(([, , short]) => short).join(" "));
export const SPANISH_WEEKDAY = "lunes|martes|miércoles|jueves|viernes|sábado|domingo";
export const ENGLISH_WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday";
export const SHORT_WEEKDAY =
  "lun|mar|mié|jue|vie|sáb|dom|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun";
/** Days of a month in words, as Spanish writes them. */
export const DAY_WORD =
  "uno|primero|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieciséis|diecisiete|dieciocho|diecinueve|veinte|veintiuno|veintidós|veintitrés|veinticuatro|veinticinco|veintiséis|veintisiete|veintiocho|veintinueve|treinta y uno|treinta";
export const COUNT =
  "\\d{1,3}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty";

/** 1 for January, in either language, in full or short. */
export function monthNumber(name: string): number | undefined {
  return MONTH_NUMBERS.get(fold(name).replace(".", ""));
}

/** 1 for Monday, in either language, in full or short. */
export function weekdayNumber(name: string): number | undefined {
  const folded = fold(name).replace(".", "");
  return WEEKDAY_NUMBERS.get(folded) ?? WEEKDAY_NUMBERS.get(folded.slice(0, 3));
}

export function countOf(written: string): number | undefined {
  if (/^\d+$/u.test(written)) return Number(written);
  const folded = fold(written);
  return /^treinta\s+y\s+uno$/u.test(folded) ? 31 : COUNTS.get(folded);
}

function numbered(rows: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(
    rows.flatMap((names, index) =>
      names
        .join(" ")
        .split(" ")
        .map((name) => [name, index + 1] as const),
    ),
  );
}
