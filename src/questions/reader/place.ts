import type { Remainder } from "./normalise.ts";
import { COUNT, NUMBER, ORDINAL, readNumber, readOrdinal } from "./numbers.ts";
import { ANY_TASK, GIVING, RECORD_WORDS } from "./vocabulary.ts";

/** Which record of those that fit, 1 the first and -1 the last; or how many from which end. */
export type Place =
  | { position: number }
  | {
      /** 1–100; null: nobody said. */
      limit: number | null;
      order: "asc" | "desc";
      /** Nothing but a number was said: it takes more to know that records are meant. */
      isBare: boolean;
    };

const MAX_LIMIT = 100;
const NOUNS = `${RECORD_WORDS}|${ANY_TASK}`;
/** English has one word for one and for some: its noun tells. */
const OF_SOME = `(?= (?:${NOUNS}|ones) )(?= \\p{L}*s )`;
/** «los ultimo resúmenes» has lost its s. */
const PLURAL = "(?<=(?:los|las|mis) )";
const ENGLISH_LAST = "last|latest|most recent";
const LAST = `ultim[oa]|mas reciente|${ENGLISH_LAST}`;
const ENGLISH_FIRST = "first|oldest";
const LASTS = `ultim[oa]s|${PLURAL}ultim[oa]|mas recientes|(?:${ENGLISH_LAST})${OF_SOME}`;
const FIRSTS = `primer[oa]s|${PLURAL}primer[oa]|mas antigu[oa]s|(?:${ENGLISH_FIRST})${OF_SOME}`;
const ENDS = [
  { some: LASTS, counted: `${LASTS}|${ENGLISH_LAST}`, order: "desc" },
  { some: FIRSTS, counted: `${FIRSTS}|${ENGLISH_FIRST}`, order: "asc" },
] as const;

/** The longer wordings first. */
export function takePlace(rest: Remainder): Place | undefined | "unclear" {
  if (rest.take("antepenultim[oa]|third to last|third from last")) return { position: -3 };
  if (
    rest.take(
      "penultim[oa]|anterior al? (?:la )?ultim[oa]|second to last|last but one|next to last",
    )
  ) {
    return { position: -2 };
  }
  const numbered = rest.take(
    `(?:(?:${RECORD_WORDS}) )?(?:(?:numero|num|nro|number) (${NUMBER})|no (\\d{1,6}))|(?:registro|record|consulta) (\\d{1,6}|${COUNT})`,
  );
  if (numbered) {
    const position = readNumber(numbered[1] ?? numbered[2] ?? numbered[3]) ?? 0;
    return position > 0 ? { position } : "unclear";
  }
  // «la ultimas»: one, or some?
  if (rest.has("(?:el|la) (?:ultim[oa]s|primer[oa]s)")) return "unclear";
  for (const { some, counted, order } of ENDS) {
    const number =
      rest.take(`(${COUNT}) (?:${counted})`)?.[1] ??
      rest.take(`(?:${counted}) (${COUNT})`)?.[1] ??
      rest.take(`(${COUNT})(?= (?:${NOUNS}) (?:${some}) )`)?.[1];
    if (number === undefined) continue;
    rest.take(some);
    return several(number, order);
  }
  for (const { some, order } of ENDS) {
    if (rest.take(some)) return { limit: null, order, isBare: false };
  }
  if (rest.take("mas antigu[oa]|oldest")) return { position: 1 };
  if (rest.take(LAST)) return { position: -1 };
  const ordinal = rest.take(ORDINAL);
  if (ordinal) return { position: readOrdinal(ordinal[0]) ?? 1 };
  // A number alone may be a time or a day: it counts records beside their name, or where one asks for them.
  const number = rest.take(
    `(?<!(?:el|la) )(${COUNT})(?= (?:de )?(?:${NOUNS}) )|(?<=(?:${GIVING}) )(${COUNT})`,
  );
  return number && several(number[0], "desc", true);
}

function several(
  word: string | undefined,
  order: "asc" | "desc",
  isBare = false,
): Place | "unclear" {
  const limit = readNumber(word) ?? 0;
  return limit === 0 ? "unclear" : { limit: Math.min(limit, MAX_LIMIT), order, isBare };
}
