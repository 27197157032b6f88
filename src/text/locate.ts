export type Place = { start: number; end: number };
type Places = Generator<Place, undefined>;

export type Locator = {
  /** Uses up the occurrence it finds. A quote that differs only in what is tolerated counts as the same quote. */
  next: (quote: string) => Place | undefined;
  /** The occurrence that a first `next` would find; uses none up. */
  find: (quote: string) => Place | undefined;
  /** Whether `find` finds one. */
  has: (quote: string) => boolean;
};

/**
 * Finds quotes in a text: exactly where possible, else with other case, accents, quotation marks, dashes or white space.
 * The same quote asked again finds its next occurrence, and undefined when none is left. An occurrence inside a word
 * («Ana» in «mañana») counts only when none stands on its own. Offsets are UTF-16 code units, never inside a character
 * that is written with several; the piece has no white space around it.
 */
export function createLocator(text: string): Locator {
  let folding: Folding | undefined;
  const foldOnce = (): Folding => (folding ??= foldText(text));
  const searches = new Map<string, Places>();
  const taken = new Map<string, Set<number>>();

  const next = (quote: string): Place | undefined => {
    const wanted = quote.trim();
    // Without letters to fold, what is left is told apart by its exact writing.
    const key = foldQuote(wanted) || wanted;
    const starts = taken.get(key) ?? new Set();
    taken.set(key, starts);
    const search = searches.get(wanted) ?? findPlaces(text, wanted, foldOnce);
    searches.set(wanted, search);
    for (let found = search.next(); !found.done; found = search.next()) {
      if (starts.has(found.value.start)) continue;
      starts.add(found.value.start);
      return found.value;
    }
    return undefined;
  };

  const find = (quote: string): Place | undefined => {
    const first = findPlaces(text, quote.trim(), foldOnce).next();
    return first.done ? undefined : first.value;
  };

  return { next, find, has: (quote) => find(quote) !== undefined };
}

/** The best first: those on word borders, exact before tolerant; those inside words only when there are no others. */
function* findPlaces(text: string, quote: string, foldOnce: () => Folding): Places {
  if (quote === "") return;
  let insideWords = 0;
  let onBorders = 0;
  const isOnBorders = (place: Place): boolean => {
    const cuts = cutsWords(text, place);
    if (cuts) insideWords += 1;
    else onBorders += 1;
    return !cuts;
  };
  for (const find of [findExact, findTolerant]) yield* find(text, quote, foldOnce, isOnBorders);
  if (onBorders > 0 || insideWords === 0) return;
  for (const find of [findExact, findTolerant]) yield* find(text, quote, foldOnce, () => true);
}

type Accept = (place: Place) => boolean;

function* findExact(text: string, quote: string, _foldOnce: () => Folding, accept: Accept): Places {
  let start = text.indexOf(quote);
  while (start !== -1) {
    const place = { start, end: start + quote.length };
    const isFound = !splits(text, place.start) && !splits(text, place.end) && accept(place);
    if (isFound) yield place;
    start = text.indexOf(quote, isFound ? place.end : start + 1);
  }
}

function* findTolerant(
  text: string,
  quote: string,
  foldOnce: () => Folding,
  accept: Accept,
): Places {
  const wanted = foldQuote(quote);
  if (wanted === "") return;
  const { folded, starts, ends } = foldOnce();
  const isBorder = (index: number) => starts[index] !== starts[index - 1];
  let from = folded.indexOf(wanted);
  while (from !== -1) {
    const to = from + wanted.length;
    const place = { start: starts[from] ?? 0, end: ends[to - 1] ?? text.length };
    const isFound = isBorder(from) && isBorder(to) && accept(place);
    if (isFound) yield place;
    from = folded.indexOf(wanted, isFound ? to : from + 1);
  }
}

// ---- Borders

function cutsWords(text: string, { start, end }: Place): boolean {
  return isInsideWord(text, start) || isInsideWord(text, end);
}

/** What belongs to the character before it: marks, skin tones, emoji tags, joiners. */
const EXTENDING = /[\p{M}\p{EMod}\u{200c}\u{e0020}-\u{e007f}]|\u{200d}/u;
/** Nothing attaches to these. */
const STANDS_ALONE = /[\s\p{Cc}\p{Cs}\u00ad\u200b\u200e\u200f\u2060]/u;
const PICTURE = /\p{ExtPict}/u;
const JOINER = "\u200d";
const WORD_CHARACTER = /[\p{L}\p{M}\p{N}]/u;
/** Written without blanks between words, so that every place may be a border. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether `offset` stands between the parts of one character. */
function splits(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  if (isAscii(text.charCodeAt(offset))) return false;
  if (isLowSurrogate(text, offset) && isHighSurrogate(text, offset - 1)) return true;
  const before = characterBefore(text, offset);
  const after = characterAt(text, offset);
  if (EXTENDING.test(after)) return !STANDS_ALONE.test(before);
  return before === JOINER && PICTURE.test(after) && isBehindPicture(text, offset - 1);
}

/** More than any emoji has. */
const MOST_EXTENDERS = 8;

/** Whether only what extends it stands between a picture and `offset`. */
function isBehindPicture(text: string, offset: number): boolean {
  let before = characterBefore(text, offset);
  let start = offset - before.length;
  for (let skipped = 0; skipped < MOST_EXTENDERS && EXTENDING.test(before); skipped += 1) {
    before = characterBefore(text, start);
    start -= before.length;
  }
  return PICTURE.test(before);
}

function isInsideWord(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  const before = characterBefore(text, offset);
  const after = characterAt(text, offset);
  if (!WORD_CHARACTER.test(before) || !WORD_CHARACTER.test(after)) return false;
  return !UNSPACED.test(before) && !UNSPACED.test(after);
}

function characterAt(text: string, offset: number): string {
  return String.fromCodePoint(text.codePointAt(offset) ?? 0);
}

function characterBefore(text: string, offset: number): string {
  const isPair = isLowSurrogate(text, offset - 1) && isHighSurrogate(text, offset - 2);
  return text.slice(offset - (isPair ? 2 : 1), offset);
}

function isHighSurrogate(text: string, offset: number): boolean {
  return (text.charCodeAt(offset) & 0xfc00) === 0xd800;
}

function isLowSurrogate(text: string, offset: number): boolean {
  return (text.charCodeAt(offset) & 0xfc00) === 0xdc00;
}

function isAscii(code: number): boolean {
  return code < 0x80;
}

// ---- Folding

/** For each code unit of `folded`, where the character that it comes from starts and ends in the text. */
type Folding = { folded: string; starts: number[]; ends: number[] };

function foldText(text: string): Folding {
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
  return { folded: toText(codes), starts, ends };
}

/** An accent that is folded away may leave the white space before it at the end. */
function foldQuote(quote: string): string {
  return foldText(quote).folded.trim();
}

/** A run of white space is one character here. */
function endOfCharacter(text: string, start: number): number {
  let end = start;
  while (isSpace(text.charCodeAt(end))) end += 1;
  if (end > start) return end;
  end += lengthAt(text, start);
  while (end < text.length && belongsBefore(text, end)) end += lengthAt(text, end);
  return end;
}

function belongsBefore(text: string, offset: number): boolean {
  if (isAscii(text.charCodeAt(offset))) return false;
  return splits(text, offset) || IGNORED.test(text.charAt(offset));
}

function lengthAt(text: string, offset: number): number {
  return isHighSurrogate(text, offset) && isLowSurrogate(text, offset + 1) ? 2 : 1;
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

/** Accents of the alphabets that can be read without them; the vowel signs of others are letters. */
const ACCENTS =
  /[\u{300}-\u{36f}]|[\u{591}-\u{5c7}]|[\u{64b}-\u{65f}\u{670}]|[\u{1ab0}-\u{1aff}]|[\u{1dc0}-\u{1dff}]|[\u{20d0}-\u{20ff}]|[\u{fe20}-\u{fe2f}]/gu;
/** Soft hyphens, zero-width blanks, marks of direction, variation selectors. */
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

/** As many as a call takes as arguments everywhere. */
const CHUNK_CODES = 8_192;

function toText(codes: number[]): string {
  let text = "";
  for (let from = 0; from < codes.length; from += CHUNK_CODES) {
    text += String.fromCharCode(...codes.slice(from, from + CHUNK_CODES));
  }
  return text;
}
