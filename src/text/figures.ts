import { monthNumber, MONTHS } from "./calendar-words.ts";
import { findFigureTokens, type FigureToken } from "./figure-tokens.ts";
import { canonical, readNumber, withCenturies, withOtherReadings } from "./number-readings.ts";
import { textAfter, textBefore, type TextSpan } from "./spans.ts";

type Figure = {
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
export function findFigures(text: string): Figure[] {
  const tokens = findFigureTokens(text);
  const figures: Figure[] = [];
  for (let index = 0; index < tokens.length;) {
    const run = spacedRun(text, tokens, index);
    const [token] = run;
    if (!token) break;
    figures.push(run.length > 1 ? readRun(text, run) : readToken(text, token));
    index += run.length;
  }
  return figures;
}

/**
 * The figures of `answer`, as written there, that no source contains; each once, in order. A figure with several
 * readings is known when one reading is in a source. A figure with several parts is known when all its parts are.
 */
export function listUnknownFigures(answer: string, sources: readonly string[]): string[] {
  const quantities = findFigures(answer).filter(({ kind }) => kind === "figure");
  if (quantities.length === 0) return [];
  const known = new Set<string>();
  for (const { wholes, parts } of sources.flatMap((source) => findFigures(source))) {
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
  const figure = findFigures(text).find(
    (each) => listUnknownFigures(number, [each.text]).length === 0,
  );
  return figure && { start: figure.start, end: figure.start + figure.text.length };
}

const MONTH_NAMES = MONTHS.flatMap(({ spanish, english }) => [spanish, english]);
const MONTH = new RegExp(`(?<!\\p{L})(?:${MONTH_NAMES.join("|")})(?!\\p{L})`, "giu");

/** The numbers of the months that a text names, because an answer may write the same date in digits. */
function monthsIn(text: string): string[] {
  return [...text.matchAll(MONTH)].map(([month]) => `${monthNumber(month) ?? 0}`);
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

/** More than the longest unit. */
const MAX_UNIT_LENGTH = 24;

function unitAfter(text: string, { end }: { end: number }): string {
  return textAfter(text, end, MAX_UNIT_LENGTH);
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
