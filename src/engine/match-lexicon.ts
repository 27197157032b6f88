import type { Lexicon } from "./lexicon.ts";
import { fold } from "../text/fold.ts";
import type { TextSpan } from "../text/spans.ts";

export type LexiconToken = TextSpan & {
  /** Lower case, with its accents. */
  lower: string;
  folded: string;
  /** After punctuation or an empty line. No expression and no negation crosses it. */
  afterBreak: boolean;
};

/** An expression found in a text, at tokens[first..end). */
export type LexiconMatch<Label> = {
  label: Label;
  weight: number;
  expression: number;
  first: number;
  end: number;
};

type WordPattern = { text: string; match: "exact" | "prefix" | "suffix" | "number" };
/** Null is a gap of up to MAX_GAP_WORDS words. */
type ExpressionElement = readonly WordPattern[] | null;
type Expression<Label> = {
  id: number;
  label: Label | null;
  weight: number;
  /** The elements after the first. */
  rest: readonly ExpressionElement[];
};

/** A lexicon by the first word of its expressions. */
type LexiconIndex<Label> = {
  exact: ReadonlyMap<string, readonly Expression<Label>[]>;
  prefix: ReadonlyMap<string, readonly Expression<Label>[]>;
  suffix: ReadonlyMap<string, readonly Expression<Label>[]>;
};

const MAX_GAP_WORDS = 2;
const MAX_AFFIX_LENGTH = 16;

const WORD_OR_SIGN = /[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)?|[?？%]/gu;
const BREAK = /[.,;:!?¿¡()«»"“”]|\n\s*\n/u;
/** Of the text between two words, only this much is searched for a break. */
const MAX_GAP_LENGTH = 40;

export function tokenise(text: string): LexiconToken[] {
  const tokens: LexiconToken[] = [];
  let reached = 0;
  for (const { 0: word, index } of text.matchAll(WORD_OR_SIGN)) {
    const lower = word.toLowerCase().replace("’", "'");
    const between = text.slice(reached, Math.min(index, reached + MAX_GAP_LENGTH));
    reached = index + word.length;
    tokens.push({
      lower,
      folded: fold(lower),
      start: index,
      end: reached,
      afterBreak: BREAK.test(between),
    });
  }
  return tokens;
}

export function indexLexicon<Label extends string>(lexicon: Lexicon<Label>): LexiconIndex<Label> {
  const exact = new Map<string, Expression<Label>[]>();
  const prefix = new Map<string, Expression<Label>[]>();
  const suffix = new Map<string, Expression<Label>[]>();
  let id = 0;
  for (const [label, weight, expressions] of lexicon) {
    for (const source of expressions.split(",")) {
      const [first, ...rest] = source.trim().split(/\s+/u).map(parseElement);
      id += 1;
      for (const { text, match } of first ?? []) {
        const map = { exact, prefix, suffix, number: exact }[match];
        map.set(text, [...(map.get(text) ?? []), { id, label, weight, rest }]);
      }
    }
  }
  return { exact, prefix, suffix };
}

function parseElement(source: string): ExpressionElement {
  if (source === "_") return null;
  return source.split("|").map((word): WordPattern => {
    if (word === "#") return { text: "", match: "number" };
    if (word.endsWith("*")) return { text: word.slice(0, -1), match: "prefix" };
    if (word.startsWith("*")) return { text: word.slice(1), match: "suffix" };
    return { text: word, match: "exact" };
  });
}

/** The expressions of a text, in order and without overlaps. At each word the longest wins, then the heaviest. */
export function findMatches<Label>(
  tokens: readonly LexiconToken[],
  index: LexiconIndex<Label>,
): LexiconMatch<Label>[] {
  const matches: LexiconMatch<Label>[] = [];
  let at = 0;
  while (at < tokens.length) {
    const { expression, end } = findBestMatch(tokens, at, index);
    if (expression && expression.label !== null) {
      const { id, label, weight } = expression;
      matches.push({ label, weight, expression: id, first: at, end });
    }
    at = end;
  }
  return matches;
}

function findBestMatch<Label>(
  tokens: readonly LexiconToken[],
  at: number,
  index: LexiconIndex<Label>,
): { expression: Expression<Label> | undefined; end: number } {
  let best: Expression<Label> | undefined;
  let bestEnd = at + 1;
  for (const expression of startingWith(tokens[at], index)) {
    const end = matchRest(tokens, at + 1, expression.rest, 0);
    if (end === undefined || end < bestEnd) continue;
    if (best && end === bestEnd && expression.weight <= best.weight && expression.label !== null)
      continue;
    [best, bestEnd] = [expression, end];
  }
  return { expression: best, end: bestEnd };
}

function* startingWith<Label>(
  token: LexiconToken | undefined,
  { exact, prefix, suffix }: LexiconIndex<Label>,
): Generator<Expression<Label>> {
  if (!token) return;
  const { folded, lower } = token;
  yield* exact.get(folded) ?? [];
  if (lower !== folded) yield* exact.get(lower) ?? [];
  const longest = Math.min(folded.length, MAX_AFFIX_LENGTH);
  for (let length = 1; length <= longest; length += 1) {
    yield* prefix.get(folded.slice(0, length)) ?? [];
    yield* suffix.get(folded.slice(-length)) ?? [];
    if (lower !== folded) yield* suffix.get(lower.slice(-length)) ?? [];
  }
}

/** The end of the rest of an expression that starts at tokens[at]; undefined when it does not match. */
function matchRest(
  tokens: readonly LexiconToken[],
  at: number,
  rest: readonly ExpressionElement[],
  element: number,
): number | undefined {
  const words = rest[element];
  if (words === undefined) return at;
  if (words === null) {
    for (let skipped = 0; skipped <= MAX_GAP_WORDS; skipped += 1) {
      if (skipped > 0 && (tokens[at + skipped - 1]?.afterBreak ?? true)) return undefined;
      const end = matchRest(tokens, at + skipped, rest, element + 1);
      if (end !== undefined) return end;
    }
    return undefined;
  }
  const token = tokens[at];
  if (!token || token.afterBreak || !words.some((pattern) => matchesWord(token, pattern)))
    return undefined;
  return matchRest(tokens, at + 1, rest, element + 1);
}

function matchesWord({ folded, lower }: LexiconToken, { text, match }: WordPattern): boolean {
  switch (match) {
    case "exact":
      return folded === text || lower === text;
    case "prefix":
      return folded.startsWith(text);
    case "suffix":
      return folded.endsWith(text) || lower.endsWith(text);
    case "number":
      return /^\d/u.test(folded);
  }
}
