import { fold } from "../../text/fold.ts";

/** How a word follows the one before: across one blank, behind the point of an abbreviation, behind «&», or not at all. */
type Link = "blank" | "point" | "ampersand" | "break";

export type NameToken = {
  start: number;
  end: number;
  text: string;
  key: string;
  capital: boolean;
  allCaps: boolean;
  link: Link;
  /** It may owe its capital to its place alone. */
  startsSentence: boolean;
};

const WORD =
  /\p{L}[\p{L}\p{M}\p{N}]*(?:[-·][\p{L}\p{N}][\p{L}\p{M}\p{N}]*|['’]\p{L}{2}[\p{L}\p{M}\p{N}]*)*/gu;
const LONGEST_GAP_CHARACTERS = 6;

export function readTokens(text: string): NameToken[] {
  const tokens: NameToken[] = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const gap = text.slice(Math.max(end, index - LONGEST_GAP_CHARACTERS), index);
    tokens.push({
      start: index,
      end: index + word.length,
      text: word,
      key: fold(word),
      capital: /^\p{Lu}/u.test(word) && !isPartOfCode(text, index, index + word.length),
      allCaps: /\p{Lu}.*\p{Lu}/u.test(word) && word === word.toUpperCase(),
      link: linkOf(gap, tokens.at(-1)),
      startsSentence: end === 0 || /[.!?¿¡:;\n\r"«“”'‘(\-—–•*>|\uFFFC…]/u.test(gap),
    });
    end = index + word.length;
  }
  return tokens;
}

/** «OPENAI_API_KEY», «@Marta», «2Ana». */
function isPartOfCode(text: string, start: number, end: number): boolean {
  return /[\p{N}_@#]$/u.test(text.slice(Math.max(0, start - 1), start)) || text.charAt(end) === "_";
}

const ABBREVIATIONS = new Set(
  "sr sra srta sres sras dr dra d da mr mrs ms prof profa lic ing arq excmo excma ilmo ilma mons hon st sta".split(
    " ",
  ),
);

function linkOf(gap: string, previous: NameToken | undefined): Link {
  if (!previous) return "break";
  if (/^[ \t\u00a0]{1,2}$/u.test(gap)) return "blank";
  if (/^ ?& ?$/u.test(gap)) return "ampersand";
  const short = /^\p{Lu}$/u.test(previous.text) || ABBREVIATIONS.has(previous.key);
  return short && /^\.[ \u00a0]?$/u.test(gap) ? "point" : "break";
}

/** The keys of `count` words from `at`, with single blanks, or undefined where they are not linked. */
export function keyOf(tokens: readonly NameToken[], at: number, count: number): string | undefined {
  const keys: string[] = [];
  for (const token of tokens.slice(at, at + count)) {
    if (keys.length > 0 && token.link !== "blank") return undefined;
    keys.push(token.key);
  }
  return keys.length === count ? keys.join(" ") : undefined;
}

/** The word before, when nothing but a blank or the point of an abbreviation stands between. */
export function before(tokens: readonly NameToken[], at: number): NameToken | undefined {
  const link = tokens[at]?.link;
  return link === "blank" || link === "point" ? tokens[at - 1] : undefined;
}

export function behind(tokens: readonly NameToken[], end: number): NameToken | undefined {
  const next = tokens[end];
  return next?.link === "blank" ? next : undefined;
}

/** Where the capitals that begin at `at` end: words linked by blanks, at most `most` of them. */
export function endOfCapitals(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
  most = 4,
): number {
  let end = at;
  while (end < at + most) {
    const token = tokens[end];
    if (!token?.capital || !isFree(end) || (end > at && token.link !== "blank")) break;
    end += 1;
  }
  return end;
}

const ARTICLES = new Set(["la", "el", "los", "las", "the", "der", "den"]);

/** Past «de», «del», «de la»…, to the capital behind; undefined when there is none. */
export function skipParticle(
  tokens: readonly NameToken[],
  at: number,
  particles: ReadonlySet<string>,
): number | undefined {
  const first = tokens[at];
  if (!first || first.link !== "blank" || !particles.has(first.text)) return undefined;
  const second = behind(tokens, at + 1);
  const next = second && ARTICLES.has(second.text) ? at + 2 : at + 1;
  return behind(tokens, next)?.capital ? next : undefined;
}

/** Words from `first` up to but without `end`; `endsAt` where the name ends behind the last of them. */
export type NameRange = { first: number; end: number; endsAt?: number };
/** Whether a word is still of no name. */
export type IsFree = (index: number) => boolean;

export function isAllFree(from: number, end: number, isFree: IsFree): boolean {
  for (let index = from; index < end; index += 1) if (!isFree(index)) return false;
  return true;
}
