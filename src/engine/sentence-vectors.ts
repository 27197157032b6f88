import { fold } from "../text/fold.ts";
import type { Sentence } from "../text/sentences.ts";
import { FUNCTION_WORDS, stem } from "../text/words.ts";
import { withSingleSpaces } from "./sentence-form.ts";

export type SummaryCandidate = {
  sentence: Sentence;
  /** From 0 for the first sentence of the text to 1 for the last. */
  position: number;
  /** tf-idf of its stems, normalised to length 1. */
  vector: ReadonlyMap<string, number>;
};

/** The sentences with content words, without repetitions. If no sentence has any, all of them. */
export function toCandidates(
  sentences: readonly Sentence[],
  language: string | null,
): SummaryCandidate[] {
  const stemOf = memoise((word: string) => stem(word, language));
  const seen = new Set<string>();
  const terms = sentences.map(({ text }) => contentStems(text, stemOf));
  const isUseful = sentences.map((sentence, index) => {
    const key = fold(withSingleSpaces(sentence.text));
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew && (terms[index]?.length ?? 0) > 0;
  });
  const keepAll = !isUseful.includes(true);

  const idf = inverseFrequencies(terms);
  return sentences.flatMap((sentence, index) => {
    if (!keepAll && !isUseful[index]) return [];
    const position = index / (sentences.length - 1);
    return [{ sentence, position, vector: toVector(terms[index] ?? [], idf) }];
  });
}

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+|[\p{L}\p{M}\p{N}]+/gu;
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

function contentStems(text: string, stemOf: (word: string) => string): string[] {
  const stems: string[] = [];
  for (const word of fold(text).match(WORD) ?? []) {
    if (UNSPACED.test(word)) stems.push(...bigrams(word));
    else if (word.length > 1 && !FUNCTION_WORDS.has(word)) stems.push(stemOf(word));
  }
  return stems;
}

/** Scripts without spaces between words are compared by pairs of letters. */
function bigrams(run: string): string[] {
  if (run.length < 2) return [run];
  return Array.from({ length: run.length - 1 }, (_, index) => run.slice(index, index + 2));
}

function inverseFrequencies(sentences: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const terms of sentences) {
    for (const term of new Set(terms)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  for (const [term, count] of counts) counts.set(term, Math.log(1 + sentences.length / count));
  return counts;
}

function toVector(
  terms: readonly string[],
  idf: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const vector = new Map<string, number>();
  for (const term of terms) vector.set(term, (vector.get(term) ?? 0) + (idf.get(term) ?? 0));
  return normalise(vector);
}

function normalise(vector: Map<string, number>): Map<string, number> {
  let squares = 0;
  for (const weight of vector.values()) squares += weight * weight;
  const length = Math.sqrt(squares);
  if (length > 0) for (const [term, weight] of vector) vector.set(term, weight / length);
  return vector;
}

export function dotProduct(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [term, weight] of small) sum += weight * (large.get(term) ?? 0);
  return sum;
}

function memoise(compute: (key: string) => string): (key: string) => string {
  const known = new Map<string, string>();
  return (key) => {
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
