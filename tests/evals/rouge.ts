import { splitSentences } from "../../src/text/sentences.ts";
import { fold } from "../../src/text/fold.ts";

/** F1 from 0 to 1. */
export type Rouge = { rouge1: number; rouge2: number; rougeL: number };

/**
 * How much of a reference a summary shares: words, pairs of words, and the longest common subsequence of words over
 * the whole text (C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", ACL 2004 workshop). Accents,
 * case and marks do not count; words are neither stemmed nor left out.
 */
export function rouge(summary: string, reference: string): Rouge {
  const made = wordsOf(summary);
  const wanted = wordsOf(reference);
  return {
    rouge1: overlap(made, wanted),
    rouge2: overlap(pairsOf(made), pairsOf(wanted)),
    rougeL: f1(longestCommon(made, wanted), made.length, wanted.length),
  };
}

/** The baseline that is hard to beat: the text's first sentences, with their white space folded. */
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

/** Each of the reference's grams counts as often as it is there. */
function overlap(made: readonly string[], wanted: readonly string[]): number {
  const left = new Map<string, number>();
  for (const gram of wanted) left.set(gram, (left.get(gram) ?? 0) + 1);
  let shared = 0;
  for (const gram of made) {
    const count = left.get(gram) ?? 0;
    if (count === 0) continue;
    left.set(gram, count - 1);
    shared += 1;
  }
  return f1(shared, made.length, wanted.length);
}

function longestCommon(made: readonly string[], wanted: readonly string[]): number {
  let above = new Uint32Array(wanted.length + 1);
  for (const word of made) {
    const row = new Uint32Array(wanted.length + 1);
    wanted.forEach((other, index) => {
      row[index + 1] =
        word === other ? (above[index] ?? 0) + 1 : Math.max(above[index + 1] ?? 0, row[index] ?? 0);
    });
    above = row;
  }
  return above.at(-1) ?? 0;
}

function f1(shared: number, made: number, wanted: number): number {
  return made + wanted === 0 ? 0 : (2 * shared) / (made + wanted);
}
