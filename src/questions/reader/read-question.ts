import type { TaskType } from "../../tasks/types/registry.ts";
import { LANGUAGE_CODES } from "../../text/language-names.ts";
import { findSearch } from "./find-search.ts";
import { isAboutHistory, isIdiom, isPresentTense } from "./is-about-history.ts";
import type { QuestionClock, QuestionField, QuestionFilter } from "./question-filter.ts";
import { Remainder } from "./remainder.ts";
import { takePeriod } from "./take-period.ts";
import { takePlace } from "./take-place.ts";
import { takeTasks } from "./take-tasks.ts";
import { correctTypo } from "./typos.ts";
import {
  FILLER_WORDS,
  GREETING,
  LANGUAGE_NAME,
  PAST_ACTION,
  QUESTION_WORDS,
  RECORD_WORD,
} from "./vocabulary.ts";
import { UnreadableDate } from "./written-date.ts";

type QuestionReading = { understood: true; filter: QuestionFilter } | { understood: false };

const NOT_UNDERSTOOD: QuestionReading = { understood: false };
const MAX_QUESTION_CHARS = 500;

/**
 * Reads a Spanish or English question about the history by rules. A question with any word that the rules do not know
 * is not understood, which is better than understood wrong. Unknown words get one more try with their typos corrected.
 */
export function readQuestion(question: string, clock: QuestionClock): QuestionReading {
  if (question.length > MAX_QUESTION_CHARS) return NOT_UNDERSTOOD;
  const found = findSearch(question, clock);
  if (found === "unclear" || isOrder(found.rest)) return NOT_UNDERSTOOD;
  try {
    const first = readRest(found.rest, found.search, clock);
    if (!("unknownWords" in first)) return first;
    const corrections = new Map(first.unknownWords.map((word) => [word, correctTypo(word)]));
    const corrected = found.rest.replace(/[^ ]+/g, (word) => corrections.get(word) ?? word);
    const second = readRest(corrected, found.search, clock);
    return "unknownWords" in second ? NOT_UNDERSTOOD : second;
  } catch (error) {
    if (error instanceof UnreadableDate) return NOT_UNDERSTOOD;
    throw error;
  }
}

/**
 * Without accents, «clasifiqué» (I classified) and «clasifique» (classify!) are the same, and «resumí» is an order in
 * the River Plate. At the start, after «me» and after a wish, they may be orders. «Gracias por el último resumen» is no
 * question either.
 */
const ORDER = "clasifique|genere|resumi|traduci";
const WISH = "me|nos|(?:quiero|queria|quisiera|necesito|puedes?|podrias?) que";
const COURTESY = "hola|oye|che|dale|ahora|porfa|por favor|please";
const POSSIBLE_ORDER = new RegExp(
  `gracias +por |^ *(?:(?:${COURTESY}) +)*(?:${ORDER}) |(?<= |^)(?:${WISH}) +(?:${ORDER}|reportes?) `,
);

function isOrder(normal: string): boolean {
  return POSSIBLE_ORDER.test(`${normal} `);
}

const INDEFINITE_RECORD = `(?:un|una|a|an) (?:${RECORD_WORD})`;

/** Reads everything but the words to search for. */
function readRest(
  normal: string,
  search: string | null,
  clock: QuestionClock,
): QuestionReading | { unknownWords: string[] } {
  const rest = new Remainder(normal);
  rest.take(GREETING);
  const isPresent = isPresentTense(rest);
  const period = takePeriod(rest, clock);
  const isCount = takeCount(rest);
  const field = takeField(rest);
  const hasIdiom = isIdiom(rest);
  const place = takePlace(rest);
  const { tasks, isRequested, isPlural } = takeTasks(rest);
  const language = takeLanguage(rest, tasks);
  const hasIndefiniteNoun = rest.has(INDEFINITE_RECORD);
  const nouns = rest.takeAll(RECORD_WORD);
  const hasPastAction = rest.takeAll(PAST_ACTION).length > 0;
  rest.take("hasta (?:ahora|el momento)|so far");

  const words = rest.words();
  const unknownWords = words.filter((word) => !FILLER_WORDS.has(word) && !QUESTION_WORDS.has(word));
  if (unknownWords.length > 0) return { unknownWords };
  if (place === "unclear" || language === "unclear" || tasks.length > 1) return NOT_UNDERSTOOD;

  const position = place && "position" in place ? place.position : undefined;
  const several = place && "order" in place ? place : undefined;
  // «dame un resumen», «el reporte de ayer» ask for a task, not about one.
  if (isRequested && !place && !field && !isCount) return NOT_UNDERSTOOD;
  // «ayer hice 3 resúmenes» is a statement.
  if (several?.isBareNumber && hasPastAction) return NOT_UNDERSTOOD;
  if (isCount && (field || place)) return NOT_UNDERSTOOD;
  // A field belongs to one record.
  const isOfMany = isPlural || nouns.some((noun) => noun.endsWith("s"));
  if (field && (several || (!place && (isOfMany || isPresent)))) return NOT_UNDERSTOOD;
  if (period?.from && period.from > clock.now) return NOT_UNDERSTOOD;
  const isAbout = isAboutHistory({
    words,
    nouns,
    isPast: hasPastAction || tasks.length > 0,
    isPresent,
    isCount,
    hasPlace: place !== undefined && !several?.isBareNumber,
    hasField: field !== undefined,
    hasSearch: search !== null,
    hasPeriod: period !== undefined,
    hasIdiom,
    hasIndefiniteNoun,
  });
  if (!isAbout) return NOT_UNDERSTOOD;

  return {
    understood: true,
    filter: {
      action: isCount ? "contar" : field ? "campo" : "listar",
      task: tasks[0] ?? null,
      limit: several?.limit ?? null,
      order: several?.order ?? "desc",
      position: position ?? (field ? -1 : null),
      field: field ?? null,
      from: period?.from ?? null,
      to: period?.to ?? null,
      search,
      language: language?.code ?? null,
    },
  };
}

/** «cuánto» may be money or time, and «cuéntame» asks for a story, so they are no counts. */
function takeCount(rest: Remainder): boolean {
  rest.take("en total|in total|(?:cuentame|contame)(?= (?:que|lo|todo|cuant[oa]s) )");
  const count = rest.take(
    "cuant[oa]s(?: veces)?|cuenta|(?:numero |cantidad )?total de|numero de|cantidad de|how many(?: times)?|count|number of",
  );
  return count !== undefined;
}

const FIELDS: readonly (readonly [pattern: string, field: QuestionField])[] = [
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
  for (const [pattern, field] of FIELDS) if (rest.take(pattern)) return field;
  return undefined;
}

/** Their result is another text, which may be in another language than the original. */
const WRITING_TASKS: readonly TaskType[] = ["traducir", "resumir", "generar", "reporte"];

const TO_LANGUAGE = `(?:al|to|into) (${LANGUAGE_NAME})`;
const FROM_LANGUAGE = `(?:del|desde el|from) (${LANGUAGE_NAME})`;
const IN_LANGUAGE = `(?:en|in|idioma|lengua) (${LANGUAGE_NAME})`;

/** The language of the original text; the history does not store that of a result. */
function takeLanguage(
  rest: Remainder,
  tasks: readonly TaskType[],
): { code: string | null } | undefined | "unclear" {
  if (rest.take(TO_LANGUAGE)) return "unclear";
  const original = rest.take(FROM_LANGUAGE);
  const match = original ?? rest.take(IN_LANGUAGE);
  if (!match) return undefined;
  if (!original && tasks.some((task) => WRITING_TASKS.includes(task))) return "unclear";
  return { code: LANGUAGE_CODES.get(match[1] ?? "") ?? null };
}
