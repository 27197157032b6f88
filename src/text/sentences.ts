import { TITLE_ABBREVIATIONS } from "./abbreviations.ts";
import { SHORT_MONTHS } from "./calendar-words.ts";
import { fold } from "./fold.ts";
import type { TextSpan } from "./spans.ts";
import { isTableRow, splitUnits } from "./text-units.ts";
import { FUNCTION_WORDS, wordSet } from "./words.ts";

/** `text` is exactly `source.slice(start, end)`, without white space at either end. */
export type Sentence = TextSpan & { text: string };

/**
 * The sentences of a text, in order. If unsure, it does not split: a sentence is never cut, but two may be returned as one.
 * A line break ends a sentence unless the line only wraps. List markers belong to no sentence. Linear in the text.
 */
export function splitSentences(source: string): Sentence[] {
  const lowerCaseStarts = !/[.!?…]["»”)]{0,3}\s{1,20}[¿¡"«“(—–-]{0,3}\p{Lu}/u.test(source);
  return splitUnits(source).flatMap((unit) => splitUnit(source, unit, lowerCaseStarts));
}

const WIDE_STOPS = "。！？｡";
/** A run of stops and the closing marks after it. White space or the end must follow, except after wide CJK stops. */
const STOP = /(?:[.!?…।॥؟۔]+|[。！？｡]+)[)\]}"'»”’›」』）*_]*/gu;

function splitUnit(source: string, unit: TextSpan, lowerCaseStarts: boolean): Sentence[] {
  const text = source.slice(unit.start, unit.end);
  if (isTableRow(text)) return toSentence(source, unit);
  const quoted = quotedSpans(text);
  const sentences: Sentence[] = [];
  let start = 0;
  let quote = 0;
  for (const stop of text.matchAll(STOP)) {
    const end = stop.index + stop[0].length;
    while ((quoted[quote]?.end ?? Infinity) <= end) quote += 1;
    const inQuote = (quoted[quote]?.start ?? Infinity) < stop.index;
    if (inQuote || !endsSentence(text, { start, stop: stop.index, end }, lowerCaseStarts)) continue;
    sentences.push(...toSentence(source, { start: unit.start + start, end: unit.start + end }));
    start = end;
  }
  sentences.push(...toSentence(source, { start: unit.start + start, end: unit.end }));
  return sentences;
}

function toSentence(source: string, { start, end }: TextSpan): Sentence[] {
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
/** Longer quotations are ignored, because their opening mark may never have been closed. */
const MAX_QUOTE_LENGTH = 300;

/** Bracketed and quoted spans with their marks, outermost only, in order. */
function quotedSpans(text: string): TextSpan[] {
  const spans: TextSpan[] = [];
  const open: { closer: string; start: number }[] = [];
  for (const { 0: mark, index } of text.matchAll(/[()[\]«»“”「」"]/gu)) {
    const last = open.at(-1);
    if (last?.closer === mark) {
      open.pop();
      if (index - last.start > MAX_QUOTE_LENGTH) continue;
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

/** Abbreviations that never end a sentence: a name or another word follows. */
const NEVER_LAST = wordSet(
  `${TITLE_ABBREVIATIONS} dres dna hnos gral gob messrs st sgt capt lt ej p.ej vs vid cf cfr avda c/ ctra pza urb dpto depto dept e.g i.e approx aprox`,
);
/** These may end a sentence even before a number: «May» is also a whole word. */
const MONTHS_THAT_END = wordSet("may sep");
/** Abbreviations that never end a sentence when a number follows. */
const BEFORE_NUMBERS = new Set([
  ..."no nº n num art arts p pp pag pags cap vol tomo fig figs tab sec apdo ext tel tfno ref s".split(
    " ",
  ),
  ...SHORT_MONTHS.filter((month) => !MONTHS_THAT_END.has(month)),
]);
const NUMBER = /^[(+]?(?:\d|[IVXLC]{2,}\b|[VX]\b)/u;
/** Abbreviations that may end a sentence, depending on the next word. */
const MAYBE_LAST = wordSet(
  "etc a.m p.m am pm a.c d.c s.a s.l s.a.u s.l.u u.s u.s.a u.k u.n e.u ee.uu inc ltd corp co llc jr cia ud uds vd vds vs bros ph.d m.d b.a",
);
/** «EE», «J.R.R», «EE.UU», without their last point. */
const INITIALS = /^(\p{Lu})\1$|^\p{Lu}(?:\.\p{Lu})*$|^\p{Lu}{2}\.\p{Lu}{2}$/u;
const MAX_ABBREVIATION_LENGTH = 12;
/** In a text without capitals, a shorter word before a full stop may be an unlisted abbreviation. */
const MIN_WORD_LENGTH = 4;

/** Whether the run of stops text[stop..end) ends the sentence that starts at `start`. */
function endsSentence(
  text: string,
  { start, stop, end }: { start: number; stop: number; end: number },
  lowerCaseStarts: boolean,
): boolean {
  if (end === text.length) return true;
  const mark = text.charAt(stop);
  if (WIDE_STOPS.includes(mark)) return !/[」』）]\p{L}/u.test(text.slice(end - 1, end + 1));
  if (!/\s/u.test(text.charAt(end))) return false;
  if (/[([]/u.test(text.charAt(stop - 1))) return false;

  const next = nextVisible(text, end);
  if (next === "") return true;
  const isFullStop = mark === "." && text.charAt(stop + 1) !== ".";
  if (!isFullStop) return !startsInLowerCase(next) || lowerCaseStarts;
  if (isListNumber(text, start, stop)) return false;
  return endsAfterWord(lastWord(text, start, stop), next, lowerCaseStarts);
}

/** Whether a full stop between these two ends the sentence. */
function endsAfterWord(word: string, next: string, lowerCaseStarts: boolean): boolean {
  const folded = fold(word);
  if (NEVER_LAST.has(folded)) return false;
  if (BEFORE_NUMBERS.has(folded) && NUMBER.test(next)) return false;
  if (MAYBE_LAST.has(folded) || INITIALS.test(word)) {
    return startsWithFunctionWord(next) || (folded === "etc" && !startsInLowerCase(next));
  }
  if (/\d$/u.test(word) && /^\d/u.test(next)) return false;
  if (/^[¿¡]/u.test(next)) return true;
  if (startsInLowerCase(next)) return lowerCaseStarts && word.length >= MIN_WORD_LENGTH;
  return !/^[,;:)]/u.test(next);
}

function startsInLowerCase(next: string): boolean {
  return /^[«"“'([*_¿¡—–-]{0,3}\s?\p{Ll}/u.test(next);
}

/** «3.» or «b.» at the start of a sentence is a list number. */
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
  const before = text.slice(Math.max(start, stop - MAX_ABBREVIATION_LENGTH - 1), stop);
  // «EE. UU.», «p. ej.», «a. m.» are one abbreviation each.
  const spaced = /(?:^|[\s([¿¡"«“])((?:\p{L}{1,2})\.\s\p{L}{1,2})$/u.exec(before)?.[1];
  const joined = spaced?.replace(/\s/u, "");
  if (joined && (NEVER_LAST.has(fold(joined)) || MAYBE_LAST.has(fold(joined)))) return joined;
  return /[^\s([¿¡"«“]*$/u.exec(before)?.[0] ?? "";
}

function startsWithFunctionWord(next: string): boolean {
  const word = /^[«"“'([¿¡—–-]{0,3}(\p{Lu}\p{L}*)/u.exec(next)?.[1];
  return word !== undefined && word.length > 1 && FUNCTION_WORDS.has(fold(word));
}
