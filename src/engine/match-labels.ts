import { detectLanguage } from "../text/language.ts";
import { fold } from "../text/fold.ts";
import { FUNCTION_WORDS, stem } from "../text/words.ts";

/**
 * The labels that share words with the text, by their index, the one with most words first; words are compared by
 * their stems, without function words. A word that many labels have says little of each (inverse document frequency).
 */
export function matchLabels(text: string, labels: readonly string[]): number[] {
  const language = detectLanguage(text);
  const inText = stemsOf(text, language);
  const stems = labels.map((label) => stemsOf(label, language));
  const spread = new Map<string, number>();
  for (const set of stems) for (const word of set) spread.set(word, (spread.get(word) ?? 0) + 1);

  return stems
    .map((set, index) => ({ index, score: scoreOf(set, inText, spread, labels.length) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ index }) => index);
}

function scoreOf(
  label: ReadonlySet<string>,
  inText: ReadonlySet<string>,
  spread: ReadonlyMap<string, number>,
  labels: number,
): number {
  let score = 0;
  for (const word of label) {
    if (inText.has(word)) score += Math.log(1 + labels / (spread.get(word) ?? 1));
  }
  return score;
}

function stemsOf(text: string, language: string | null): Set<string> {
  const words = fold(text).match(/[\p{L}\p{N}]{2,}/gu) ?? [];
  return new Set(
    words.filter((word) => !FUNCTION_WORDS.has(word)).map((word) => stem(word, language)),
  );
}
