/**
 * Where characters and words begin and end. A character as people see it may take several UTF-16 code units: surrogate
 * pairs, combining marks, emoji sequences.
 */

/** Attached to the character before it: combining marks, skin tones, emoji tags, joiners. */
const EXTENDER = /[\p{M}\p{EMod}\u{200c}\u{e0020}-\u{e007f}]|\u{200d}/u;
/** No extender attaches to these. */
const STANDS_ALONE = /[\s\p{Cc}\p{Cs}\u00ad\u200b\u200e\u200f\u2060]/u;
const PICTURE = /\p{ExtPict}/u;
const JOINER = "\u200d";
const WORD_CHARACTER = /[\p{L}\p{M}\p{N}]/u;
/** Scripts without spaces between words: every offset can be a word border. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

export function splitsCharacter(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  if (isAscii(text.charCodeAt(offset))) return false;
  if (isLowSurrogate(text, offset) && isHighSurrogate(text, offset - 1)) return true;
  const before = codePointBefore(text, offset);
  const after = codePointAt(text, offset);
  if (EXTENDER.test(after)) return !STANDS_ALONE.test(before);
  return before === JOINER && PICTURE.test(after) && followsPicture(text, offset - 1);
}

export function splitsWord(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  const before = codePointBefore(text, offset);
  const after = codePointAt(text, offset);
  if (!WORD_CHARACTER.test(before) || !WORD_CHARACTER.test(after)) return false;
  return !UNSPACED.test(before) && !UNSPACED.test(after);
}

/** Code units of the code point at `offset`: 1 or 2. */
export function codePointLength(text: string, offset: number): 1 | 2 {
  return isHighSurrogate(text, offset) && isLowSurrogate(text, offset + 1) ? 2 : 1;
}

export function isAscii(code: number): boolean {
  return code < 0x80;
}

/** No emoji has more. */
const MAX_EXTENDERS = 8;

/** Whether a picture stands before `offset`, with only extenders between. */
function followsPicture(text: string, offset: number): boolean {
  let before = codePointBefore(text, offset);
  let start = offset - before.length;
  for (let skipped = 0; skipped < MAX_EXTENDERS && EXTENDER.test(before); skipped += 1) {
    before = codePointBefore(text, start);
    start -= before.length;
  }
  return PICTURE.test(before);
}

function codePointAt(text: string, offset: number): string {
  return String.fromCodePoint(text.codePointAt(offset) ?? 0);
}

function codePointBefore(text: string, offset: number): string {
  const isPair = isLowSurrogate(text, offset - 1) && isHighSurrogate(text, offset - 2);
  return text.slice(offset - (isPair ? 2 : 1), offset);
}

function isHighSurrogate(text: string, offset: number): boolean {
  return (text.charCodeAt(offset) & 0xfc00) === 0xd800;
}

function isLowSurrogate(text: string, offset: number): boolean {
  return (text.charCodeAt(offset) & 0xfc00) === 0xdc00;
}
