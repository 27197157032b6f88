import { priorOf } from "./sentence-prior.ts";
import { dotProduct, type SummaryCandidate } from "./sentence-vectors.ts";

/** The graph is quadratic, so only the most central sentences of a longer text enter. */
const MAX_GRAPH_SENTENCES = 300;
/** Brin and Page's damping, as used by LexRank (Erkan and Radev, JAIR 2004). */
const DAMPING = 0.85;
/** LexRank's threshold: a weaker similarity is chance. */
const MIN_SIMILARITY = 0.1;
const POWER_ITERATIONS = 50;
const CONVERGED = 1e-6;

/** The candidates most similar to the text as a whole, in order, at most as many as the graph allows. */
export function mostCentral(candidates: readonly SummaryCandidate[]): readonly SummaryCandidate[] {
  if (candidates.length <= MAX_GRAPH_SENTENCES) return candidates;
  const centroid = new Map<string, number>();
  for (const { vector } of candidates) {
    for (const [term, weight] of vector) centroid.set(term, (centroid.get(term) ?? 0) + weight);
  }
  const scored = candidates.map((candidate, index) => ({
    index,
    score: dotProduct(candidate.vector, centroid) * priorOf(candidate),
  }));
  const kept = scored.toSorted((a, b) => b.score - a.score || a.index - b.index);
  const indexes = new Set(kept.slice(0, MAX_GRAPH_SENTENCES).map(({ index }) => index));
  return candidates.filter((_, index) => indexes.has(index));
}

export type SimilarityMatrix = readonly Float64Array[];

export function similarityMatrix(nodes: readonly SummaryCandidate[]): SimilarityMatrix {
  const rows = nodes.map(() => new Float64Array(nodes.length));
  const nodesByTerm = new Map<string, { node: number; weight: number }[]>();
  nodes.forEach(({ vector }, node) => {
    for (const [term, weight] of vector) {
      const others = nodesByTerm.get(term) ?? [];
      for (const other of others) addBoth(rows, node, other.node, weight * other.weight);
      others.push({ node, weight });
      nodesByTerm.set(term, others);
    }
  });
  return rows;
}

function addBoth(rows: SimilarityMatrix, a: number, b: number, value: number): void {
  const [rowA, rowB] = [rows[a], rows[b]];
  if (rowA) rowA[b] = (rowA[b] ?? 0) + value;
  if (rowB) rowB[a] = (rowB[a] ?? 0) + value;
}

/** The relevance of each sentence, from its centrality and its prior; the best one is 1. */
export function relevanceOf(
  nodes: readonly SummaryCandidate[],
  similarities: SimilarityMatrix,
): number[] {
  const centralities = rank(similarities);
  const relevances = nodes.map((node, index) => (centralities[index] ?? 0) * priorOf(node));
  const highest = Math.max(...relevances);
  return relevances.map((relevance) => relevance / highest);
}

/** PageRank by power iteration over the links above the threshold. */
function rank(similarities: SimilarityMatrix): Float64Array {
  const size = similarities.length;
  const links = similarities.map((row) => linksOf(row));
  let ranks = new Float64Array(size).fill(1 / size);
  for (let iteration = 0; iteration < POWER_ITERATIONS; iteration += 1) {
    const next = new Float64Array(size);
    let dangling = 0;
    links.forEach(({ targets, total }, from) => {
      const held = ranks[from] ?? 0;
      if (total === 0) dangling += held;
      for (const { to, weight } of targets) next[to] = (next[to] ?? 0) + (held * weight) / total;
    });
    const base = (1 - DAMPING + DAMPING * dangling) / size;
    const damped = next.map((value) => base + DAMPING * value);
    const change = damped.reduce(
      (sum, value, index) => sum + Math.abs(value - (ranks[index] ?? 0)),
      0,
    );
    ranks = damped;
    if (change < CONVERGED) break;
  }
  return ranks;
}

function linksOf(row: Float64Array): { targets: { to: number; weight: number }[]; total: number } {
  const targets = Array.from(row, (weight, to) => ({ to, weight })).filter(
    ({ weight }) => weight >= MIN_SIMILARITY,
  );
  return { targets, total: targets.reduce((sum, { weight }) => sum + weight, 0) };
}
