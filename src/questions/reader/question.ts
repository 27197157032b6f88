import { TASK_TYPES, type TaskType } from "../../tasks/types/registry.ts";
import { takeSpan, UnreadableDate, type Moment, type Span } from "./dates.ts";
import { Remainder } from "./normalise.ts";
import { ORDINAL } from "./numbers.ts";
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
  LOOKING_WORDS,
  QUESTION_WORDS,
  RECORD_WORDS,
  TELLING_WORDS,
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

/**
 * «clasifiqué» without its accent orders it, and so does the «resumí» of the River Plate: at the beginning, behind «me»
 * and behind a wish, nobody can tell. Nor does «gracias por el último resumen» ask.
 */
const ORDER = "clasifique|genere|resumi|traduci";
const WISH = "me|nos|(?:quiero|queria|quisiera|necesito|puedes?|podrias?) que";
const COURTESY = "hola|oye|che|dale|ahora|porfa|por favor|please";
const ORDERING = new RegExp(
  `gracias +por |^ *(?:(?:${COURTESY}) +)*(?:${ORDER}) |(?<= |^)(?:${WISH}) +(?:${ORDER}|reportes?) `,
);

function isOrder(normal: string): boolean {
  return ORDERING.test(`${normal} `);
}

function readRest(
  normal: string,
  search: string | null,
  moment: Moment,
): Reading | { unknown: string[] } {
  const rest = new Remainder(normal);
  rest.take(GREETINGS);
  const isOfNow = rest.has(OF_NOW);
  const span = takeSpan(rest, moment);
  const counting = takeCounting(rest);
  const field = takeField(rest);
  const isIdiom = rest.has(IDIOM);
  const place = takePlace(rest);
  const { tasks, isAsked, isPlural } = takeTasks(rest);
  const language = takeLanguage(rest, tasks);
  const isIndefinite = rest.has(`(?:un|una|a|an) (?:${RECORD_WORDS})`);
  const named = takeAll(rest, RECORD_WORDS);
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
  const isOfMany = isPlural || named.some((word) => word.endsWith("s"));
  if (field && (several || (!place && (isOfMany || isOfNow)))) return NOT_UNDERSTOOD;
  if (span?.from && span.from > moment.now) return NOT_UNDERSTOOD;
  const topic: Topic = {
    words,
    named,
    isOfPast: isDone || tasks.length > 0,
    isPlaced: place !== undefined && !several?.isBare,
    ...{ isOfNow, isIdiom, isIndefinite, counting },
    ...{ hasField: field !== undefined, hasSearch: search !== null, hasSpan: span !== undefined },
  };
  if (!isAboutHistory(topic)) return NOT_UNDERSTOOD;

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

/** By what a question shows whether it is about this history. */
type Topic = {
  /** What is left of it. */
  words: string[];
  /** What it calls records. */
  named: string[];
  isOfPast: boolean;
  isPlaced: boolean;
  isOfNow: boolean;
  isIdiom: boolean;
  isIndefinite: boolean;
  counting: boolean;
  hasField: boolean;
  hasSearch: boolean;
  hasSpan: boolean;
};

const OF_NOW =
  "tengo|tienen?|hay|have|there|(?:que|cuando|what|when) (?:es|son|is|are)(?! mis? | my )";
/** «un segundo», «a la primera», «por último», «la primera vez» are no records by themselves. */
const IDIOM = `(?<!anterior )(?:una?|a|de|en|por|(?:a|de|en) la) (?:${ORDINAL}|ultim[oa])|(?:${ORDINAL}|ultim[oa]) vez|(?<!el )cuarto`;
/** What only this history has; and what can be counted without a thought of anything else. */
const OWN_WORDS = /^(?:regist|histor|record)/;
const COUNTED_WORDS = /^(?!tarea|trabajo|cosa|mensaje|task|thing|message)/;

function isAboutHistory({ words, named, isOfNow, counting, ...topic }: Topic): boolean {
  if (topic.isOfPast) return true;
  const { isPlaced, hasSearch } = topic;
  const isLooking = words.some((word) => LOOKING_WORDS.has(word));
  // «dame un registro», «qué es una consulta»
  if (topic.isIndefinite && !isPlaced && !isLooking) return false;
  if (named.length > 0) {
    if (topic.hasField) return isPlaced || hasSearch;
    // «qué tareas tengo», «qué consultas hay hoy»: people have those elsewhere, too.
    const isOurs = counting ? COUNTED_WORDS : OWN_WORDS;
    return !isOfNow || isPlaced || named.some((word) => isOurs.test(word));
  }
  if (hasSearch) {
    if (isLooking || counting) return true;
    // «dime algo sobre facturas» asks what is known of them.
    return (isPlaced && !isOfNow) || !words.some((word) => TELLING_WORDS.has(word));
  }
  if (isPlaced) return topic.hasField || topic.hasSpan || !topic.isIdiom;
  // «ayer», «lo de ayer», but not «qué es hoy» nor «fecha de hoy».
  return topic.hasSpan && !topic.hasField && !words.some((word) => QUESTION_WORDS.has(word));
}

function whole(span: Span | undefined): Span {
  return { from: span?.from ?? null, to: span?.to ?? null };
}

function takeAll(rest: Remainder, pattern: string): string[] {
  const taken: string[] = [];
  for (let match = rest.take(pattern); match; match = rest.take(pattern)) taken.push(match[0]);
  return taken;
}

/** Not «cuánto», which may be money or time, nor «cuéntame», which asks to be told. */
function takeCounting(rest: Remainder): boolean {
  rest.take("en total|in total|(?:cuentame|contame)(?= (?:que|lo|todo|cuant[oa]s) )");
  return (
    rest.take(
      "cuant[oa]s(?: veces)?|cuenta|(?:numero |cantidad )?total de|numero de|cantidad de|how many(?: times)?|count|number of",
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
    // Nothing but «traducción» may be the beginning of an order.
    (rest.words().length === 1 && rest.has("\\p{L}+cion|translation|classification|extraction")) ||
    rest.has(`(?:un|una|a|an) (?:${ANY_TASK})`) ||
    // «el resumen que hice», «mi resumen», «registros de tipo resumen» were done.
    rest.has(
      "(?<!(?:mi|my|que|cual|which|tipo|type) )(?:resumen|reporte|summary|report)(?! (?:que|which|that|i) )",
    );
  const named = TASK_TYPES.map((type) => ({ type, words: takeAll(rest, taskWords(type)) }));
  return {
    tasks: named.filter(({ words }) => words.length > 0).map(({ type }) => type),
    isAsked,
    isPlural: named.some(({ words }) => words.some((word) => word.endsWith("s"))),
  };
}
