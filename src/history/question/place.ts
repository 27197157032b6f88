import type { Remainder } from "./normalise.ts";
import { COUNT, ORDINAL, readNumber, readOrdinal } from "./numbers.ts";
import { ANY_TASK, RECORD_WORDS } from "./vocabulary.ts";

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
const LAST = "ultim[oa]|last|latest|mas reciente";
const LASTS = "ultim[oa]s|last|latest|mas recientes";
const FIRSTS = "primer[oa]s|first|mas antigu[oa]s|oldest";
const GIVING =
  "dame|dime|muestrame|ensename|pasame|sacame|listame|lista|quiero|ver|traeme|show|list|get|give|me";

/** The longer wordings first. */
export function takePlace(rest: Remainder): Place | undefined | "unclear" {
  if (rest.take("antepenultim[oa]|third to last|third from last")) return { position: -3 };
  if (rest.take("penultim[oa]|second to last|last but one|next to last")) return { position: -2 };

  const numbered = rest.take(
    `(?:(?:${RECORD_WORDS}) )?(?:numero|num|nro|no|number) (\\d{1,6})|(?:registro|record|consulta) (\\d{1,6})`,
  );
  if (numbered) {
    const position = Number(numbered[1] ?? numbered[2]);
    return position > 0 ? { position } : "unclear";
  }
  const last = rest.take(`(${COUNT}) (?:${LASTS})|(?:${LASTS}) (${COUNT})`);
  if (last) return several(last[1] ?? last[2], "desc");
  const first = rest.take(`(${COUNT}) (?:${FIRSTS})|(?:${FIRSTS}) (${COUNT})`);
  if (first) return several(first[1] ?? first[2], "asc");
  if (rest.take("ultim[oa]s|mas recientes")) return { limit: null, order: "desc", isBare: false };
  if (rest.take("primer[oa]s|mas antigu[oa]s|oldest")) {
    return { limit: null, order: "asc", isBare: false };
  }
  if (rest.take("mas antigu[oa]")) return { position: 1 };
  if (rest.take(LAST)) return { position: -1 };
  const ordinal = rest.take(ORDINAL);
  if (ordinal) return { position: readOrdinal(ordinal[0]) ?? 1 };
  // A number alone may be a time or a day: it counts records beside their name, or where one asks for them.
  const number = rest.take(
    `(${COUNT})(?= (?:${RECORD_WORDS}|${ANY_TASK}) )|(?<=(?:${GIVING}) )(${COUNT})`,
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
