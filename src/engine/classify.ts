import {
  CATEGORIES,
  TOPICS,
  URGENCIES,
  type Category,
  type Topic,
  type Urgency,
} from "./labels.ts";
import { CATEGORY_LEXICON, TOPIC_LEXICON, URGENCY_LEXICON } from "./lexicon.ts";
import { findMatches, indexLexicon, tokenise, type Match, type Token } from "./match-lexicon.ts";
import { fold } from "../text/fold.ts";

const CATEGORY_INDEX = indexLexicon(CATEGORY_LEXICON);
const URGENCY_INDEX = indexLexicon(URGENCY_LEXICON);
const TOPIC_INDEX = indexLexicon(TOPIC_LEXICON);

const MOST_EVIDENCE = 8;

/** What a category says of urgency by itself: less than any clear word, more than a faint one. */
const USUAL_URGENCY: Readonly<Record<Category, Urgency>> = {
  urgencia: "alta",
  queja: "media",
  solicitud: "media",
  consulta: "baja",
  informe: "baja",
  otro: "baja",
};
const USUAL_URGENCY_SCORE = 1.5;

export type LocalClassification = {
  categoria: Category;
  urgencia: Urgency;
  tema: Topic;
  confianza: number | null;
  evidencias: string[];
};

/**
 * Classifies a text by the words that tell each label, in Spanish and English. Without any such word the topic is
 * `otro`, the category `informe` for a statement that is surely of some topic and else `otro`, and the urgency the
 * usual one of the category; with none on any axis that is otro, baja, otro.
 *
 * `evidencias` are the words of the text that spoke for the labels given, at most eight, the most telling first.
 * `confianza` is no probability: for category and topic, the winner's share of all the evidence on its axis, with one
 * more point for all that was not seen (so that a single faint word gives little), 0 for an axis without evidence;
 * their mean, to two decimals. Null when no word told anything.
 */
export function classifyLocally(text: string): LocalClassification {
  const tokens = tokenise(text);
  const category = verdict(CATEGORIES, withoutNegated(findMatches(tokens, CATEGORY_INDEX), tokens));
  const topic = verdict(TOPICS, findMatches(tokens, TOPIC_INDEX));
  const categoria = category.winner ?? (isStatement(tokens, topic) ? "informe" : "otro");
  const urgency = verdict(URGENCIES, withoutNegated(findMatches(tokens, URGENCY_INDEX), tokens), {
    label: USUAL_URGENCY[categoria],
    score: USUAL_URGENCY_SCORE,
  });

  const matches = [...category.evidence, ...topic.evidence, ...urgency.evidence];
  return {
    categoria,
    urgencia: urgency.winner ?? USUAL_URGENCY[categoria],
    tema: topic.winner ?? "otro",
    confianza: matches.length === 0 ? null : roundToCents((category.share + topic.share) / 2),
    evidencias: asWritten(matches, tokens, text),
  };
}

const STATEMENT_WORDS = 5;
const STATEMENT_TOPIC_SCORE = 2.5;

/** Several words that are surely of a topic, and ask, complain and warn of nothing, tell something. */
function isStatement(tokens: readonly Token[], topic: Verdict<Topic>): boolean {
  return tokens.length >= STATEMENT_WORDS && topic.score >= STATEMENT_TOPIC_SCORE;
}

type Verdict<Label> = {
  winner: Label | undefined;
  score: number;
  share: number;
  evidence: Match<Label>[];
};

/** The label with the most evidence; of equals, the first of `labels`. */
function verdict<Label extends string>(
  labels: readonly Label[],
  matches: readonly Match<Label>[],
  usual?: { label: Label; score: number },
): Verdict<Label> {
  const scores = scoreLabels(matches);
  if (usual) scores.set(usual.label, (scores.get(usual.label) ?? 0) + usual.score);

  let winner: Label | undefined;
  let highest = 0;
  let total = 0;
  for (const label of labels) {
    const score = Math.max(0, scores.get(label) ?? 0);
    total += score;
    if (score > highest) [winner, highest] = [label, score];
  }
  return {
    winner,
    score: highest,
    share: highest / (total + 1),
    evidence: matches.filter(({ label, weight }) => label === winner && weight > 0),
  };
}

/** What one expression adds each time it comes again, as a part of its weight, and how often that counts. */
const REPEATED_SHARE = 0.2;
const MOST_REPETITIONS = 5;

function scoreLabels<Label>(matches: readonly Match<Label>[]): Map<Label, number> {
  const scores = new Map<Label, number>();
  const timesSeen = new Map<number, number>();
  for (const { label, weight, expression } of matches) {
    const seen = timesSeen.get(expression) ?? 0;
    timesSeen.set(expression, seen + 1);
    if (seen > MOST_REPETITIONS) continue;
    scores.set(label, (scores.get(label) ?? 0) + (seen === 0 ? weight : weight * REPEATED_SHARE));
  }
  return scores;
}

/** Labels that «no es…» takes away. The others are as true of what is denied: «no tengo la factura» is about money. */
const DENIABLE: ReadonlySet<string> = new Set(["alta", "urgencia", "queja"] satisfies (
  | Urgency
  | Category
)[]);

function withoutNegated<Label extends string>(
  matches: readonly Match<Label>[],
  tokens: readonly Token[],
): Match<Label>[] {
  return matches.filter(({ label, first }) => !DENIABLE.has(label) || !isNegated(tokens, first));
}

const NEGATIONS = new Set(
  "no sin ni nada tampoco nunca ningun ninguna not isn't never without don't aren't wasn't".split(
    " ",
  ),
);
/** What may stand between a negation and what it denies. */
const LINKS = new Set(
  "es sea son era esta muy tan nada especialmente demasiado hay ha tengo tiene tenemos un una ninguna ningun mucha para algo is it's are be very that so really particularly a an any have super".split(
    " ",
  ),
);
const LONGEST_LINK_WORDS = 4;

function isNegated(tokens: readonly Token[], first: number): boolean {
  if (tokens[first]?.afterBreak) return false;
  for (let at = first - 1; at >= Math.max(0, first - LONGEST_LINK_WORDS); at -= 1) {
    const token = tokens[at];
    if (!token) return false;
    if (NEGATIONS.has(token.folded)) return true;
    if (!LINKS.has(token.folded) || token.afterBreak) return false;
  }
  return false;
}

/** The matched words as the text has them: no words twice, and none that are a part of others already there. */
function asWritten(
  matches: readonly Match<string>[],
  tokens: readonly Token[],
  text: string,
): string[] {
  const kept: Match<string>[] = [];
  const found = new Map<string, string>();
  for (const match of matches.toSorted((a, b) => b.weight - a.weight || a.first - b.first)) {
    if (kept.some(({ first, end }) => first <= match.first && match.end <= end)) continue;
    const words = text.slice(tokens[match.first]?.start, tokens[match.end - 1]?.end);
    const key = fold(words);
    if (found.has(key)) continue;
    kept.push(match);
    found.set(key, words.replace(/\s+/gu, " "));
    if (kept.length === MOST_EVIDENCE) break;
  }
  return [...found.values()];
}

function roundToCents(value: number): number {
  return Math.round(value * 100) / 100;
}
