const CARDINALS = [
  ["un", "uno", "una", "one", "a"],
  ["dos", "two", "par"],
  ["tres", "three"],
  ["cuatro", "four"],
  ["cinco", "five"],
  ["seis", "six"],
  ["siete", "seven"],
  ["ocho", "eight"],
  ["nueve", "nine"],
  ["diez", "ten"],
  ["once", "eleven"],
  ["doce", "twelve"],
  ["trece"],
  ["catorce"],
  ["quince", "fifteen"],
];
const TENS: Record<string, number> = {
  veinte: 20,
  treinta: 30,
  cuarenta: 40,
  cincuenta: 50,
  cien: 100,
  twenty: 20,
  thirty: 30,
  fifty: 50,
};

const ORDINALS = [
  ["primer", "primero", "primera", "first", "1o", "1a", "1st"],
  ["segundo", "segunda", "second", "2o", "2a", "2nd"],
  ["tercer", "tercero", "tercera", "third", "3o", "3a", "3rd"],
  ["cuarto", "cuarta", "fourth", "4o", "4a", "4th"],
  ["quinto", "quinta", "fifth", "5o", "5a", "5th"],
  ["sexto", "sexta", "sixth"],
  ["septimo", "septima", "seventh"],
  ["octavo", "octava", "eighth"],
  ["noveno", "novena", "ninth"],
  ["decimo", "decima", "tenth"],
];

const NUMBERS = new Map<string, number>([
  ...CARDINALS.flatMap((words, index) => words.map((word): [string, number] => [word, index + 1])),
  ...Object.entries(TENS),
]);
const PLACES = new Map<string, number>(
  ORDINALS.flatMap((words, index) => words.map((word): [string, number] => [word, index + 1])),
);

/** A cardinal in digits or words, for patterns. */
export const NUMBER = `\\d{1,6}|${[...NUMBERS.keys()].join("|")}`;
/** A cardinal that says how many: one and its articles say less than that. */
export const COUNT = `\\d{1,6}|${[...NUMBERS].flatMap(([word, value]) => (value > 1 ? word : [])).join("|")}`;
/** An ordinal from the first to the tenth, for patterns. */
export const ORDINAL = [...PLACES.keys()].join("|");

export function readNumber(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  return /^\d+$/.test(word) ? Number(word) : NUMBERS.get(word);
}

export function readOrdinal(word: string | undefined): number | undefined {
  return word === undefined ? undefined : PLACES.get(word);
}
