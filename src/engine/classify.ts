import {
  CATEGORIES,
  TOPICS,
  URGENCIES,
  type Category,
  type Topic,
  type Urgency,
} from "./labels.ts";
import { CATEGORY_LEXICON, TOPIC_LEXICON, URGENCY_LEXICON } from "./lexicon.ts";
import {
  findMatches,
  indexLexicon,
  tokenise,
  type LexiconMatch,
  type LexiconToken,
} from "./match-lexicon.ts";
import { fold } from "../text/fold.ts";
import { wordSet } from "../text/words.ts";

const CATEGORY_INDEX = indexLexicon(CATEGORY_LEXICON);
const URGENCY_INDEX = indexLexicon(URGENCY_LEXICON);
const TOPIC_INDEX = indexLexicon(TOPIC_LEXICON);

const MAX_EVIDENCE = 8;

/** The urgency of a category without other evidence. It counts less than a clear word and more than a weak one. */
const DEFAULT_URGENCY: Readonly<Record<Category, Urgency>> = {
  urgencia: "alta",
  queja: "media",
  solicitud: "media",
  consulta: "baja",
  informe: "baja",
  otro: "baja",
};
const DEFAULT_URGENCY_SCORE = 1.5;

type LocalClassification = {
  category: Category;
  urgency: Urgency;
  topic: Topic;
  /** The words of the text that are evidence for these labels: at most eight, the strongest first. */
  evidence: string[];
};

/**
 * Classifies a Spanish or English text by its words. Without evidence the topic is `otro`, the urgency is the default of
 * the category, and the category is `informe` for a statement with a clear topic and `otro` for anything else.
 */
export function classifyLocally(text: string): LocalClassification {
  const tokens = tokenise(text);
  const byCategory = chooseLabel(CATEGORIES, {
    matches: withoutNegated(findMatches(tokens, CATEGORY_INDEX), tokens),
  });
  const byTopic = chooseLabel(TOPICS, { matches: findMatches(tokens, TOPIC_INDEX) });
  const category = byCategory.label ?? (isStatement(tokens, byTopic) ? "informe" : "otro");
  const byUrgency = chooseLabel(URGENCIES, {
    matches: withoutNegated(findMatches(tokens, URGENCY_INDEX), tokens),
    defaultLabel: DEFAULT_URGENCY[category],
    defaultScore: DEFAULT_URGENCY_SCORE,
  });

  const matches = [...byCategory.evidence, ...byTopic.evidence, ...byUrgency.evidence];
  return {
    category,
    urgency: byUrgency.label ?? DEFAULT_URGENCY[category],
    topic: byTopic.label ?? "otro",
    evidence: quoteEvidence(matches, tokens, text),
  };
}

const MIN_STATEMENT_WORDS = 5;
const MIN_STATEMENT_TOPIC_SCORE = 2.5;

/** Whether the text is long enough and has a clear topic. The caller has ruled out questions, requests and complaints. */
function isStatement(tokens: readonly LexiconToken[], topic: ChosenLabel<Topic>): boolean {
  return tokens.length >= MIN_STATEMENT_WORDS && topic.score >= MIN_STATEMENT_TOPIC_SCORE;
}

type ChosenLabel<Label> = {
  label: Label | undefined;
  score: number;
  evidence: LexiconMatch<Label>[];
};

/** The label with the highest score; of equals, the first of `labels`. */
function chooseLabel<Label extends string>(
  labels: readonly Label[],
  {
    matches,
    defaultLabel,
    defaultScore = 0,
  }: { matches: readonly LexiconMatch<Label>[]; defaultLabel?: Label; defaultScore?: number },
): ChosenLabel<Label> {
  const scores = scoreLabels(matches);
  let chosen: Label | undefined;
  let highest = 0;
  for (const label of labels) {
    const score = (scores.get(label) ?? 0) + (label === defaultLabel ? defaultScore : 0);
    if (score > highest) [chosen, highest] = [label, score];
  }
  return {
    label: chosen,
    score: highest,
    evidence: matches.filter(({ label, weight }) => label === chosen && weight > 0),
  };
}

/** The share of its weight that a repeated expression adds, and how many repetitions count. */
const REPEATED_SHARE = 0.2;
const MAX_REPETITIONS = 5;

function scoreLabels<Label>(matches: readonly LexiconMatch<Label>[]): Map<Label, number> {
  const scores = new Map<Label, number>();
  const timesSeen = new Map<number, number>();
  for (const { label, weight, expression } of matches) {
    const seen = timesSeen.get(expression) ?? 0;
    timesSeen.set(expression, seen + 1);
    if (seen > MAX_REPETITIONS) continue;
    scores.set(label, (scores.get(label) ?? 0) + (seen === 0 ? weight : weight * REPEATED_SHARE));
  }
  return scores;
}

/** Labels that a negation removes. The others hold anyway: «no tengo la factura» is about money. */
const DENIABLE: ReadonlySet<string> = new Set(["alta", "urgencia", "queja"] satisfies (
  | Urgency
  | Category
)[]);

function withoutNegated<Label extends string>(
  matches: readonly LexiconMatch<Label>[],
  tokens: readonly LexiconToken[],
): LexiconMatch<Label>[] {
  return matches.filter(({ label, first }) => !DENIABLE.has(label) || !isNegated(tokens, first));
}

const NEGATIONS = wordSet(
  "no sin ni nada tampoco nunca ningun ninguna not isn't never without don't aren't wasn't",
);
/** Words that may stand between a negation and the negated word. */
const NEGATION_LINKS = wordSet(
  "es sea son era esta muy tan nada especialmente demasiado hay ha tengo tiene tenemos un una ninguna ningun mucha para algo is it's are be very that so really particularly a an any have super",
);
const MAX_LINK_WORDS = 4;

function isNegated(tokens: readonly LexiconToken[], first: number): boolean {
  if (tokens[first]?.afterBreak) return false;
  for (let at = first - 1; at >= Math.max(0, first - MAX_LINK_WORDS); at -= 1) {
    const token = tokens[at];
    if (!token) return false;
    if (NEGATIONS.has(token.folded)) return true;
    if (!NEGATION_LINKS.has(token.folded) || token.afterBreak) return false;
  }
  return false;
}

/** The matched words as written, each once and without those that are part of another. */
function quoteEvidence(
  matches: readonly LexiconMatch<string>[],
  tokens: readonly LexiconToken[],
  text: string,
): string[] {
  const kept: LexiconMatch<string>[] = [];
  const found = new Map<string, string>();
  for (const match of matches.toSorted((a, b) => b.weight - a.weight || a.first - b.first)) {
    if (kept.some(({ first, end }) => first <= match.first && match.end <= end)) continue;
    const words = text.slice(tokens[match.first]?.start, tokens[match.end - 1]?.end);
    const key = fold(words);
    if (found.has(key)) continue;
    kept.push(match);
    found.set(key, words.replace(/\s+/gu, " "));
    if (kept.length === MAX_EVIDENCE) break;
  }
  return [...found.values()];
}
