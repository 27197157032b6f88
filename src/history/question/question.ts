import { TASK_TYPES, type TaskType } from "../../tasks/types/registry.ts";
import { takeSpan, UnreadableDate, type Span } from "./dates.ts";
import { normalise, Remainder } from "./normalise.ts";
import { COUNT, ORDINAL, readNumber, readOrdinal } from "./numbers.ts";
import { DEED_WORDS, FILLER, LANGUAGES, RECORD_WORDS, taskWords } from "./vocabulary.ts";

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
  /** ISO 639-1. */
  language: string | null;
};

export type Reading = { understood: true; filter: QuestionFilter } | { understood: false };

const NOT_UNDERSTOOD: Reading = { understood: false };
const MAX_QUESTION_CHARS = 500;
const MAX_LIMIT = 100;

/**
 * Reads a question about the history by rules, Spanish or English. Every word must be accounted for: what the rules
 * do not know makes the whole question not understood, rather than half understood and wrong.
 */
export function readQuestion(
  question: string,
  { now, timeZone }: { now: Date; timeZone: string },
): Reading {
  if (question.length > MAX_QUESTION_CHARS) return NOT_UNDERSTOOD;
  const normal = normalise(question);
  const searched = findSearch(question, normal);
  if (searched === "unclear") return NOT_UNDERSTOOD;
  const rest = new Remainder(searched.rest);

  let span: Span | undefined;
  try {
    span = takeSpan(rest, now, timeZone);
  } catch (error) {
    if (error instanceof UnreadableDate) return NOT_UNDERSTOOD;
    throw error;
  }
  if (span?.from && span.from > now) return NOT_UNDERSTOOD;

  const counting = takeCounting(rest);
  const field = takeField(rest);
  const language = takeLanguage(rest);
  const place = takePlace(rest);
  const tasks = takeTasks(rest);
  const named = rest.take(RECORD_WORDS) !== undefined;
  const done = rest.take(DEED_WORDS) !== undefined;
  while (rest.take(`${RECORD_WORDS}|${DEED_WORDS}`));

  const aboutHistory =
    tasks.length > 0 ||
    named ||
    done ||
    (place !== undefined && !place.bare) ||
    searched.search !== null ||
    span !== undefined;
  const allKnown = rest.words().every((word) => FILLER.has(word));
  if (!allKnown || tasks.length > 1 || !aboutHistory) return NOT_UNDERSTOOD;
  if (counting && (field || place?.position || place?.limit)) return NOT_UNDERSTOOD;
  // A field is of one record; of several, nobody said which.
  if (field && place?.limit && place.limit > 1) return NOT_UNDERSTOOD;

  return {
    understood: true,
    filter: {
      action: counting ? "contar" : field ? "campo" : "listar",
      task: tasks[0] ?? null,
      limit: place?.limit ?? null,
      order: place?.order ?? "desc",
      position: field ? (place?.position ?? -1) : (place?.position ?? null),
      field: field ?? null,
      from: span?.from ?? null,
      to: span?.to ?? null,
      search: searched.search,
      language: language ?? null,
    },
  };
}

const ABOUT =
  "(?:que )?(?:hablen |hable |hablan |habla |mencionen |mencionan |mencione |menciona |contengan |contenga |contienen |digan |dicen )?(?:sobre|acerca de|relacionad[oa]s? con|con la palabra|about|mentioning|containing)|(?:que )(?:hablen|hablan|hable|habla) de|(?:que )(?:mencionen|mencionan|mencione|menciona|contengan|contienen|contenga|digan|dicen)";

/** The words that are looked for: quoted, or all that follows "sobre", less a date at its end. */
function findSearch(
  question: string,
  normal: string,
): { search: string | null; rest: string } | "unclear" {
  const quoted = /["«“]([^"«»“”]{1,200})["»”]/.exec(question);
  if (quoted?.[1]?.trim()) {
    const [all] = quoted;
    const before = normal.slice(0, quoted.index).replace(new RegExp(` (?:${ABOUT}) *$`), " ");
    return {
      search: quoted[1].trim(),
      rest: `${before} ${normal.slice(quoted.index + all.length)}`,
    };
  }
  const about = new RegExp(`(?<= |^)(?:${ABOUT}) +(?=\\S)`).exec(normal);
  if (!about) return { search: null, rest: normal };

  const start = about.index + about[0].length;
  const tail = normal
    .slice(start)
    .search(
      / +(?:(?:de |en |durante )?(?:hoy|ayer|anteayer|esta semana|la semana pasada|este mes|el mes pasado|del mes pasado|este ano)|today|yesterday|this week|last week|this month|last month) *$/,
    );
  const end = tail < 0 ? question.length : start + tail;
  const search = question
    .slice(start, end)
    .replace(/[\s?!.,;:¿¡]+$/u, "")
    .replace(/^(?:el|la|los|las|un|una|the) +/i, "")
    .trim();
  if (search === "") return "unclear";
  return { search, rest: `${normal.slice(0, about.index)} ${normal.slice(end)}` };
}

function takeCounting(rest: Remainder): boolean {
  return (
    rest.take(
      "cuant[oa]s?(?: veces)?|cuenta(?:me)?|numero de|cantidad de|how many(?: times)?|count|number of",
    ) !== undefined
  );
}

const FIELDS: [pattern: string, field: QuestionField][] = [
  ["(?:en )?que idioma|(?:el )?idioma|(?:in )?(?:what|which) language|language", "idioma"],
  ["(?:la )?fecha|(?:en )?que (?:fecha|dia)|a que hora|cuando|when|(?:what )?date", "fecha"],
  ["(?:el )?texto original|original text", "texto_original"],
  ["(?:el )?resultado|result", "resultado"],
  ["(?:el )?tipo de tarea|que (?:tipo de )?tarea|type of task|task type", "tipo_tarea"],
  ["(?:el )?(?:id|identificador)", "id"],
];

function takeField(rest: Remainder): QuestionField | undefined {
  return FIELDS.find(([pattern]) => rest.take(pattern))?.[1];
}

function takeLanguage(rest: Remainder): string | undefined {
  const names = Object.keys(LANGUAGES).join("|");
  const match = rest.take(`(?:en|in|al|del|to) (${names})|(?:idioma|lengua) (${names})`);
  return match && LANGUAGES[match[1] ?? match[2] ?? ""];
}

type Place = {
  position: number | null;
  limit: number | null;
  order: "asc" | "desc";
  /** Nothing but a number was said: it takes more to know that records are meant. */
  bare: boolean;
};

const LAST = "ultim[oa]|last|latest|mas reciente";
const LASTS = "ultim[oa]s|last|latest|mas recientes";
const FIRSTS = "primer[oa]s|first";

/** Which record, or how many from which end. The longer wordings first. */
function takePlace(rest: Remainder): Place | undefined {
  const one = (position: number): Place => ({ position, limit: null, order: "desc", bare: false });
  const many = (limit: number | undefined, order: Place["order"], bare = false): Place => ({
    position: null,
    limit: limit === undefined ? null : Math.min(Math.max(limit, 1), MAX_LIMIT),
    order,
    bare,
  });

  if (rest.take("antepenultim[oa]|third to last|third from last")) return one(-3);
  if (rest.take("penultim[oa]|second to last|last but one|next to last")) return one(-2);

  const numbered = rest.take(
    `(?:(?:${RECORD_WORDS}) )?(?:numero|num|nro|no|number) (\\d{1,6})|(?:registro|record|consulta) (\\d{1,6})`,
  );
  if (numbered) {
    const position = Number(numbered[1] ?? numbered[2]);
    return position > 0 ? one(position) : undefined;
  }
  const last = rest.take(`(${COUNT}) (?:${LASTS})|(?:${LASTS}) (${COUNT})`);
  if (last) return many(readNumber(last[1] ?? last[2]), "desc");
  const first = rest.take(`(${COUNT}) (?:${FIRSTS})|(?:${FIRSTS}) (${COUNT})`);
  if (first) return many(readNumber(first[1] ?? first[2]), "asc");
  if (rest.take("ultim[oa]s|mas recientes")) return many(undefined, "desc");
  if (rest.take("primer[oa]s|mas antigu[oa]s|oldest")) return many(undefined, "asc");
  if (rest.take(LAST)) return one(-1);
  const ordinal = rest.take(ORDINAL);
  if (ordinal) return one(readOrdinal(ordinal[0]) ?? 1);
  const number = rest.take(COUNT);
  return number && many(readNumber(number[0]), "desc", true);
}

/** Every task that is named; more than one is more than a filter can hold. */
function takeTasks(rest: Remainder): TaskType[] {
  return TASK_TYPES.filter((task) => {
    let found = false;
    while (rest.take(taskWords(task))) found = true;
    return found;
  });
}
