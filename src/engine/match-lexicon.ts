import type { Lexicon } from "./lexicon.ts";
import { fold } from "../text/fold.ts";

export type Token = {
  /** Lower case, accents as written. */
  lower: string;
  folded: string;
  start: number;
  end: number;
  /** A stop, a comma or an empty line stands before it: no expression and no negation reaches across. */
  afterBreak: boolean;
};

/** One expression found in a text: tokens[first..end). */
export type Match<Label> = {
  label: Label;
  weight: number;
  expression: number;
  first: number;
  end: number;
};

type Word = { text: string; ending: "exact" | "prefix" | "suffix" | "number" };
type Expression<Label> = {
  id: number;
  label: Label | null;
  weight: number;
  /** Null is a gap: up to GAP_WORDS words of any kind. */
  rest: readonly (readonly Word[] | null)[];
};

/** A lexicon made ready to be looked up by the first word of its expressions. */
export type LexiconIndex<Label> = {
  exact: ReadonlyMap<string, readonly Expression<Label>[]>;
  prefix: ReadonlyMap<string, readonly Expression<Label>[]>;
  suffix: ReadonlyMap<string, readonly Expression<Label>[]>;
};

const GAP_WORDS = 2;
const LONGEST_AFFIX_CHARACTERS = 16;

const TOKEN = /[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)?|[?？%]/gu;
const BREAK = /[.,;:!?¿¡()«»"“”]|\n\s*\n/u;
/** No break is looked for beyond this much of what stands between two words. */
const BETWEEN_CHARACTERS = 40;

export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let reached = 0;
  for (const { 0: word, index } of text.matchAll(TOKEN)) {
    const lower = word.toLowerCase().replace("’", "'");
    const between = text.slice(reached, Math.min(index, reached + BETWEEN_CHARACTERS));
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
      for (const { text, ending } of first ?? []) {
        const map = { exact, prefix, suffix, number: exact }[ending];
        map.set(text, [...(map.get(text) ?? []), { id, label, weight, rest }]);
      }
    }
  }
  return { exact, prefix, suffix };
}

function parseElement(source: string): readonly Word[] | null {
  if (source === "_") return null;
  return source.split("|").map((word): Word => {
    if (word === "#") return { text: "", ending: "number" };
    if (word.endsWith("*")) return { text: word.slice(0, -1), ending: "prefix" };
    if (word.startsWith("*")) return { text: word.slice(1), ending: "suffix" };
    return { text: word, ending: "exact" };
  });
}

/** The expressions of a text from left to right, without overlaps: the longest at each word, then the weightiest. */
export function findMatches<Label>(
  tokens: readonly Token[],
  index: LexiconIndex<Label>,
): Match<Label>[] {
  const matches: Match<Label>[] = [];
  let at = 0;
  while (at < tokens.length) {
    const { expression, end } = bestMatch(tokens, at, index);
    if (expression && expression.label !== null) {
      const { id, label, weight } = expression;
      matches.push({ label, weight, expression: id, first: at, end });
    }
    at = end;
  }
  return matches;
}

function bestMatch<Label>(
  tokens: readonly Token[],
  at: number,
  index: LexiconIndex<Label>,
): { expression: Expression<Label> | undefined; end: number } {
  let best: Expression<Label> | undefined;
  let bestEnd = at + 1;
  for (const expression of beginningWith(tokens[at], index)) {
    const end = matchRest(tokens, at + 1, expression.rest, 0);
    if (end === undefined || end < bestEnd) continue;
    if (best && end === bestEnd && expression.weight <= best.weight && expression.label !== null)
      continue;
    [best, bestEnd] = [expression, end];
  }
  return { expression: best, end: bestEnd };
}

function* beginningWith<Label>(
  token: Token | undefined,
  { exact, prefix, suffix }: LexiconIndex<Label>,
): Generator<Expression<Label>> {
  if (!token) return;
  const { folded, lower } = token;
  yield* exact.get(folded) ?? [];
  if (lower !== folded) yield* exact.get(lower) ?? [];
  const longest = Math.min(folded.length, LONGEST_AFFIX_CHARACTERS);
  for (let length = 1; length <= longest; length += 1) {
    yield* prefix.get(folded.slice(0, length)) ?? [];
    yield* suffix.get(folded.slice(-length)) ?? [];
    if (lower !== folded) yield* suffix.get(lower.slice(-length)) ?? [];
  }
}

/** Where the rest of an expression ends if it begins at tokens[at], or undefined. */
function matchRest(
  tokens: readonly Token[],
  at: number,
  rest: readonly (readonly Word[] | null)[],
  element: number,
): number | undefined {
  const words = rest[element];
  if (words === undefined) return at;
  if (words === null) {
    for (let skipped = 0; skipped <= GAP_WORDS; skipped += 1) {
      if (skipped > 0 && (tokens[at + skipped - 1]?.afterBreak ?? true)) return undefined;
      const end = matchRest(tokens, at + skipped, rest, element + 1);
      if (end !== undefined) return end;
    }
    return undefined;
  }
  const token = tokens[at];
  if (!token || token.afterBreak || !words.some((word) => isWord(token, word))) return undefined;
  return matchRest(tokens, at + 1, rest, element + 1);
}

function isWord({ folded, lower }: Token, { text, ending }: Word): boolean {
  switch (ending) {
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
