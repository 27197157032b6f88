import { fold } from "../../text/fold.ts";
import {
  ENGLISH_CARDINALS,
  ENGLISH_TENS,
  SPANISH_CARDINALS,
  SPANISH_TENS,
} from "../../text/number-words.ts";

type NumberWord = readonly [word: string, value: number];

const SPANISH: readonly NumberWord[] = [
  ...countFrom(1, SPANISH_CARDINALS),
  ...([
    ["un", 1],
    ["una", 1],
    ["par", 2],
    ["veintiun", 21],
    ["veintiuna", 21],
  ] as const),
];
const ENGLISH = countFrom(1, ENGLISH_CARDINALS);
const SPANISH_TENS_WORDS = countFrom(30, SPANISH_TENS, 10);
const ENGLISH_TENS_WORDS = countFrom(20, ENGLISH_TENS, 10);

const CARDINALS: ReadonlyMap<string, number> = new Map([
  // The longest first, for the patterns.
  ...compose(SPANISH_TENS_WORDS, " y ", SPANISH),
  ...compose(ENGLISH_TENS_WORDS, " ", ENGLISH),
  ...compose(ENGLISH_TENS_WORDS, "-", ENGLISH),
  ...SPANISH,
  ...SPANISH_TENS_WORDS,
  ["cien", 100],
  ...ENGLISH,
  ...ENGLISH_TENS_WORDS,
]);

const ORDINALS: ReadonlyMap<string, number> = new Map(
  [
    "primer primero primera first 1o 1a 1st 1er 1ero 1era 1ro 1ra",
    "segundo segunda second 2o 2a 2nd 2do 2da",
    "tercer tercero tercera third 3o 3a 3rd 3er 3ero 3era 3ro 3ra",
    "cuarto cuarta fourth 4o 4a 4th 4to 4ta",
    "quinto quinta fifth 5o 5a 5th 5to 5ta",
    "sexto sexta sixth 6o 6a 6th 6to 6ta",
    "septimo septima seventh 7o 7a 7th 7mo 7ma",
    "octavo octava eighth 8o 8a 8th 8vo 8va",
    "noveno novena ninth 9o 9a 9th 9no 9na",
    "decimo decima tenth 10o 10a 10th 10mo 10ma",
  ].flatMap((words, index) => words.split(" ").map((word): NumberWord => [word, index + 1])),
);

function countFrom(first: number, words: readonly string[], step = 1): NumberWord[] {
  return words.map((word, index): NumberWord => [fold(word), first + index * step]);
}

/** «treinta y dos», «twenty two». */
function compose(
  tens: readonly NumberWord[],
  link: string,
  numbers: readonly NumberWord[],
): NumberWord[] {
  const units = numbers.filter(([, value]) => value < 10);
  return tens.flatMap(([ten, tenValue]) =>
    units.map(([unit, value]): NumberWord => [`${ten}${link}${unit}`, tenValue + value]),
  );
}

// ---- Pattern sources

const cardinalsFrom = (min: number): string =>
  [...CARDINALS].flatMap(([word, value]) => (value >= min ? word : [])).join("|");

/** A cardinal up to a hundred in words. */
export const NUMBER_WORD = cardinalsFrom(1);
/** A cardinal in digits or words. */
export const NUMBER = `\\d{1,6}|${NUMBER_WORD}`;
/** A cardinal that says how many: «un» and «una» are usually articles. */
export const COUNT = `\\d{1,6}|${cardinalsFrom(2)}`;
/** An ordinal from first to tenth. */
export const ORDINAL = [...ORDINALS.keys()].join("|");

// ---- Values

export function readNumber(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  return /^\d+$/.test(word) ? Number(word) : CARDINALS.get(word);
}

export function readOrdinal(word: string | undefined): number | undefined {
  return word === undefined ? undefined : ORDINALS.get(word);
}
