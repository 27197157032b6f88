import { TASK_TYPES, type TaskType } from "../../tasks/types/registry.ts";
import { takeSpan, UnreadableDate, type Moment, type Span } from "./dates.ts";
import { Remainder } from "./normalise.ts";
import { takePlace } from "./place.ts";
import { findSearch } from "./search.ts";
import { correct } from "./typos.ts";
import {
  ANY_TASK,
  DEED_WORDS,
  FILLER,
  GREETINGS,
  LANGUAGE,
  LANGUAGES,
  QUESTION_WORDS,
  RECORD_WORDS,
  taskWords,
} from "./vocabulary.ts";

export type QuestionField =
  | "fecha"
  | "resultado"
  | "texto_original"
  | "tipo_tarea"
  | "idioma"
  | "id";

/** All that a question can ask for. Values as on the wire. */
export type QuestionFilter = {
  action: "listar" | "contar" | "campo";
  task: TaskType | null;
  /** Only when the question says how many: 1–100. */
  limit: number | null;
  order: "desc" | "asc";
  /** One record: 1 is the first, -1 the last, -2 the last but one. */
  position: number | null;
  /** Only with the action `campo`. */
  field: QuestionField | null;
  from: Date | null;
  /** Not included. */
  to: Date | null;
  /** Words to look for, as typed. */
  search: string | null;
  /** Of the original text. ISO 639-1. */
  language: string | null;
};

export type Reading = { understood: true; filter: QuestionFilter } | { understood: false };

const NOT_UNDERSTOOD: Reading = { understood: false };
const MAX_QUESTION_CHARS = 500;

/**
 * Reads a question about the history by rules, Spanish or English. Every word must be accounted for: what the rules
 * do not know makes the whole question not understood, rather than half understood and wrong. Unknown words are read
 * once more with their typos corrected.
 */
export function readQuestion(question: string, moment: Moment): Reading {
  if (question.length > MAX_QUESTION_CHARS) return NOT_UNDERSTOOD;
  const found = findSearch(question, moment);
  if (found === "unclear" || isOrder(found.rest)) return NOT_UNDERSTOOD;
  try {
    const first = readRest(found.rest, found.search, moment);
    if (!("unknown" in first)) return first;
    const corrections = new Map(first.unknown.map((word) => [word, correct(word)]));
    const corrected = found.rest.replace(/[^ ]+/g, (word) => corrections.get(word) ?? word);
    const second = readRest(corrected, found.search, moment);
    return "unknown" in second ? NOT_UNDERSTOOD : second;
  } catch (error) {
    if (error instanceof UnreadableDate) return NOT_UNDERSTOOD;
    throw error;
  }
}

/** «clasifiqué» without its accent orders it: at the beginning, nobody can tell. */
function isOrder(normal: string): boolean {
  return /^ *(?:por favor +)?(?:clasifique|genere) /.test(`${normal} `);
}

function readRest(
  normal: string,
  search: string | null,
  moment: Moment,
): Reading | { unknown: string[] } {
  const rest = new Remainder(normal);
  rest.take(GREETINGS);
  const span = takeSpan(rest, moment);
  const counting = takeCounting(rest);
  const field = takeField(rest);
  const place = takePlace(rest);
  const { tasks, isAsked, isPlural } = takeTasks(rest);
  const language = takeLanguage(rest, tasks);
  const isNamed = takeAll(rest, RECORD_WORDS);
  const isDone = takeAll(rest, DEED_WORDS).length > 0;
  rest.take("hasta (?:ahora|el momento)|so far");

  const words = rest.words();
  const unknown = words.filter((word) => !FILLER.has(word) && !QUESTION_WORDS.has(word));
  if (unknown.length > 0) return { unknown };
  if (place === "unclear" || language === "unclear" || tasks.length > 1) return NOT_UNDERSTOOD;

  const one = place && "position" in place ? place.position : undefined;
  const several = place && "order" in place ? place : undefined;
  // «dame un resumen», «el reporte de ayer»: asked for, not asked about.
  if (isAsked && !place && !field && !counting) return NOT_UNDERSTOOD;
  // «ayer hice 3 resúmenes» tells, it does not ask.
  if (several?.isBare && isDone) return NOT_UNDERSTOOD;
  if (counting && (field || place)) return NOT_UNDERSTOOD;
  // A field is of one record; of several, nobody said which.
  if (field && (several || (!place && (isPlural || isNamed.some((word) => word.endsWith("s")))))) {
    return NOT_UNDERSTOOD;
  }
  if (span?.from && span.from > moment.now) return NOT_UNDERSTOOD;
  const isAboutHistory =
    tasks.length > 0 ||
    isNamed.length > 0 ||
    isDone ||
    (place !== undefined && !several?.isBare) ||
    search !== null ||
    // «ayer», «lo de ayer», but not «qué es hoy» nor «fecha de hoy».
    (span !== undefined && !field && !words.some((word) => QUESTION_WORDS.has(word)));
  if (!isAboutHistory) return NOT_UNDERSTOOD;

  return {
    understood: true,
    filter: {
      action: counting ? "contar" : field ? "campo" : "listar",
      task: tasks[0] ?? null,
      limit: several?.limit ?? null,
      order: several?.order ?? "desc",
      position: one ?? (field ? -1 : null),
      field: field ?? null,
      ...whole(span),
      search,
      language: language?.code ?? null,
    },
  };
}

function whole(span: Span | undefined): Span {
  return { from: span?.from ?? null, to: span?.to ?? null };
}

function takeAll(rest: Remainder, pattern: string): string[] {
  const taken: string[] = [];
  for (let match = rest.take(pattern); match; match = rest.take(pattern)) taken.push(match[0]);
  return taken;
}

/** Not «cuánto», which may be money or time. */
function takeCounting(rest: Remainder): boolean {
  return (
    rest.take(
      "cuant[oa]s(?: veces)?|cuenta(?:me)?|numero (?:total )?de|cantidad de|how many(?: times)?|count|number of",
    ) !== undefined
  );
}

const FIELDS: [pattern: string, field: QuestionField][] = [
  ["(?:en )?que idioma|(?:el )?idioma|(?:in )?(?:what|which) language|language", "idioma"],
  [
    "(?:la )?fecha(?: y (?:la )?hora)?|(?:en )?que (?:fecha|dia)|a que hora|cuando|when|(?:what )?date",
    "fecha",
  ],
  ["(?:el )?texto original|original text", "texto_original"],
  ["(?:el )?resultado|result", "resultado"],
  ["(?:el )?tipo de tarea|que (?:tipo de )?tarea|type of task|task type", "tipo_tarea"],
  ["(?:el )?(?:id|identificador)", "id"],
];

function takeField(rest: Remainder): QuestionField | undefined {
  return FIELDS.find(([pattern]) => rest.take(pattern))?.[1];
}

/** Tasks whose result is another text, which may be in another language than the original. */
const WRITING: TaskType[] = ["traducir", "resumir", "generar", "reporte"];

/** The language of the original text: that of a result is not kept. */
function takeLanguage(
  rest: Remainder,
  tasks: TaskType[],
): { code: string | null } | undefined | "unclear" {
  if (rest.take(`(?:al|to|into) (${LANGUAGE})`)) return "unclear";
  const original = rest.take(`(?:del|desde el|from) (${LANGUAGE})`);
  const match = original ?? rest.take(`(?:en|in|idioma|lengua) (${LANGUAGE})`);
  if (!match) return undefined;
  if (!original && tasks.some((task) => WRITING.includes(task))) return "unclear";
  return { code: LANGUAGES[match[1] ?? ""] ?? null };
}

type Tasks = {
  /** Every task that is named; more than one is more than a filter can hold. */
  tasks: TaskType[];
  /** Named as something to be done now: «un resumen», «el reporte». */
  isAsked: boolean;
  isPlural: boolean;
};

function takeTasks(rest: Remainder): Tasks {
  const isAsked =
    // Nothing but «resumen» may be the beginning of an order.
    (rest.words().length === 1 && rest.has("resumen|reporte|summary|report")) ||
    rest.has(`(?:un|una|a|an) (?:${ANY_TASK})`) ||
    rest.has("(?:el|la|the) (?:resumen|reporte|summary|report)");
  const named = TASK_TYPES.map((type) => ({ type, words: takeAll(rest, taskWords(type)) }));
  return {
    tasks: named.filter(({ words }) => words.length > 0).map(({ type }) => type),
    isAsked,
    isPlural: named.some(({ words }) => words.some((word) => word.endsWith("s"))),
  };
}
