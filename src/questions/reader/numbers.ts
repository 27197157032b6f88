/** Each line counts up from its first word; alternatives share a place. */
const SPANISH_TO_29 =
  "un/uno/una dos/par tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno/veintiun/veintiuna veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve";
const SPANISH_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa";
const ENGLISH_TO_19 =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety";
const ORDINALS =
  "primer/primero/primera/first/1o/1a/1st/1er/1ero/1era/1ro/1ra segundo/segunda/second/2o/2a/2nd/2do/2da tercer/tercero/tercera/third/3o/3a/3rd/3er/3ero/3era/3ro/3ra cuarto/cuarta/fourth/4o/4a/4th/4to/4ta quinto/quinta/fifth/5o/5a/5th/5to/5ta " +
  "sexto/sexta/sixth/6o/6a/6th/6to/6ta septimo/septima/seventh/7o/7a/7th/7mo/7ma octavo/octava/eighth/8o/8a/8th/8vo/8va noveno/novena/ninth/9o/9a/9th/9no/9na decimo/decima/tenth/10o/10a/10th/10mo/10ma";

type Numbered = [word: string, value: number];

function count(line: string, first: number, step = 1): Numbered[] {
  return line
    .split(" ")
    .flatMap((words, index) =>
      words.split("/").map((word): Numbered => [word, first + index * step]),
    );
}

/** "treinta y dos", "twenty two". */
function compose(tens: Numbered[], units: Numbered[], link: string): Numbered[] {
  return tens.flatMap(([ten, value]) =>
    units
      .filter(([, unit]) => unit < 10)
      .map(([word, unit]): Numbered => [`${ten}${link}${word}`, value + unit]),
  );
}

const SPANISH = count(SPANISH_TO_29, 1);
const ENGLISH = count(ENGLISH_TO_19, 1);
const NUMBERS = new Map<string, number>([
  // The longest first, for the patterns.
  ...compose(count(SPANISH_TENS, 30, 10), SPANISH, " y "),
  ...compose(count(ENGLISH_TENS, 20, 10), ENGLISH, " "),
  ...compose(count(ENGLISH_TENS, 20, 10), ENGLISH, "-"),
  ...SPANISH,
  ...count(SPANISH_TENS, 30, 10),
  ["cien", 100],
  ...ENGLISH,
  ...count(ENGLISH_TENS, 20, 10),
]);
const PLACES = new Map<string, number>(count(ORDINALS, 1));

const wordsFrom = (least: number): string =>
  [...NUMBERS].flatMap(([word, value]) => (value >= least ? word : [])).join("|");

/** A cardinal in words up to a hundred, for patterns. */
export const NUMBER_WORD = wordsFrom(1);
/** The same, or in digits. */
export const NUMBER = `\\d{1,6}|${NUMBER_WORD}`;
/** A cardinal that says how many: one and its articles say less than that. */
export const COUNT = `\\d{1,6}|${wordsFrom(2)}`;
/** An ordinal from the first to the tenth, for patterns. */
export const ORDINAL = [...PLACES.keys()].join("|");

export function readNumber(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  return /^\d+$/.test(word) ? Number(word) : NUMBERS.get(word);
}

export function readOrdinal(word: string | undefined): number | undefined {
  return word === undefined ? undefined : PLACES.get(word);
}
