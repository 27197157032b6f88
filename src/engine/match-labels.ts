import { detectLanguage } from "../text/language.ts";
import { fold } from "../text/fold.ts";
import { FUNCTION_WORDS, stem } from "../text/words.ts";

/**
 * Indexes of the labels that share words with the text, the best first. Words are compared by their stems, without
 * function words. A word in many labels counts less (inverse document frequency).
 */
export function matchLabels(text: string, labels: readonly string[]): number[] {
  const language = detectLanguage(text);
  const textStems = stemsOf(text, language);
  const stems = labels.map((label) => stemsOf(label, language));
  const labelCounts = new Map<string, number>();
  for (const labelStem of stems.flatMap((set) => [...set])) {
    labelCounts.set(labelStem, (labelCounts.get(labelStem) ?? 0) + 1);
  }

  return stems
    .map((set, index) => ({ index, score: scoreOf(set, textStems, labelCounts, labels.length) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ index }) => index);
}

function scoreOf(
  labelStems: ReadonlySet<string>,
  textStems: ReadonlySet<string>,
  labelCounts: ReadonlyMap<string, number>,
  labelTotal: number,
): number {
  let score = 0;
  for (const labelStem of labelStems) {
    if (!textStems.has(labelStem)) continue;
    score += Math.log(1 + labelTotal / (labelCounts.get(labelStem) ?? 1));
  }
  return score;
}

function stemsOf(text: string, language: string | null): Set<string> {
  const words = fold(text).match(/[\p{L}\p{N}]{2,}/gu) ?? [];
  return new Set(
    words.filter((word) => !FUNCTION_WORDS.has(word)).map((word) => stem(word, language)),
  );
}
