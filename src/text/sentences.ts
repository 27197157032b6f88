import { FUNCTION_WORDS, fold } from "./words.ts";

/** `text` is exactly `source.slice(start, end)`: nothing is folded, and no blank stands at either end. */
export type Sentence = { text: string; start: number; end: number };

/**
 * The sentences of a text, in order. What is in doubt stays together: a sentence is never cut, two may now and then
 * come as one. Line breaks end a sentence only where the line does not just wrap; the marker of a list item belongs
 * to no sentence. Linear in the text.
 */
export function splitSentences(source: string): Sentence[] {
  const lowerCaseStarts = !/[.!?…]["»”)]{0,3}\s{1,20}[¿¡"«“(—–-]{0,3}\p{Lu}/u.test(source);
  return splitUnits(source).flatMap((unit) => splitUnit(source, unit, lowerCaseStarts));
}

type Span = { start: number; end: number };

// ---- Lines: which of them belong together

const LIST_MARKER =
  /^[\t \u00a0]*(?:[-*+•◦▪‣·–—>]|#{1,6}|\(?\d{1,3}[.)]|[a-z][.)]|[A-Z]\))[\t \u00a0]+(?=\S)|^[\t \u00a0]*[•◦▪‣](?=\S)/u;
const TABLE_ROW = /^\s*\|/u;
/** Nobody wraps prose narrower than this: shorter lines are lines of their own. */
const NARROWEST_WRAP_CHARACTERS = 40;
const LONGEST_FIRST_WORD_CHARACTERS = 40;

/** Paragraphs, headings and list items: the stretches that a sentence cannot leave. */
function splitUnits(source: string): Span[] {
  const units: Span[] = [];
  for (const paragraph of splitParagraphs(source)) {
    const width = Math.max(...paragraph.map(({ start, end }) => end - start));
    let unit: Span | undefined;
    let previous: Span | undefined;
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

/** A paragraph is cut after so many lines, which keeps the width of its lines meaningful in a text without blanks. */
const PARAGRAPH_LINES = 1_000;

function splitParagraphs(source: string): Span[][] {
  const paragraphs: Span[][] = [];
  let open: Span[] = [];
  const close = () => {
    if (open.length > 0) paragraphs.push(open);
    open = [];
  };
  for (const line of lines(source)) {
    if (isBlank(source, line)) close();
    else open.push(line);
    if (open.length === PARAGRAPH_LINES) close();
  }
  close();
  return paragraphs;
}

function* lines(source: string): Generator<Span> {
  const breaks = /\r\n|[\n\r\u2028\u2029]/gu;
  let start = 0;
  for (const match of source.matchAll(breaks)) {
    yield { start, end: match.index };
    start = match.index + match[0].length;
  }
  yield { start, end: source.length };
}

function isBlank(source: string, { start, end }: Span): boolean {
  return !/\S/u.test(source.slice(start, end));
}

/** Whether `line` carries on the sentence of the line before: that one is unfinished, or had no room for more. */
function wraps(source: string, before: Span, line: Span, width: number): boolean {
  const next = source.slice(line.start, line.end);
  const last = source.slice(before.start, before.end);
  if (LIST_MARKER.test(next) || TABLE_ROW.test(next) || TABLE_ROW.test(last)) return false;
  if (/^\s*#{1,6}\s/u.test(last)) return false;
  if (/^\s*\p{Ll}/u.test(next) || isUnfinished(last)) return true;
  if (width < NARROWEST_WRAP_CHARACTERS) return false;
  const firstWord =
    next.trimStart().slice(0, LONGEST_FIRST_WORD_CHARACTERS).split(/\s/u, 1)[0] ?? "";
  return last.trimEnd().length + 1 + firstWord.length > width;
}

function isUnfinished(line: string): boolean {
  const joint = /(?:^|\s)(\p{Ll}{1,6})$/u.exec(line.trimEnd().slice(-10))?.[1];
  return /[,;]\s*$/u.test(line.slice(-10)) || (joint !== undefined && JOINING_WORDS.has(joint));
}

/** No sentence and no heading ends with one of these. */
const JOINING_WORDS = new Set(
  "a al con de del desde e el en entre hasta la las los o para por que según sin sobre su sus un una y the an of and or to with from at by".split(
    " ",
  ),
);

function withoutMarker(source: string, { start, end }: Span): Span {
  const marker = LIST_MARKER.exec(source.slice(start, end));
  return { start: start + (marker?.[0].length ?? 0), end };
}

// ---- Sentences inside one unit

const WIDE_STOPS = "。！？｡";
/** A run of stops with what closes behind it; then a blank or the end, except after the wide stops of CJK. */
const STOP = /(?:[.!?…।॥؟۔]+|[。！？｡]+)[)\]}"'»”’›」』）*_]*/gu;

function splitUnit(source: string, unit: Span, lowerCaseStarts: boolean): Sentence[] {
  const text = source.slice(unit.start, unit.end);
  if (TABLE_ROW.test(text)) return toSentence(source, unit);
  const quoted = quotedSpans(text);
  const sentences: Sentence[] = [];
  let start = 0;
  let quote = 0;
  for (const stop of text.matchAll(STOP)) {
    const end = stop.index + stop[0].length;
    while ((quoted[quote]?.end ?? Infinity) <= end) quote += 1;
    const inQuote = (quoted[quote]?.start ?? Infinity) < stop.index;
    if (inQuote || !endsSentence(text, start, stop.index, end, lowerCaseStarts)) continue;
    sentences.push(...toSentence(source, { start: unit.start + start, end: unit.start + end }));
    start = end;
  }
  sentences.push(...toSentence(source, { start: unit.start + start, end: unit.end }));
  return sentences;
}

function toSentence(source: string, { start, end }: Span): Sentence[] {
  const raw = source.slice(start, end);
  const text = raw.trim();
  if (text === "") return [];
  const from = start + raw.indexOf(text);
  return [{ text, start: from, end: from + text.length }];
}

const PAIRS: Readonly<Record<string, string>> = {
  "(": ")",
  "[": "]",
  "«": "»",
  "“": "”",
  "「": "」",
};
/** A quotation or aside longer than this may be cut: what opened it was perhaps never closed. */
const LONGEST_QUOTE_CHARACTERS = 300;

/** Where brackets and quotation marks are open, outermost only, in order; `end` is just behind the closing mark. */
function quotedSpans(text: string): Span[] {
  const spans: Span[] = [];
  const open: { closer: string; start: number }[] = [];
  for (const { 0: mark, index } of text.matchAll(/[()[\]«»“”「」"]/gu)) {
    const last = open.at(-1);
    if (last?.closer === mark) {
      open.pop();
      if (index - last.start > LONGEST_QUOTE_CHARACTERS) continue;
      while ((spans.at(-1)?.start ?? -1) > last.start) spans.pop();
      spans.push({ start: last.start, end: index + 1 });
    } else if (mark === '"') {
      if (/^$|[\s([¿¡—–-]/u.test(text.slice(Math.max(0, index - 1), index))) {
        open.push({ closer: mark, start: index });
      }
    } else {
      const closer = PAIRS[mark];
      if (closer) open.push({ closer, start: index });
    }
  }
  return spans;
}

/** They stand before a name or its like and never end a sentence. */
const TITLES = new Set(
  "sr sra srta sres sras dr dra dres d dna prof profa lic ing arq excmo excma ilmo ilma mons hnos gral gob mr mrs ms messrs st hon sgt capt lt ej p.ej vs vid cf cfr avda c/ ctra pza urb dpto depto dept e.g i.e approx aprox".split(
    " ",
  ),
);
/** They stand before a number. */
const BEFORE_NUMBERS = new Set(
  "no nº n num art arts p pp pag pags cap vol tomo fig figs tab sec apdo ext tel tfno ref s ene feb mar abr ago sept oct nov dic jan apr jun jul aug dec".split(
    " ",
  ),
);
const NUMBER = /^[(+]?(?:\d|[IVXLC]{2,}\b|[VX]\b)/u;
/** They may end a sentence: it depends on what follows. */
const MAYBE_LAST = new Set(
  "etc a.m p.m am pm a.c d.c s.a s.l s.a.u s.l.u u.s u.s.a u.k u.n e.u ee.uu inc ltd corp co llc jr cia ud uds vd vds vs bros ph.d m.d b.a".split(
    " ",
  ),
);
const LONGEST_ABBREVIATION_CHARACTERS = 12;
/** In texts that never use capitals, a shorter word before a full stop may be an abbreviation that we do not know. */
const SURELY_A_WORD_CHARACTERS = 4;

/** Whether the run of stops text[stop..end) ends the sentence that begins at `start`. */
function endsSentence(
  text: string,
  start: number,
  stop: number,
  end: number,
  lowerCaseStarts: boolean,
): boolean {
  if (end === text.length) return true;
  const mark = text.charAt(stop);
  if (WIDE_STOPS.includes(mark)) return !/[」』）]\p{L}/u.test(text.slice(end - 1, end + 1));
  if (!/\s/u.test(text.charAt(end))) return false;
  if (/[([]/u.test(text.charAt(stop - 1))) return false;

  const next = nextVisible(text, end);
  if (next === "") return true;
  const plainStop = mark === "." && text.charAt(stop + 1) !== ".";
  const lowerCaseNext = /^[«"“'([*_¿¡—–-]{0,3}\s?\p{Ll}/u.test(next);
  if (!plainStop) return !lowerCaseNext || lowerCaseStarts;
  if (isListNumber(text, start, stop)) return false;

  const word = lastWord(text, start, stop);
  const abbreviation = fold(word);
  if (TITLES.has(abbreviation)) return false;
  if (BEFORE_NUMBERS.has(abbreviation) && NUMBER.test(next)) return false;
  if (
    MAYBE_LAST.has(abbreviation) ||
    /^(\p{Lu})\1$|^\p{Lu}(?:\.\p{Lu})*$|^\p{Lu}{2}\.\p{Lu}{2}$/u.test(word)
  ) {
    return startsWithFunctionWord(next) || (abbreviation === "etc" && !lowerCaseNext);
  }
  if (/\d$/u.test(word) && /^\d/u.test(next)) return false;
  if (/^[¿¡]/u.test(next)) return true;
  if (lowerCaseNext) return lowerCaseStarts && word.length >= SURELY_A_WORD_CHARACTERS;
  return !/^[,;:)]/u.test(next);
}

/** «3.» or «b.» with nothing before it numbers what follows. */
function isListNumber(text: string, start: number, stop: number): boolean {
  return stop - start <= 6 && /^\s*\(?(?:\d{1,3}|[a-z])$/u.test(text.slice(start, stop));
}

function nextVisible(text: string, from: number): string {
  return text
    .slice(from, from + 60)
    .trimStart()
    .slice(0, 30);
}

function lastWord(text: string, start: number, stop: number): string {
  const before = text.slice(Math.max(start, stop - LONGEST_ABBREVIATION_CHARACTERS - 1), stop);
  // «EE. UU.», «p. ej.», «a. m.» are one abbreviation each.
  const spaced = /(?:^|[\s([¿¡"«“])((?:\p{L}{1,2})\.\s\p{L}{1,2})$/u.exec(before)?.[1];
  const joined = spaced?.replace(/\s/u, "");
  if (joined && (TITLES.has(fold(joined)) || MAYBE_LAST.has(fold(joined)))) return joined;
  return /[^\s([¿¡"«“]*$/u.exec(before)?.[0] ?? "";
}

function startsWithFunctionWord(next: string): boolean {
  const word = /^[«"“'([¿¡—–-]{0,3}(\p{Lu}\p{L}*)/u.exec(next)?.[1];
  return word !== undefined && word.length > 1 && FUNCTION_WORDS.has(fold(word));
}
