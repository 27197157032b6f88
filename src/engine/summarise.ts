import { detectLanguage } from "../text/language.ts";
import { splitSentences, type Sentence } from "../text/sentences.ts";
import { endsInStop, withSingleSpaces } from "./sentence-form.ts";
import { toCandidates, type SummaryCandidate } from "./sentence-vectors.ts";
import {
  mostCentral,
  relevanceOf,
  similarityMatrix,
  type SimilarityMatrix,
} from "./similarity-graph.ts";

/** A text of this many sentences is short enough, and no default summary has fewer. */
const SHORT_TEXT_SENTENCES = 2;
/** The default length is a fifth of the text, within limits. */
const DEFAULT_SHARE = 1 / 5;
const DEFAULT_MAX_SENTENCES = 10;

/** Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): share of relevance; the rest is novelty. */
const RELEVANCE_SHARE = 0.7;
/** Sentences with a higher similarity are duplicates. */
const DUPLICATE_SIMILARITY = 0.6;

/**
 * Extractive summary: the most central sentences of the text's similarity graph (LexRank), in the order of the text,
 * complete and with single spaces. `sentences` is the maximum; the default depends on the length of the text. A text of
 * one or two sentences is returned whole. Returns fewer when the others would only repeat them, and at least one.
 */
export function selectSummarySentences(
  text: string,
  { sentences: requested }: { sentences: number | undefined },
): string[] {
  const sentences = splitSentences(text).filter(({ text: words }) => /[\p{L}\p{N}]/u.test(words));
  if (sentences.length === 0) return [withSingleSpaces(text)];
  const isShort = sentences.length <= (requested ?? SHORT_TEXT_SENTENCES);
  if (isShort) return sentences.map(toLine);

  const candidates = toCandidates(sentences, detectLanguage(text));
  const wanted = requested ?? defaultLength(candidates.length);
  if (candidates.length <= wanted) return candidates.map(({ sentence }) => toLine(sentence));
  const nodes = mostCentral(candidates);
  const similarities = similarityMatrix(nodes);
  const chosen = chooseDiverse(nodes, similarities, relevanceOf(nodes, similarities), wanted);
  return chosen.map(({ sentence }) => toLine(sentence));
}

/** Running text. A sentence without a final stop, such as a list item, is followed by a line break. */
export function joinSentences(sentences: readonly string[]): string {
  return sentences.reduce((summary, next) => summary + (endsInStop(summary) ? " " : "\n") + next);
}

function toLine({ text }: Sentence): string {
  return withSingleSpaces(text);
}

function defaultLength(sentenceCount: number): number {
  const share = Math.round(sentenceCount * DEFAULT_SHARE);
  return Math.min(Math.max(share, SHORT_TEXT_SENTENCES), DEFAULT_MAX_SENTENCES);
}

/** At most `wanted` nodes, in the order of the text: the most relevant, then those that add most to the chosen ones. */
function chooseDiverse(
  nodes: readonly SummaryCandidate[],
  similarities: SimilarityMatrix,
  relevances: readonly number[],
  wanted: number,
): SummaryCandidate[] {
  const chosen = new Set<number>();
  /** The highest similarity of each node to a chosen one. */
  const nearest = new Float64Array(nodes.length);
  while (chosen.size < wanted) {
    const next = bestNext(relevances, nearest, chosen);
    if (next === undefined) break;
    chosen.add(next);
    similarities[next]?.forEach((similarity, node) => {
      nearest[node] = Math.max(nearest[node] ?? 0, similarity);
    });
  }
  return nodes.filter((_, node) => chosen.has(node));
}

function bestNext(
  relevances: readonly number[],
  nearest: Float64Array,
  chosen: ReadonlySet<number>,
): number | undefined {
  let winner: number | undefined;
  let highest = -Infinity;
  relevances.forEach((relevance, node) => {
    const similarity = nearest[node] ?? 0;
    if (chosen.has(node) || similarity > DUPLICATE_SIMILARITY) return;
    const score = RELEVANCE_SHARE * relevance - (1 - RELEVANCE_SHARE) * similarity;
    if (score > highest) [winner, highest] = [node, score];
  });
  return winner;
}
