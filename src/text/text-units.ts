import type { TextSpan } from "./spans.ts";
import { SPANISH_ARTICLES, wordSet } from "./words.ts";

const LIST_MARKER =
  /^[\t \u00a0]*(?:[-*+•◦▪‣·–—>]|#{1,6}|\(?\d{1,3}[.)]|[a-z][.)]|[A-Z]\))[\t \u00a0]+(?=\S)|^[\t \u00a0]*[•◦▪‣](?=\S)/u;
const TABLE_ROW = /^\s*\|/u;
/** Wrapped prose is at least this wide, so each line of a narrower paragraph is complete. */
const MIN_WRAP_WIDTH = 40;
const MAX_FIRST_WORD_LENGTH = 40;

/** Paragraphs, headings, table rows and list items (without their marker). No sentence crosses their borders. */
export function splitUnits(source: string): TextSpan[] {
  const units: TextSpan[] = [];
  for (const paragraph of splitParagraphs(source)) {
    const width = Math.max(...paragraph.map(({ start, end }) => end - start));
    let unit: TextSpan | undefined;
    let previous: TextSpan | undefined;
    for (const line of paragraph) {
      if (unit && previous && wraps(source, previous, line, width)) {
        unit.end = line.end;
      } else {
        unit = withoutMarker(source, line);
        units.push(unit);
      }
      previous = line;
    }
  }
  return units;
}

/** Longer paragraphs are cut: in a text without blank lines, the widest line would say nothing about the others. */
const MAX_PARAGRAPH_LINES = 1_000;

function splitParagraphs(source: string): TextSpan[][] {
  const paragraphs: TextSpan[][] = [];
  let open: TextSpan[] = [];
  const close = () => {
    if (open.length > 0) paragraphs.push(open);
    open = [];
  };
  for (const line of splitLines(source)) {
    if (isBlank(source, line)) close();
    else open.push(line);
    if (open.length === MAX_PARAGRAPH_LINES) close();
  }
  close();
  return paragraphs;
}

function* splitLines(source: string): Generator<TextSpan> {
  const breaks = /\r\n|[\n\r\u2028\u2029]/gu;
  let start = 0;
  for (const match of source.matchAll(breaks)) {
    yield { start, end: match.index };
    start = match.index + match[0].length;
  }
  yield { start, end: source.length };
}

function isBlank(source: string, { start, end }: TextSpan): boolean {
  return !/\S/u.test(source.slice(start, end));
}

/** Whether `line` continues the line before it: the previous line is unfinished, or too full for the next word. */
function wraps(source: string, before: TextSpan, line: TextSpan, width: number): boolean {
  const next = source.slice(line.start, line.end);
  const last = source.slice(before.start, before.end);
  if (LIST_MARKER.test(next) || isTableRow(next) || isTableRow(last)) return false;
  if (/^\s*#{1,6}\s/u.test(last)) return false;
  if (/^\s*\p{Ll}/u.test(next) || isUnfinished(last)) return true;
  if (width < MIN_WRAP_WIDTH) return false;
  const firstWord = next.trimStart().slice(0, MAX_FIRST_WORD_LENGTH).split(/\s/u, 1)[0] ?? "";
  return last.trimEnd().length + 1 + firstWord.length > width;
}

function isUnfinished(line: string): boolean {
  const joint = /(?:^|\s)(\p{Ll}{1,6})$/u.exec(line.trimEnd().slice(-10))?.[1];
  return /[,;]\s*$/u.test(line.slice(-10)) || (joint !== undefined && JOINING_WORDS.has(joint));
}

/** No sentence and no heading ends with one of these. */
const JOINING_WORDS = wordSet(
  `${SPANISH_ARTICLES} a al con de del desde e en entre hasta o para por que según sin sobre su sus un una y the an of and or to with from at by`,
);

export function isTableRow(line: string): boolean {
  return TABLE_ROW.test(line);
}

function withoutMarker(source: string, { start, end }: TextSpan): TextSpan {
  const marker = LIST_MARKER.exec(source.slice(start, end));
  return { start: start + (marker?.[0].length ?? 0), end };
}
