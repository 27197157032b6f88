const BLANK = "[ \\u00a0\\u2009\\u202f]";
/** Longer runs of digits are identifiers: no double holds them exactly. */
const DIGITS = "\\d{1,15}";

/** A figure in digits, grouped by points, commas or thin blanks, as Spanish or English write it. No groups. */
export const FIGURE = [
  "\\d{1,3}(?:\\.\\d{3}){1,5}(?:,\\d{1,10})?(?![.,]?\\d)",
  "\\d{1,3}(?:,\\d{3}){1,5}(?:\\.\\d{1,10})?(?![.,]?\\d)",
  `\\d{1,3}(?:${BLANK}\\d{3}){1,5}(?:[.,]\\d{1,10})?(?![.,]?\\d)`,
  `${DIGITS}(?:[.,]\\d{1,10}|['’]\\d{1,2})?(?![.,'’]?\\d)`,
].join("|");

/** What may not stand before a figure: it would be a part of a code, a version, an hour or a decimal. */
export const FIGURE_START =
  "(?<![\\p{L}\\p{M}\\p{N}_@#\\uFFFC/\\\\]|[\\p{L}\\p{N}][.,:'’\\-–‑·]|\\d\\s?[x×]\\s?)";

/** The same before money, where a figure may end a range («20-30 €»). */
export const AMOUNT_START =
  "(?<![\\p{L}\\p{M}\\p{N}_@#\\uFFFC/\\\\]|[\\p{L}\\p{N}][.,:'’·]|\\p{L}[-–‑]|\\d\\s?[x×]\\s?)";

/** Words that multiply the figure before them, longest first. «billón» is a million millions; the English billion is not. */
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

/** What a word of `SCALE_WORD` multiplies by. */
export function scaleFactor(word: string | undefined): number {
  if (!word) return 1;
  return SCALE_READERS.find(([pattern]) => pattern.test(word))?.[1] ?? 1;
}

/**
 * The value of a `FIGURE`. Where one mark and three digits could be read either way («1.500», «1,500»), they are
 * thousands in money; else a point groups in Spanish and a comma in English.
 */
export function readFigure(figure: string, reading: { english: boolean; money: boolean }): number {
  const raw = figure.replace(/[\s\u00a0\u2009\u202f]/gu, "").replace(/['’]/u, ",");
  const marks = raw.replace(/\d/gu, "");
  if (marks === "") return Number(raw);
  const last = marks.at(-1) ?? "";
  if (marks.length > 1) {
    const groupsOnly = marks === last.repeat(marks.length);
    return groupsOnly ? Number(raw.replaceAll(last, "")) : decimal(raw, last);
  }
  const [whole = "", rest = ""] = raw.split(last);
  const couldGroup = rest.length === 3 && whole.length <= 3 && !whole.startsWith("0");
  const groups = couldGroup && (reading.money || (last === ",") === reading.english);
  return groups ? Number(whole + rest) : decimal(raw, last);
}

function decimal(raw: string, mark: string): number {
  const at = raw.lastIndexOf(mark);
  return Number(`${raw.slice(0, at).replace(/[.,]/gu, "")}.${raw.slice(at + 1)}`);
}

/** Times a scale or a hundredth, without what binary fractions would leave («3,3 millones» is 3300000). */
export function multiply(figure: number, factor: number): number {
  return Number((figure * factor).toPrecision(15));
}
