import { codePointLength, isAscii, splitsCharacter } from "./character-borders.ts";

/** `starts` and `ends` map each code unit of `folded` to the character of the text that it comes from. */
export type FoldedText = { folded: string; starts: number[]; ends: number[] };

/**
 * Folds case, accents, quotation marks, dashes and white space, in any script, and remembers where each character was.
 * A run of white space becomes one space; characters that do not show are dropped.
 */
export function foldWithOffsets(text: string): FoldedText {
  const codes: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let start = 0;
  while (start < text.length) {
    const end = endOfCharacter(text, start);
    const isSimple = end === start + 1 && isAscii(text.charCodeAt(start));
    const folded = isSimple
      ? foldAscii(text.charCodeAt(start))
      : foldCharacter(text.slice(start, end));
    if (typeof folded === "number") {
      codes.push(folded);
      starts.push(start);
      ends.push(end);
    } else {
      for (let index = 0; index < folded.length; index += 1) {
        codes.push(folded.charCodeAt(index));
        starts.push(start);
        ends.push(end);
      }
    }
    start = end;
  }
  return { folded: fromCodes(codes), starts, ends };
}

/** Trimmed, because a lone accent that is folded away can leave white space at the end. */
export function foldQuote(quote: string): string {
  return foldWithOffsets(quote).folded.trim();
}

/** A run of white space counts as one character. */
function endOfCharacter(text: string, start: number): number {
  let end = start;
  while (isSpace(text.charCodeAt(end))) end += 1;
  if (end > start) return end;
  end += codePointLength(text, start);
  while (end < text.length && extendsCharacter(text, end)) end += codePointLength(text, end);
  return end;
}

function extendsCharacter(text: string, offset: number): boolean {
  if (isAscii(text.charCodeAt(offset))) return false;
  return splitsCharacter(text, offset) || IGNORED.test(text.charAt(offset));
}

function isSpace(code: number): boolean {
  if (isAscii(code)) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return /\s/u.test(String.fromCharCode(code));
}

const QUOTE = "'";
const QUOTE_CODE = QUOTE.charCodeAt(0);
const ASCII_QUOTES = new Set(['"', "'", "`"].map((mark) => mark.charCodeAt(0)));

function foldAscii(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return code + 0x20;
  if (isSpace(code)) return 0x20;
  return ASCII_QUOTES.has(code) ? QUOTE_CODE : code;
}

/** Only accents that readers may leave out. The vowel signs of other scripts are letters. */
const ACCENTS =
  /[\u{300}-\u{36f}]|[\u{591}-\u{5c7}]|[\u{64b}-\u{65f}\u{670}]|[\u{1ab0}-\u{1aff}]|[\u{1dc0}-\u{1dff}]|[\u{20d0}-\u{20ff}]|[\u{fe20}-\u{fe2f}]/gu;
/** Soft hyphens, zero-width spaces, direction marks, variation selectors. */
const IGNORED = /[\u00ad\u200b\u200e\u200f\u2060]|[\u{fe00}-\u{fe0f}]/u;
const ALL_IGNORED = new RegExp(IGNORED, "gu");
const QUOTES = /[«»‘’‚‛“”„‟‹›′″´`"「」『』]/gu;
const DASHES = /[\p{Pd}\u2212]/gu;

function foldCharacter(character: string): string {
  if (/^\s/u.test(character)) return " ";
  return character
    .normalize("NFD")
    .toLowerCase()
    .normalize("NFD")
    .replace(ACCENTS, "")
    .replace(ALL_IGNORED, "")
    .replace(QUOTES, QUOTE)
    .replace(DASHES, "-")
    .replace("ς", "σ")
    .replace("…", "...");
}

/** Every runtime accepts this many arguments in one call. */
const CHUNK_CODES = 8_192;

function fromCodes(codes: readonly number[]): string {
  let text = "";
  for (let from = 0; from < codes.length; from += CHUNK_CODES) {
    text += String.fromCharCode(...codes.slice(from, from + CHUNK_CODES));
  }
  return text;
}
