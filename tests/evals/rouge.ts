import { splitSentences } from "../../src/text/sentences.ts";
import { fold } from "../../src/text/fold.ts";

/** F1 from 0 to 1. */
export type Rouge = { rouge1: number; rouge2: number; rougeL: number };

/**
 * Compares a summary with a reference: common words, common pairs of words, and the longest common subsequence of words
 * (C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", ACL 2004 workshop). Ignores accents, case and
 * punctuation. Words are neither stemmed nor filtered.
 */
export function rouge(summary: string, reference: string): Rouge {
  const words = wordsOf(summary);
  const expected = wordsOf(reference);
  return {
    rouge1: overlap(words, expected),
    rouge2: overlap(pairsOf(words), pairsOf(expected)),
    rougeL: f1(longestCommon(words, expected), words.length, expected.length),
  };
}

/** A strong baseline for summaries: the first sentences of the text, with single spaces. */
export function firstSentences(text: string, count: number): string {
  return splitSentences(text)
    .filter(({ text: sentence }) => /[\p{L}\p{N}]/u.test(sentence))
    .slice(0, count)
    .map(({ text: sentence }) => sentence.replace(/\s+/gu, " "))
    .join(" ");
}

function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, index) => `${words[index]} ${word}`);
}

/** F1 of the common n-grams. Each n-gram counts at most as often as the reference contains it. */
function overlap(grams: readonly string[], expected: readonly string[]): number {
  const left = new Map<string, number>();
  for (const gram of expected) left.set(gram, (left.get(gram) ?? 0) + 1);
  let shared = 0;
  for (const gram of grams) {
    const count = left.get(gram) ?? 0;
    if (count === 0) continue;
    left.set(gram, count - 1);
    shared += 1;
  }
  return f1(shared, grams.length, expected.length);
}

/** The length of the longest common subsequence. */
function longestCommon(words: readonly string[], expected: readonly string[]): number {
  let above = new Uint32Array(expected.length + 1);
  for (const word of words) {
    const row = new Uint32Array(expected.length + 1);
    expected.forEach((other, index) => {
      row[index + 1] =
        word === other ? (above[index] ?? 0) + 1 : Math.max(above[index + 1] ?? 0, row[index] ?? 0);
    });
    above = row;
  }
  return above.at(-1) ?? 0;
}

function f1(shared: number, actual: number, expected: number): number {
  return actual + expected === 0 ? 0 : (2 * shared) / (actual + expected);
}
