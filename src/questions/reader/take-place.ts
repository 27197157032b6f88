import { COUNT, NUMBER, ORDINAL, readNumber, readOrdinal } from "./numbers.ts";
import type { Remainder } from "./remainder.ts";
import { ANY_TASK_WORD, RECORD_WORD, REQUEST_VERB } from "./vocabulary.ts";

/** Which matching records a question asks for: one by its position, or the first or last n. */
type QuestionPlace =
  | {
      /** 1 is the first, -1 the last. */
      position: number;
    }
  | {
      /** From 1 to 100; null when the question does not say how many. */
      limit: number | null;
      order: "asc" | "desc";
      /** Only a number was said, so other words must show that it counts records. */
      isBareNumber: boolean;
    };

const MAX_LIMIT = 100;
const NOUN = `${RECORD_WORD}|${ANY_TASK_WORD}`;
/** In English, only the noun shows that «last» is plural. */
const BEFORE_PLURAL = `(?= (?:${NOUN}|ones) )(?= \\p{L}*s )`;
/** «los ultimo resúmenes»: the article shows the plural. */
const AFTER_PLURAL = "(?<=(?:los|las|mis) )";
const ENGLISH_LAST = "last|latest|most recent";
const LAST = `ultim[oa]|mas reciente|${ENGLISH_LAST}`;
const ENGLISH_FIRST = "first|oldest";
const LAST_ONES = `ultim[oa]s|${AFTER_PLURAL}ultim[oa]|mas recientes|(?:${ENGLISH_LAST})${BEFORE_PLURAL}`;
const FIRST_ONES = `primer[oa]s|${AFTER_PLURAL}primer[oa]|mas antigu[oa]s|(?:${ENGLISH_FIRST})${BEFORE_PLURAL}`;
const ENDS = [
  { plural: LAST_ONES, counted: countedPatterns(LAST_ONES, ENGLISH_LAST), order: "desc" },
  { plural: FIRST_ONES, counted: countedPatterns(FIRST_ONES, ENGLISH_FIRST), order: "asc" },
] as const;

/** «3 últimos», «últimos 3», «3 resúmenes últimos». Groups: the number. */
function countedPatterns(plural: string, englishSingular: string): readonly string[] {
  const adjective = `${plural}|${englishSingular}`;
  return [
    `(${COUNT}) (?:${adjective})`,
    `(?:${adjective}) (${COUNT})`,
    `(${COUNT})(?= (?:${NOUN}) (?:${plural}) )`,
  ];
}

const SECOND_TO_LAST =
  "penultim[oa]|anterior al? (?:la )?ultim[oa]|second to last|last but one|next to last";
const NUMBERED = `(?:(?:${RECORD_WORD}) )?(?:(?:numero|num|nro|number) (${NUMBER})|no (\\d{1,6}))|(?:registro|record|consulta) (\\d{1,6}|${COUNT})`;
/** A number alone may be a time or a day, so it must be next to a noun or after a request. */
const COUNTED_NOUN = `(?<!(?:el|la) )(${COUNT})(?= (?:de )?(?:${NOUN}) )|(?<=(?:${REQUEST_VERB}) )(${COUNT})`;

/** Longer wordings are tried before shorter ones that they contain. */
export function takePlace(rest: Remainder): QuestionPlace | undefined | "unclear" {
  const nearEnd = takeNearEnd(rest);
  if (nearEnd) return nearEnd;
  const numbered = rest.take(NUMBERED);
  if (numbered) {
    const position = readNumber(numbered[1] ?? numbered[2] ?? numbered[3]) ?? 0;
    return position > 0 ? { position } : "unclear";
  }
  // «la ultimas»: singular or plural?
  if (rest.has("(?:el|la) (?:ultim[oa]s|primer[oa]s)")) return "unclear";
  const several = takeSeveral(rest);
  if (several) return several;
  if (rest.take("mas antigu[oa]|oldest")) return { position: 1 };
  if (rest.take(LAST)) return { position: -1 };
  const ordinal = rest.take(ORDINAL);
  if (ordinal) return { position: readOrdinal(ordinal[0]) ?? 1 };
  const number = rest.take(COUNTED_NOUN);
  return number && toSeveral(number[0], "desc", true);
}

function takeNearEnd(rest: Remainder): QuestionPlace | undefined {
  if (rest.take("antepenultim[oa]|third to last|third from last")) return { position: -3 };
  return rest.take(SECOND_TO_LAST) && { position: -2 };
}

/** «los 3 últimos», «las últimas». */
function takeSeveral(rest: Remainder): QuestionPlace | undefined | "unclear" {
  for (const { plural, counted, order } of ENDS) {
    const match = rest.takeFirst(counted);
    if (!match) continue;
    rest.take(plural);
    return toSeveral(match[1], order);
  }
  for (const { plural, order } of ENDS) {
    if (rest.take(plural)) return { limit: null, order, isBareNumber: false };
  }
  return undefined;
}

function toSeveral(
  word: string | undefined,
  order: "asc" | "desc",
  isBareNumber = false,
): QuestionPlace | "unclear" {
  const limit = readNumber(word) ?? 0;
  return limit === 0 ? "unclear" : { limit: Math.min(limit, MAX_LIMIT), order, isBareNumber };
}
