import { monthNumber, MONTHS } from "./calendar-words.ts";
import { textAfter, textBefore, type TextSpan } from "./spans.ts";

export type Figure = {
  /** As written, at `start`. */
  text: string;
  start: number;
  /** Ordinals and list numbers are not quantities. */
  kind: "figure" | "ordinal" | "numbering";
  /** Canonical forms of the whole figure; any of them identifies it. */
  wholes: readonly string[];
  /** Its parts («17» and «30» of «17:30»), each with the canonical numbers that it can stand for. */
  parts: readonly (readonly string[])[];
};

/**
 * The figures of a text, in order. Canonical numbers have no thousands separators, a decimal point and no redundant
 * zeros: "1.500,50", "1,500.50" and "1500.5" are all "1500.5", and "1.500" is both "1500" and "1.5". Signs are ignored.
 * Linear in the text.
 */
export function figuresIn(text: string): Figure[] {
  const tokens = findTokens(text);
  const figures: Figure[] = [];
  for (let index = 0; index < tokens.length;) {
    const run = spacedRun(text, tokens, index);
    figures.push(run.length > 1 ? readRun(text, run) : readToken(text, run[0] ?? NO_TOKEN));
    index += run.length;
  }
  return figures;
}

/**
 * The figures of `answer`, as written there, that no source contains; each once, in order. Of a figure with several
 * readings, one reading in a source is enough. A figure with several parts is known when all its parts are.
 */
export function unknownFigures(answer: string, sources: readonly string[]): string[] {
  const quantities = figuresIn(answer).filter(({ kind }) => kind === "figure");
  if (quantities.length === 0) return [];
  const known = new Set<string>();
  for (const { wholes, parts } of sources.flatMap((source) => figuresIn(source))) {
    for (const value of [wholes, ...parts].flat()) known.add(value);
  }
  for (const month of sources.flatMap(monthsIn)) known.add(month);
  const isKnown = ({ wholes, parts }: Figure) =>
    wholes.some((whole) => known.has(whole)) ||
    parts.every((readings) => readings.some((value) => known.has(value)));
  return [...new Set(quantities.filter((figure) => !isKnown(figure)).map(({ text }) => text))];
}

/** The first place where a text has this number, however it is written there. */
export function findFigure(text: string, number: string): TextSpan | undefined {
  const figure = figuresIn(text).find((each) => unknownFigures(number, [each.text]).length === 0);
  return figure && { start: figure.start, end: figure.start + figure.text.length };
}

const MONTH_NAMES = MONTHS.flatMap(({ spanish, english }) => [spanish, english]);
const MONTH = new RegExp(`(?<!\\p{L})(?:${MONTH_NAMES.join("|")})(?!\\p{L})`, "giu");

/** The numbers of the months that a text names, because an answer may write the same date in digits. */
function monthsIn(text: string): string[] {
  return [...text.matchAll(MONTH)].map(([month]) => `${monthNumber(month) ?? 0}`);
}

// ---- Tokens: digits with everything that is written together with them

type FigureToken = TextSpan & {
  /** With ASCII digits and separators, in lower case. */
  plain: string;
};
const NO_TOKEN: FigureToken = { start: 0, end: 0, plain: "" };

const WORD_CHARACTER = /[\p{L}\p{M}\p{Nd}]/u;
const LINK = /[-‐‑_]/u;
/** Words and numbers joined by hyphens or underscores. Number separators count only between digits. */
const TOKEN =
  /[\p{L}\p{M}\p{Nd}]+(?:(?:[-‐‑_]|(?<=\p{Nd})[/.,:'’´٫٬．，：–×](?=\p{Nd}))[\p{L}\p{M}\p{Nd}]+)*/uy;

function findTokens(text: string): FigureToken[] {
  const digit = /\p{Nd}/gu;
  const token = new RegExp(TOKEN);
  const tokens: FigureToken[] = [];
  let end = 0;
  for (let found = digit.exec(text); found; found = digit.exec(text)) {
    const start = startOfToken(text, found.index, end);
    token.lastIndex = start;
    const written = token.exec(text)?.[0] ?? found[0];
    end = start + written.length;
    tokens.push({ start, end, plain: toPlain(written) });
    digit.lastIndex = end;
  }
  return tokens;
}

function startOfToken(text: string, digit: number, from: number): number {
  let start = digit;
  while (start > from) {
    if (WORD_CHARACTER.test(text.charAt(start - 1))) start -= 1;
    else if (
      start - 1 > from &&
      LINK.test(text.charAt(start - 1)) &&
      WORD_CHARACTER.test(text.charAt(start - 2))
    )
      start -= 2;
    else break;
  }
  return start;
}

function toPlain(written: string): string {
  if (/^[\d.,]+$/u.test(written)) return written;
  return written
    .normalize("NFKC")
    .replace(/(?!\d)\p{Nd}/gu, (digit) => String(digitValue(digit)))
    .replace(/[’´]/gu, "'")
    .replace(/٫/gu, ",")
    .replace(/٬/gu, ".")
    .replace(/[‐‑–]/gu, "-")
    .toLowerCase();
}

/** Unicode encodes the digits of each script as a run of ten, starting with zero. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

// ---- One token

const NUMBER = /\d+(?:[.,']\d+)*/gu;
/** With this many digits it is a serial, telephone or bank number, whose separators do not matter. */
const MIN_SERIAL_DIGITS = 7;

function readToken(text: string, token: FigureToken): Figure {
  const { plain } = token;
  const isClock = /^\d{1,2}[.:]\d{2}$/u.test(plain) && /^\s?h\b/u.test(unitAfter(text, token));
  const numbers = isClock ? plain.split(/[.:]/u) : (plain.match(NUMBER) ?? []);
  const parts = numbers.flatMap(readNumber);
  const hasShortYear = /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$/u.test(plain);
  return {
    text: text.slice(token.start, token.end),
    start: token.start,
    kind: kindOf(text, token),
    wholes: [toLiteral(plain)],
    parts: withOtherReadings(
      hasShortYear ? withCenturies(parts) : parts,
      plain,
      unitAfter(text, token),
    ),
  };
}

function toLiteral(plain: string): string {
  const joined = plain.replace(/[-/_.,:']/gu, "");
  const digits = joined.replace(/\D/gu, "");
  return digits.length >= MIN_SERIAL_DIGITS || joined.length > digits.length ? joined : plain;
}

/** The possible numbers, as one part. When it cannot be a number, each group of digits is a part. */
function readNumber(written: string): string[][] {
  const groups = written.split(/[.,']/u);
  const separators = written.replace(/\d/gu, "");
  const [first = "", ...rest] = groups;
  const last = groups.at(-1) ?? "";
  if (rest.length === 0) return [[canonical(first)]];
  if (rest.length === 1) {
    const decimal = separators === "'" ? [] : [canonical(first, last)];
    const readings = isGrouped(groups) ? [canonical(groups.join("")), ...decimal] : decimal;
    return readings.length > 0 ? [readings] : groups.map((group) => [canonical(group)]);
  }
  const hasOneSeparator = new Set(separators).size === 1;
  if (hasOneSeparator && isGrouped(groups)) return [[canonical(groups.join(""))]];
  const hasDecimals = !hasOneSeparator && new Set(separators.slice(0, -1)).size === 1;
  if (hasDecimals && isGrouped(groups.slice(0, -1))) {
    return [[canonical(groups.slice(0, -1).join(""), last)]];
  }
  return groups.map((group) => [canonical(group)]);
}

/** Groups of thousands, also with Indian grouping: 1,50,000. */
function isGrouped([first = "", ...rest]: readonly string[]): boolean {
  return (
    first.length <= 3 &&
    rest.at(-1)?.length !== 2 &&
    rest.every((group, index) =>
      index === rest.length - 1 || first.length === 3
        ? group.length === 3
        : group.length === 3 || group.length === 2,
    )
  );
}

function canonical(whole: string, decimals = ""): string {
  const integer = whole.replace(/^0+(?=\d)/u, "");
  const fraction = withoutEndZeros(decimals);
  return fraction === "" ? integer : `${integer}.${fraction}`;
}

function withoutEndZeros(digits: string): string {
  let end = digits.length;
  while (digits.charAt(end - 1) === "0") end -= 1;
  return digits.slice(0, end);
}

// ---- Other readings: «3 millones» is 3.000.000, «5 p. m.» is 17, «03/05/26» is in 2026

const SCALES: readonly (readonly [pattern: RegExp, zeros: number])[] = [
  [/^\s?(?:mil\s+(?:millones|m)|billions?|bn|milliards?|mrd)(?!\p{L})/iu, 9],
  [/^\s?(?:billones|trillions?)(?!\p{L})/iu, 12],
  [/^\s?(?:mill[oó]n(?:es)?|millions?|mill|mm|mio)(?!\p{L})/iu, 6],
  [/^\s?(?:mil|thousands?)(?!\p{L})/iu, 3],
  [/^\s?k(?!\p{L})/iu, 3],
  [/^M(?!\p{L})/u, 6],
];
const AFTERNOON = /^\s?p\.?\s?m(?!\p{L})/iu;
/** More than the longest unit. */
const MAX_UNIT_LENGTH = 24;

function unitAfter(text: string, { end }: { end: number }): string {
  return textAfter(text, end, MAX_UNIT_LENGTH);
}

function withOtherReadings(
  parts: readonly (readonly string[])[],
  plain: string,
  following: string,
): (readonly string[])[] {
  const unit = /\d[kmb]n?$/u.test(plain) ? plain.replace(/^.*\d/u, "") : following;
  const zeros = SCALES.find(([pattern]) => pattern.test(unit === "m" ? "M" : unit))?.[1];
  const isAfternoon = AFTERNOON.test(plain.endsWith("pm") ? "pm" : following);
  return parts.map((readings, index) => {
    const scaled =
      zeros !== undefined && index === parts.length - 1
        ? readings.map((value) => shift(value, zeros))
        : [];
    const later =
      isAfternoon && index === 0
        ? readings.filter((value) => /^\d{1,2}$/u.test(value)).map((hour) => `${Number(hour) + 12}`)
        : [];
    return [...readings, ...scaled, ...later];
  });
}

function shift(value: string, zeros: number): string {
  const [whole = "", decimals = ""] = value.split(".");
  return canonical(whole + decimals.slice(0, zeros).padEnd(zeros, "0"), decimals.slice(zeros));
}

function withCenturies(parts: readonly (readonly string[])[]): (readonly string[])[] {
  return parts.map((readings, index) =>
    index === parts.length - 1
      ? readings.flatMap((year) => [
          year,
          `20${year.padStart(2, "0")}`,
          `19${year.padStart(2, "0")}`,
        ])
      : readings,
  );
}

// ---- Kinds

const ORDINAL =
  /^\d{1,4}(?:st|nd|rd|th|er|ero|era|do|da|ro|ra|to|ta|vo|va|no|na|mo|ma|ème|eme|ère|[ºª]|[oa])$/u;
const ORDINAL_MARK = /^\.?[ºª]|^\.°/u;
/** «20 º C» is a temperature. */
const DEGREES = /^º\s?[CF](?!\p{L})/u;
const BEFORE_NUMBERING = /^[\t >*_#(•·+-]*$/u;
const NUMBERING = /^\d{1,3}(?:\.\d{1,3}){0,5}$/u;
const AFTER_NUMBERING = /^(?:\.?\)|\.-?|[ºª]\.?)[*_]{0,3}[\t \u00a0]+\S/u;
const MAX_MARGIN_LENGTH = 24;

function kindOf(text: string, token: FigureToken): Figure["kind"] {
  const following = unitAfter(text, token);
  if (NUMBERING.test(token.plain) && AFTER_NUMBERING.test(following) && startsLine(text, token)) {
    return "numbering";
  }
  if (/[ºª]$/u.test(text.slice(token.start, token.end)) && DEGREES.test(`º${following}`)) {
    return "figure";
  }
  if (ORDINAL.test(token.plain)) return "ordinal";
  return /^\d{1,4}$/u.test(token.plain) && ORDINAL_MARK.test(following) ? "ordinal" : "figure";
}

function startsLine(text: string, { start }: FigureToken): boolean {
  const before = textBefore(text, start, MAX_MARGIN_LENGTH);
  const line = before.slice(Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1);
  const reachesBreak = line.length < before.length || start === before.length;
  return reachesBreak && BEFORE_NUMBERING.test(line);
}

// ---- Numbers with spaces: «1 500,50», «612 34 56 78»

const MAX_GROUPS = 10;

/** The token at `index`, and the tokens after it that continue the same number. */
function spacedRun(text: string, tokens: readonly FigureToken[], index: number): FigureToken[] {
  const run = tokens.slice(index, index + 1);
  const [head] = run;
  if (!head || !/^\d{1,4}$/u.test(head.plain) || kindOf(text, head) !== "figure") return run;
  for (const token of tokens.slice(index + 1, index + MAX_GROUPS)) {
    const gap = text.slice(run.at(-1)?.end, token.start);
    const isMiddle = gap.length === 1 && /[\p{Zs}]/u.test(gap) && /^\d{2,4}$/u.test(token.plain);
    const isLast = /^\d{3}[.,]\d+$/u.test(token.plain) && /^[\p{Zs}]$/u.test(gap);
    if (!isMiddle && !isLast) break;
    run.push(token);
    if (isLast) break;
  }
  const plains = run.map(({ plain }) => plain);
  const isSerial = plains.join("").length >= MIN_SERIAL_DIGITS;
  return isSerial || isSpacedThousands(plains) ? run : run.slice(0, 1);
}

function isSpacedThousands([first = "", ...rest]: readonly string[]): boolean {
  return (
    /^[1-9]\d{0,2}$/u.test(first) &&
    rest.length > 0 &&
    rest.every((group) => /^\d{3}(?:[.,]\d+)?$/u.test(group))
  );
}

function readRun(text: string, run: readonly FigureToken[]): Figure {
  const start = run[0]?.start ?? 0;
  const end = run.at(-1)?.end ?? start;
  const plains = run.map(({ plain }) => plain);
  const [whole = "", decimals = ""] = plains.join("").split(/[.,]/u);
  const value = canonical(whole, decimals);
  const local = plains.slice(1).join("");
  const hasPrefix = text.charAt(start - 1) === "+" && local.length >= MIN_SERIAL_DIGITS;
  const [wholes = []] = withOtherReadings(
    [[value, ...(decimals === "" ? [whole] : []), ...(hasPrefix ? [local] : [])]],
    "",
    unitAfter(text, { end }),
  );
  return {
    text: text.slice(start, end),
    start,
    kind: "figure",
    wholes,
    parts: run.flatMap((token) => readToken(text, token).parts),
  };
}
