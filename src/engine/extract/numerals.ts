// ---- Pattern sources

const SPACE = "[ \\u00a0\\u2009\\u202f]";
/** Longer runs of digits are identifiers, which a double cannot hold exactly. */
const DIGITS = "\\d{1,15}";

/** A number in digits, grouped with points, commas or spaces, in Spanish or English. No capture groups. */
export const NUMERAL = [
  "\\d{1,3}(?:\\.\\d{3}){1,5}(?:,\\d{1,10})?(?![.,]?\\d)",
  "\\d{1,3}(?:,\\d{3}){1,5}(?:\\.\\d{1,10})?(?![.,]?\\d)",
  `\\d{1,3}(?:${SPACE}\\d{3}){1,5}(?:[.,]\\d{1,10})?(?![.,]?\\d)`,
  `${DIGITS}(?:[.,]\\d{1,10}|['’]\\d{1,2})?(?![.,'’]?\\d)`,
].join("|");

/** The numeral is not part of a code, a version, a time or a decimal. */
export const NUMERAL_START =
  "(?<![\\p{L}\\p{M}\\p{N}_@#\\uFFFC/\\\\]|[\\p{L}\\p{N}][.,:'’\\-–‑·]|\\d\\s?[x×]\\s?)";

/** Like `NUMERAL_START`, but an amount may also end a range («20-30 €»). */
export const AMOUNT_START =
  "(?<![\\p{L}\\p{M}\\p{N}_@#\\uFFFC/\\\\]|[\\p{L}\\p{N}][.,:'’·]|\\p{L}[-–‑]|\\d\\s?[x×]\\s?)";

/** Words that multiply the numeral before them, longest first. The Spanish «billón» is 1e12, the English billion 1e9. */
const SCALES: readonly (readonly [pattern: string, factor: number])[] = [
  ["mil millones", 1e9],
  ["millones", 1e6],
  ["millón", 1e6],
  ["billones", 1e12],
  ["billón", 1e12],
  ["mil", 1e3],
  ["thousand", 1e3],
  ["millions?", 1e6],
  ["billions?", 1e9],
  ["trillions?", 1e12],
];
export const SCALE_WORD = SCALES.map(([pattern]) => pattern).join("|");
const SCALE_READERS = SCALES.map(
  ([pattern, factor]) =>
    [
      new RegExp(`^${pattern.replace("ó", "(?:ó|o\\u0301?)").replace(" ", "\\s+")}$`, "iu"),
      factor,
    ] as const,
);

// ---- Values

/** The factor of a `SCALE_WORD`; 1 without a word. */
export function scaleFactor(word: string | undefined): number {
  if (!word) return 1;
  return SCALE_READERS.find(([pattern]) => pattern.test(word))?.[1] ?? 1;
}

/**
 * The value of a `NUMERAL`. In «1.500» and «1,500» the mark may group thousands or start the decimals: in money it
 * groups; elsewhere a point groups in Spanish and a comma in English.
 */
export function readNumeral(
  numeral: string,
  { isEnglish, isMoney }: { isEnglish: boolean; isMoney: boolean },
): number {
  const raw = numeral.replace(/[\s\u00a0\u2009\u202f]/gu, "").replace(/['’]/u, ",");
  const marks = raw.replace(/\d/gu, "");
  if (marks === "") return Number(raw);
  const last = marks.at(-1) ?? "";
  if (marks.length > 1) {
    const hasOnlyGroups = marks === last.repeat(marks.length);
    return hasOnlyGroups ? Number(raw.replaceAll(last, "")) : decimal(raw, last);
  }
  const [whole = "", rest = ""] = raw.split(last);
  const couldGroup = rest.length === 3 && whole.length <= 3 && !whole.startsWith("0");
  const isGrouped = couldGroup && (isMoney || (last === ",") === isEnglish);
  return isGrouped ? Number(whole + rest) : decimal(raw, last);
}

function decimal(raw: string, mark: string): number {
  const at = raw.lastIndexOf(mark);
  return Number(`${raw.slice(0, at).replace(/[.,]/gu, "")}.${raw.slice(at + 1)}`);
}

/** Rounds away binary fraction errors: 3.3 * 1e6 is 3300000. */
export function multiply(value: number, factor: number): number {
  return Number((value * factor).toPrecision(15));
}
