import {
  ENGLISH_MONTHS,
  ENGLISH_WEEKDAYS,
  SHORT_MONTHS,
  SHORT_WEEKDAYS,
  SPANISH_MONTHS,
  SPANISH_WEEKDAYS,
} from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import {
  ENGLISH_CARDINALS,
  ENGLISH_TENS,
  SPANISH_CARDINALS,
  SPANISH_TENS,
} from "../../text/number-words.ts";

// ---- Pattern sources; pass them to `phrase`

export const SPANISH_MONTH = SPANISH_MONTHS.join("|");
export const ENGLISH_MONTH = ENGLISH_MONTHS.join("|");
export const SHORT_MONTH = SHORT_MONTHS.join("|");
/** In either language, in full or short. */
export const ANY_MONTH = `${SPANISH_MONTH}|${ENGLISH_MONTH}|(?:${SHORT_MONTH})\\.?`;
export const SPANISH_WEEKDAY = SPANISH_WEEKDAYS.join("|");
export const ENGLISH_WEEKDAY = ENGLISH_WEEKDAYS.join("|");
export const SHORT_WEEKDAY = SHORT_WEEKDAYS.join("|");

const [THIRTY = ""] = SPANISH_TENS;
const [TWENTY = "", ENGLISH_THIRTY = ""] = ENGLISH_TENS;
const [, ...SPANISH_FROM_TWO] = SPANISH_CARDINALS;

/** The day of a month in Spanish words. */
export const DAY_WORD = ["uno", "primero", ...SPANISH_FROM_TWO, `${THIRTY} y uno`, THIRTY].join(
  "|",
);

/** Counts that people write in words before a unit of time: «hace quince días». */
export const COUNT_WORD = [
  ...["un", "una", ...SPANISH_CARDINALS.slice(1, 12), "quince", "veinte", THIRTY],
  ...["a", "an", ...ENGLISH_CARDINALS.slice(0, 12), "fifteen", TWENTY, ENGLISH_THIRTY],
].join("|");
export const COUNT = `\\d{1,3}|${COUNT_WORD}`;

// ---- Values

const COUNTS: ReadonlyMap<string, number> = new Map([
  ...["un", "una", "primero", "primer", "a", "an"].map((word) => [word, 1] as const),
  ...SPANISH_CARDINALS.map((word, index) => [fold(word), index + 1] as const),
  ...ENGLISH_CARDINALS.map((word, index) => [word, index + 1] as const),
  [TWENTY, 20],
  [THIRTY, 30],
  [ENGLISH_THIRTY, 30],
]);

/** The value of a `COUNT` or a `DAY_WORD`. */
export function readCount(written: string): number | undefined {
  if (/^\d+$/u.test(written)) return Number(written);
  const folded = fold(written);
  return /^treinta\s+y\s+uno$/u.test(folded) ? 31 : COUNTS.get(folded);
}
