import { TITLE_ABBREVIATIONS } from "../../text/abbreviations.ts";
import { fold } from "../../text/fold.ts";
import { textBefore, type TextSpan } from "../../text/spans.ts";
import { OF_WORDS, SPANISH_ARTICLES, wordSet } from "../../text/words.ts";

/** What stands between a word and the word before it: a space, an abbreviation point, «&», or anything else. */
type TokenLink = "space" | "point" | "ampersand" | "break";

export type NameToken = TextSpan & {
  text: string;
  folded: string;
  isCapitalised: boolean;
  isAllCaps: boolean;
  link: TokenLink;
  /** Its capital may only be due to its position. */
  startsSentence: boolean;
};

const WORD =
  /\p{L}[\p{L}\p{M}\p{N}]*(?:[-·][\p{L}\p{N}][\p{L}\p{M}\p{N}]*|['’]\p{L}{2}[\p{L}\p{M}\p{N}]*)*/gu;
const MAX_GAP_LENGTH = 6;

export function readTokens(text: string): NameToken[] {
  const tokens: NameToken[] = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const gap = text.slice(Math.max(end, index - MAX_GAP_LENGTH), index);
    tokens.push({
      start: index,
      end: index + word.length,
      text: word,
      folded: fold(word),
      isCapitalised: /^\p{Lu}/u.test(word) && !isPartOfCode(text, index, index + word.length),
      isAllCaps: /\p{Lu}.*\p{Lu}/u.test(word) && word === word.toUpperCase(),
      link: linkOf(gap, tokens.at(-1)),
      startsSentence: end === 0 || /[.!?¿¡:;\n\r"«“”'‘(\-—–•*>|\uFFFC…]/u.test(gap),
    });
    end = index + word.length;
  }
  return tokens;
}

/** «OPENAI_API_KEY», «@Marta», «2Ana». */
function isPartOfCode(text: string, start: number, end: number): boolean {
  return /[\p{N}_@#]$/u.test(textBefore(text, start, 1)) || text.charAt(end) === "_";
}

const ABBREVIATIONS = wordSet(`${TITLE_ABBREVIATIONS} da st sta`);

function linkOf(gap: string, previous: NameToken | undefined): TokenLink {
  if (!previous) return "break";
  if (/^[ \t\u00a0]{1,2}$/u.test(gap)) return "space";
  if (/^ ?& ?$/u.test(gap)) return "ampersand";
  const isAbbreviated = /^\p{Lu}$/u.test(previous.text) || ABBREVIATIONS.has(previous.folded);
  return isAbbreviated && /^\.[ \u00a0]?$/u.test(gap) ? "point" : "break";
}

/** `count` folded words from `at` with single spaces; undefined when anything else stands between them. */
export function foldedPhrase(
  tokens: readonly NameToken[],
  at: number,
  count: number,
): string | undefined {
  const words: string[] = [];
  for (const token of tokens.slice(at, at + count)) {
    if (words.length > 0 && token.link !== "space") return undefined;
    words.push(token.folded);
  }
  return words.length === count ? words.join(" ") : undefined;
}

/** The word before, when only a space or an abbreviation point stands between. */
export function wordBefore(tokens: readonly NameToken[], at: number): NameToken | undefined {
  const link = tokens[at]?.link;
  return link === "space" || link === "point" ? tokens[at - 1] : undefined;
}

/** The word at `end`, when only a space stands before it. */
export function wordAfter(tokens: readonly NameToken[], end: number): NameToken | undefined {
  const next = tokens[end];
  return next?.link === "space" ? next : undefined;
}

/** The end of the capitalised words that start at `at`, with single spaces between them. */
export function endOfCapitals(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
  maxWords = 4,
): number {
  let end = at;
  while (end < at + maxWords) {
    const token = tokens[end];
    if (!token?.isCapitalised || !isFree(end) || (end > at && token.link !== "space")) break;
    end += 1;
  }
  return end;
}

/** «de», «del», «of» and articles, inside names of places and organisations. */
export const NAME_PARTICLES = wordSet(`${OF_WORDS} ${SPANISH_ARTICLES}`);
const ARTICLES = wordSet(`${SPANISH_ARTICLES} the der den`);

/** The index of the capitalised word after «de», «del», «de la»…; undefined when there is none. */
export function skipParticle(
  tokens: readonly NameToken[],
  at: number,
  particles: ReadonlySet<string>,
): number | undefined {
  const first = tokens[at];
  if (!first || first.link !== "space" || !particles.has(first.text)) return undefined;
  const second = wordAfter(tokens, at + 1);
  const next = second && ARTICLES.has(second.text) ? at + 2 : at + 1;
  return wordAfter(tokens, next)?.isCapitalised ? next : undefined;
}

/** Token indexes, `end` exclusive. `endsAt` is the offset where a name ends that has more text after its last token. */
export type TokenRange = { first: number; end: number; endsAt?: number };
/** Whether a token belongs to no name yet. */
export type IsFree = (index: number) => boolean;

export function isAllFree(from: number, end: number, isFree: IsFree): boolean {
  for (let index = from; index < end; index += 1) if (!isFree(index)) return false;
  return true;
}
