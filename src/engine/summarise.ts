import { detectLanguage } from "../text/language.ts";
import { splitSentences, type Sentence } from "../text/sentences.ts";
import { fold } from "../text/fold.ts";
import { FUNCTION_WORDS, stem } from "../text/words.ts";

/** A text this short is its own summary. */
const ALREADY_SHORT_SENTENCES = 2;
/** Without a length asked for: a fifth of the text, within these. */
const DEFAULT_SHARE = 1 / 5;
const DEFAULT_MOST_SENTENCES = 10;
/** The graph is quadratic: of a longer text, only its most central sentences enter. */
const GRAPH_SENTENCES = 300;

/** Brin and Page's damping, which LexRank (Erkan and Radev, JAIR 2004) takes over. */
const DAMPING = 0.85;
/** LexRank's threshold: a weaker likeness is chance. */
const LEAST_SIMILARITY = 0.1;
const POWER_ITERATIONS = 50;
const CONVERGED = 1e-6;

/** Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): the share of worth, the rest is novelty. */
const WORTH_SHARE = 0.7;
/** Two sentences this alike say the same. */
const SAME_SIMILARITY = 0.6;

type Candidate = {
  sentence: Sentence;
  /** Its place among the text's sentences, from 0 to 1. */
  place: number;
  /** tf-idf of its stems, of length 1. */
  vector: ReadonlyMap<string, number>;
};

/**
 * An extractive summary: the most central sentences of the text's likeness graph (LexRank), in the text's order, each
 * whole and with its white space folded. A text of one or two sentences comes back whole. `sentences` is how many at
 * most; by default it depends on the text's length. Fewer come back when the rest would only repeat them. At least one.
 */
export function summarySentences(
  text: string,
  { sentences: asked }: { sentences: number | undefined },
): string[] {
  const sentences = splitSentences(text).filter(({ text: words }) => /[\p{L}\p{N}]/u.test(words));
  if (sentences.length === 0) return [foldBlanks(text)];
  const isShort = sentences.length <= (asked ?? ALREADY_SHORT_SENTENCES);
  if (isShort) return sentences.map(toLine);

  const candidates = toCandidates(sentences, detectLanguage(text));
  const wanted = asked ?? defaultLength(candidates.length);
  if (candidates.length <= wanted) return candidates.map(({ sentence }) => toLine(sentence));
  const nodes = mostCentral(candidates);
  const similarities = similarityMatrix(nodes);
  return choose(nodes, similarities, worths(nodes, similarities), wanted).map(({ sentence }) =>
    toLine(sentence),
  );
}

/** As running text, one line for each that ends without a full stop. */
export function joinSentences(sentences: readonly string[]): string {
  return sentences.reduce((summary, next) => summary + (endsInStop(summary) ? " " : "\n") + next);
}

function toLine({ text }: Sentence): string {
  return foldBlanks(text);
}

function defaultLength(sentenceCount: number): number {
  const share = Math.round(sentenceCount * DEFAULT_SHARE);
  return Math.min(Math.max(share, ALREADY_SHORT_SENTENCES), DEFAULT_MOST_SENTENCES);
}

function foldBlanks(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

function endsInStop(text: string): boolean {
  return /[.!?…。！？｡।॥؟۔][)\]}"'»”’›」』）*_]*$/u.test(text.slice(-10));
}

// ---- Sentences as vectors

/** The text's different sentences that say something: repetitions stay out, and what has function words only. */
function toCandidates(sentences: readonly Sentence[], language: string | null): Candidate[] {
  const stemOf = memoise((word: string) => stem(word, language));
  const seen = new Set<string>();
  const terms = sentences.map(({ text }) => contentStems(text, stemOf));
  const worthy = sentences.map((sentence, index) => {
    const key = fold(foldBlanks(sentence.text));
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh && (terms[index]?.length ?? 0) > 0;
  });
  const anyWorthy = worthy.includes(true);

  const idf = inverseFrequencies(terms);
  return sentences.flatMap((sentence, index) => {
    if (anyWorthy && !worthy[index]) return [];
    const place = index / (sentences.length - 1);
    return [{ sentence, place, vector: toVector(terms[index] ?? [], idf) }];
  });
}

const LONGEST_HEADING_WORDS = 8;

function isHeading(text: string): boolean {
  return (
    !endsInStop(text) &&
    text.split(/\s+/u, LONGEST_HEADING_WORDS + 1).length <= LONGEST_HEADING_WORDS
  );
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

/** Scripts that put no blank between words are compared by pairs of letters. */
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

function dot(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [term, weight] of small) sum += weight * (large.get(term) ?? 0);
  return sum;
}

/** The candidates nearest to the middle of the text's meaning, in order, as many as the graph bears. */
function mostCentral(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length <= GRAPH_SENTENCES) return candidates;
  const centroid = new Map<string, number>();
  for (const { vector } of candidates) {
    for (const [term, weight] of vector) centroid.set(term, (centroid.get(term) ?? 0) + weight);
  }
  const scored = candidates.map((candidate, index) => ({
    index,
    score: dot(candidate.vector, centroid) * prior(candidate),
  }));
  const kept = scored.toSorted((a, b) => b.score - a.score || a.index - b.index);
  const indexes = new Set(kept.slice(0, GRAPH_SENTENCES).map(({ index }) => index));
  return candidates.filter((_, index) => indexes.has(index));
}

// ---- The graph

type Matrix = readonly Float64Array[];

function similarityMatrix(nodes: readonly Candidate[]): Matrix {
  const rows = nodes.map(() => new Float64Array(nodes.length));
  const places = new Map<string, { node: number; weight: number }[]>();
  nodes.forEach(({ vector }, node) => {
    for (const [term, weight] of vector) {
      const holders = places.get(term) ?? [];
      for (const other of holders) addBoth(rows, node, other.node, weight * other.weight);
      holders.push({ node, weight });
      places.set(term, holders);
    }
  });
  return rows;
}

function addBoth(rows: Matrix, a: number, b: number, value: number): void {
  const [rowA, rowB] = [rows[a], rows[b]];
  if (rowA) rowA[b] = (rowA[b] ?? 0) + value;
  if (rowB) rowB[a] = (rowB[a] ?? 0) + value;
}

/** Each sentence's worth, the best being 1: its centrality, leant on by where it stands and what it announces. */
function worths(nodes: readonly Candidate[], similarities: Matrix): number[] {
  const centralities = rank(similarities);
  const raw = nodes.map((node, index) => (centralities[index] ?? 0) * prior(node));
  const highest = Math.max(...raw);
  return raw.map((worth) => worth / highest);
}

/** PageRank by power iteration over the links that are strong enough. */
function rank(similarities: Matrix): Float64Array {
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
    ({ weight }) => weight >= LEAST_SIMILARITY,
  );
  return { targets, total: targets.reduce((sum, { weight }) => sum + weight, 0) };
}

// ---- What a sentence's place and words add

const OPENING_BONUS = 0.25;
const OPENING_SHARE = 0.1;
const CUE_BONUS = 0.35;
const FIGURE_BONUS = 0.1;
const TOO_SHORT_STEMS = 4;
const TOO_SHORT_FACTOR = 0.6;
const PLEASANTRY_FACTOR = 0.3;
const HEADING_FACTOR = 0.4;

/** Words that announce what matters (cue phrases: H. P. Edmundson, JACM 1969). */
const CUES =
  /\b(?:en (?:resumen|conclusion|definitiva|suma)|conclu(?:imos|sion|ye|yo|ded|sions?)|por (?:tanto|lo tanto|consiguiente)|se (?:decidio|acordo|aprobo|aprueba|decide|acuerda)|acord(?:amos|aron)|decid(?:imos|io|ieron|ed)|aprob(?:o|aron|amos|ado)|lo (?:mas )?importante|es (?:clave|fundamental|imprescindible|necesario)|el problema|la causa|la solucion|el (?:objetivo|plazo|resultado)|in (?:summary|conclusion|short)|therefore|as a result|we (?:agreed|decided|conclude|recommend)|agreed|approved|the (?:problem|cause|root cause|solution|goal|deadline|result)|most important(?:ly)?|must)\b/u;
const FIGURE =
  /\d[\d.,]*\s?(?:%|€|\$|£|euros?|dolares|dollars|millones|millions?)|\d{1,2} de \p{L}{4,10}/u;
const PLEASANTRIES =
  /^(?:hola|buen[oa]s? (?:dias|tardes|noches)|estimad[oa]s?|querid[oa]s?|(?:muchas )?gracias|un (?:cordial )?saludo|saludos|un abrazo|atentamente|espero que (?:est|todo|os|te|le|se encuentr)|quedo a (?:su|tu|vuestra) disposicion|hi|hello|dear|good (?:morning|afternoon)|thanks|thank you|(?:kind |best )?regards|(?:i )?hope (?:you|this|everyone)|cheers|sincerely)\b/u;

function prior({ sentence, place, vector }: Candidate): number {
  const folded = fold(sentence.text);
  const opening = OPENING_BONUS * Math.exp(-place / OPENING_SHARE);
  const cue = CUES.test(folded) ? CUE_BONUS : 0;
  const figure = FIGURE.test(folded) ? FIGURE_BONUS : 0;
  const short = vector.size < TOO_SHORT_STEMS ? TOO_SHORT_FACTOR : 1;
  const pleasantry = PLEASANTRIES.test(folded) ? PLEASANTRY_FACTOR : 1;
  const heading = isHeading(sentence.text) ? HEADING_FACTOR : 1;
  return (1 + opening + cue + figure) * short * pleasantry * heading;
}

// ---- The choice

/** At most `wanted` nodes, in the text's order: the worthiest first, then what adds most to those already in. */
function choose(
  nodes: readonly Candidate[],
  similarities: Matrix,
  worth: readonly number[],
  wanted: number,
): Candidate[] {
  const chosen = new Set<number>();
  const nearest = new Float64Array(nodes.length);
  while (chosen.size < wanted) {
    const next = bestNext(worth, nearest, chosen);
    if (next === undefined) break;
    chosen.add(next);
    similarities[next]?.forEach((similarity, node) => {
      nearest[node] = Math.max(nearest[node] ?? 0, similarity);
    });
  }
  return nodes.filter((_, node) => chosen.has(node));
}

function bestNext(
  worth: readonly number[],
  nearest: Float64Array,
  chosen: ReadonlySet<number>,
): number | undefined {
  let winner: number | undefined;
  let highest = -Infinity;
  worth.forEach((value, node) => {
    const similarity = nearest[node] ?? 0;
    if (chosen.has(node) || similarity > SAME_SIMILARITY) return;
    const score = WORTH_SHARE * value - (1 - WORTH_SHARE) * similarity;
    if (score > highest) [winner, highest] = [node, score];
  });
  return winner;
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
