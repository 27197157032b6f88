import { TITLE_ABBREVIATIONS } from "../../text/abbreviations.ts";
import { splitSentences } from "../../text/sentences.ts";
import { wordSet } from "../../text/words.ts";

/**
 * Whether the text is complete: it ends with a sentence, a list item (in a list without full stops), a table row, a
 * closed code block or a signature. It is not complete in the middle of a clause, after a heading, after an abbreviation
 * that needs another word, or when it is empty.
 */
export function isComplete(text: string): boolean {
  return openFenceStart(text) === undefined && isCompleteAt(text, text.length);
}

/**
 * The longest beginning of the text that is complete, without trailing white space; "" when there is none. If
 * unsure, it drops the last sentence.
 */
export function trimToComplete(text: string): string {
  const end = openFenceStart(text) ?? text.length;
  if (isCompleteAt(text, end)) return text.slice(0, end).trimEnd();
  const sentences = splitSentences(text.slice(0, end));
  const last = sentences.findLast((sentence) => isCompleteAt(text, sentence.end));
  return last ? text.slice(0, last.end) : "";
}

/** Where a code block starts that is never closed. */
function openFenceStart(text: string): number | undefined {
  let open: { mark: string; start: number } | undefined;
  for (const fence of text.matchAll(/^[\t >]{0,12}(`{3,}|~{3,})([^\n]*)/gmu)) {
    const [, mark = "", rest = ""] = fence;
    if (!open) open = { mark, start: fence.index };
    else if (mark.startsWith(open.mark) && rest.trim() === "") open = undefined;
  }
  return open?.start;
}

/** Enough for the last lines; the text before them does not matter. */
const MAX_TAIL_CHARS = 2_000;

function isCompleteAt(text: string, end: number): boolean {
  const tail = text.slice(Math.max(0, end - MAX_TAIL_CHARS), end).trimEnd();
  const last = lastLine(tail).trim();
  if (last === "" || HEADING.test(last) || EMPTY_ITEM.test(last)) return false;
  if (last.startsWith("|")) return isCompleteRow(last, toLines(tail).at(-2)?.trim() ?? "");
  if (/^(?:`{3,}|~{3,})$/u.test(last)) return true;
  const bare = withoutClosers(last);
  if (BLOCK_CLOSING_TAG.test(last)) return true;
  if (bare === "") return PICTURE.test(last);
  if (STOP.test(bare)) return !isAbbreviation(bare);
  if (SCRIPT_WITHOUT_STOPS.test(bare)) return true;
  if (isUnfinished(bare)) return false;
  if (EMOJI_AT_END.test(last)) return true;
  const lines = toLines(tail);
  return endsListWithoutStops(lines) || endsWithSignature(lines);
}

function lastLine(text: string): string {
  let start = text.length;
  while (start > 0 && !LINE_BREAKS.includes(text.charAt(start - 1))) start -= 1;
  return text.slice(start);
}

function toLines(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/u);
}

const LINE_BREAKS = "\n\r\u2028\u2029";
const HEADING = /^[>\s]{0,8}#{1,6}\s/u;
const EMPTY_ITEM = /^[>\s]{0,8}(?:[-*+•◦▪‣]|\(?\d{1,3}[.)])$/u;
const STOP = /[.!?…।॥؟۔።။។‽。！？｡]$/u;
/** Thai and Lao use no full stops. */
const SCRIPT_WITHOUT_STOPS = /[\p{Script=Thai}\p{Script=Lao}]$/u;
const CLOSER =
  /[\s"'”’»›)\]}」』）】〉》*_~`\p{ExtPict}\p{EMod}\p{Regional_Indicator}\u{fe0e}\u{fe0f}\u{20e3}]|\u{200d}/u;
const CLOSING_TAGS = /(?:<\/[a-z][\w-]{0,30}>){1,20}$|<br\s?\/?>$/iu;
const BLOCK_CLOSING_TAG =
  /<\/(?:p|li|ul|ol|dl|dd|td|tr|tbody|table|div|section|article|footer|blockquote|pre|body|html)>$/iu;
const PICTURE = /[\p{ExtPict}\p{Regional_Indicator}]/u;
const EMOJI_AT_END = /[\p{ExtPict}\p{Regional_Indicator}]\p{EMod}?\u{fe0f}?[\s)*_]{0,3}$/u;

/** The line without the quotation marks, brackets, emphasis, tags and emoji that may follow a full stop. */
function withoutClosers(line: string): string {
  const characters = Array.from(line.replace(CLOSING_TAGS, ""));
  let length = characters.length;
  while (length > 0 && CLOSER.test(characters[length - 1] ?? "")) length -= 1;
  return characters.slice(0, length).join("");
}

function isCompleteRow(row: string, before: string): boolean {
  const bars = (line: string) => line.split("|").length;
  return (
    row.length > 1 && row.endsWith("|") && (!before.startsWith("|") || bars(before) === bars(row))
  );
}

/** Abbreviations that another word must follow. Those that are also words («no», «mar», «cap») are left out. */
const NEVER_LAST = wordSet(
  `${TITLE_ABBREVIATIONS} dres dna gral gob messrs capt ej p.ej vs cf cfr avda ctra nº núm num art arts pág págs pag pags pp vol fig figs apdo tel tfno ref dpto approx aprox e.g i.e ene feb abr ago sept oct nov dic`,
);
const SPACED_ABBREVIATION = /(?:^|[\s(«"“¿¡])(p\.\s?ej|e\.\s?g|i\.\s?e)\.$/iu;

function isAbbreviation(line: string): boolean {
  if (!line.endsWith(".") || line.endsWith("..")) return false;
  const text = line.slice(-80);
  if (/^[>\s]{0,8}\(?\d{1,3}\.$/u.test(line) || SPACED_ABBREVIATION.test(text)) return true;
  const words = text.slice(0, -1).split(/[\s("“«¿¡[]+/u);
  const word = words.at(-1) ?? "";
  if (/^\p{Lu}$/u.test(word)) return isInitial(words.at(-2));
  return NEVER_LAST.has(word.toLowerCase());
}

/** «J.» before a name is an initial; «vitamina C.» and «plan B.» end a sentence. */
function isInitial(before: string | undefined): boolean {
  return before === undefined || !/^\p{Ll}{4,}$/u.test(before) || BEFORE_NAMES.has(before);
}

const BEFORE_NAMES = wordSet("para según sobre desde hasta contra entre ante from with");

/** Articles, prepositions and conjunctions: no sentence ends with one of these. */
const JOINING_WORDS = wordSet(
  "a al ante bajo con de del desde e el en entre hacia hasta la las los mi ni o para pero por porque que según sin sobre su sus tu u un una unas unos y the an and but for from of or to with at by",
);

function isUnfinished(line: string): boolean {
  if (/[-,;:(¿¡[{«“/–—&+=<]$/u.test(line)) return true;
  const word = /(?:^|\s)(\p{Ll}{1,6})$/u.exec(line.slice(-8))?.[1];
  return word !== undefined && JOINING_WORDS.has(word);
}

const LIST_ITEM = /^[>\s]{0,24}(?:[-*+•◦▪‣–—]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+\S/u;

/** Whether the last line belongs to a list whose previous item, if any, has no full stop either. */
function endsListWithoutStops(lines: readonly string[]): boolean {
  const item = startOfItem(lines, lines.length - 1);
  if (item === undefined) return false;
  let before = item - 1;
  while (before >= 0 && isBlank(lines[before])) before -= 1;
  if (startOfItem(lines, before) === undefined) return true;
  return !/[.!?…;,。！？]$/u.test(withoutClosers(lines[before]?.trim() ?? ""));
}

/** The index of the line with the marker of the item that the line at `index` belongs to. */
function startOfItem(lines: readonly string[], index: number): number | undefined {
  for (let at = index; at >= 0 && !isBlank(lines[at]); at -= 1) {
    if (LIST_ITEM.test(lines[at] ?? "")) return at;
  }
  return undefined;
}

const MAX_SIGNATURE_LINES = 6;
const MAX_SIGNATURE_LINE_CHARS = 60;
const FAREWELL =
  /^\P{L}{0,3}(?:(?:un|reciba|recibe|muchos?|muchas)\s.{0,30})?(?:saludos?|abrazos?|besos?|atentamente|cordialmente|gracias|regards|sincerely|best|cheers|thanks)(?!\p{L})/iu;

/** «Un saludo, / Ana Pérez / Directora»: short lines after a farewell. */
function endsWithSignature(lines: readonly string[]): boolean {
  const shown = lines.filter((line) => !isBlank(line)).slice(-MAX_SIGNATURE_LINES);
  const below = shown.findLastIndex((line) => isFarewell(line.trim()));
  if (below === -1) return false;
  return shown
    .slice(below)
    .every((line) => line.trim().length <= MAX_SIGNATURE_LINE_CHARS && !LIST_ITEM.test(line));
}

function isFarewell(line: string): boolean {
  return line.length <= MAX_SIGNATURE_LINE_CHARS && FAREWELL.test(line);
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === "";
}
