import { takeSpan, UnreadableDate, type Moment } from "./dates.ts";
import { normalise, Remainder } from "./normalise.ts";
import { ANY_TASK, LANGUAGE, RECORD_WORDS } from "./vocabulary.ts";

/** The words that are looked for, as typed, and the question without them, folded. */
type Found = { search: string | null; rest: string };

const SAYING =
  "hablen|hablan|hable|habla|mencionen|mencionan|mencione|menciona|contengan|contienen|contenga|contiene|digan|dicen|traten|tratan";
const ABOUT = [
  `(?:que )?(?:(?:${SAYING}) )?(?:sobre(?! todo)|acerca de|relacionad[oa]s? con|con la palabra|about|mentioning|containing)`,
  "que (?:hablen|hablan|hable|habla|traten|tratan) (?:de|del)",
  `que (?:${SAYING})(?: la palabra)?`,
  "(?:donde|en (?:el|la|los|las) que) (?:aparezca|aparece|salga|sale|se hable de|se mencione)",
  "(?<=(?:dije|dicho|hable|hablado|hablamos|comente|comentado) )(?:de|del)",
].join("|");
const LOOKING = "(?:busca|buscar|buscame|busco|encuentra|search for|search|find)";
/** In what is looked for, these speak of records: it is a list that is wanted. */
const LISTING = `${RECORD_WORDS}|${ANY_TASK}|ultim[oa]s?|penultim[oa]|primer[oa]?s?|last|first|todo|todos|todas|lo|todo lo|everything`;

const QUOTED = /["«“]([^"«»“”]{1,200})["»”]/;

/**
 * The words that are looked for: quoted, all that follows «sobre» less a date at its end, or all that follows «busca».
 * A date or a language that may belong to them or to the question makes it unclear.
 */
export function findSearch(question: string, moment: Moment): Found | "unclear" {
  const normal = normalise(question);
  const quoted = QUOTED.exec(question);
  if (quoted?.[1]?.trim()) {
    const before = normal
      .slice(0, quoted.index)
      .replace(new RegExp(`(?<= |^)(?:${ABOUT}|${LOOKING}) *$`), " ");
    const after = normal.slice(quoted.index + quoted[0].length);
    return { search: quoted[1].trim(), rest: `${before} ${after}` };
  }
  const about = new RegExp(`(?<= |^)(?:${ABOUT}) +(?=\\S)`).exec(normal);
  if (about) {
    const start = about.index + about[0].length;
    return cut(question, normal, { before: about.index, start, moment });
  }
  const looking = new RegExp(`^ *${LOOKING} +(?=\\S)`).exec(normal);
  const start = looking?.[0].length ?? 0;
  if (looking && !new Remainder(normal.slice(start)).has(LISTING)) {
    const isDate = new Remainder(normal.slice(start));
    return isOnlyDate(isDate, moment)
      ? { search: null, rest: normal }
      : cut(question, normal, { before: 0, start, moment });
  }
  return { search: null, rest: normal };
}

function cut(
  question: string,
  normal: string,
  { before, start, moment }: { before: number; start: number; moment: Moment },
): Found | "unclear" {
  const phrase = normal.slice(start);
  // «sobre las 10» is a time; a language or a count behind the words may be theirs.
  if (/^(?:las? )?\d{1,2}(?::\d\d)?(?: |$)/.test(phrase)) return "unclear";
  if (new RegExp(` en (?:${LANGUAGE}) *$|(?:^| )(?:cuant[oa]s|how many) `).test(phrase)) {
    return "unclear";
  }
  const dated = new Remainder(phrase);
  if (!hasDate(dated, moment)) {
    const search = tidy(question.slice(start));
    return search === "" ? "unclear" : { search, rest: normal.slice(0, before) };
  }
  const tail = dated.takenTail();
  if (tail === undefined) return "unclear";
  // «la reunión de ayer» was held yesterday, or spoken of.
  const isTheirs =
    /^del? /.test(phrase.slice(tail)) || /(?:^| )del? *$/.test(phrase.slice(0, tail));
  const search = tidy(question.slice(start, start + tail));
  if (isTheirs || search === "") return "unclear";
  return { search, rest: `${normal.slice(0, before)} ${phrase.slice(tail)}` };
}

function hasDate(phrase: Remainder, moment: Moment): boolean {
  try {
    return takeSpan(phrase, moment) !== undefined;
  } catch (error) {
    if (error instanceof UnreadableDate) return true;
    throw error;
  }
}

function isOnlyDate(phrase: Remainder, moment: Moment): boolean {
  return hasDate(phrase, moment) && phrase.words().length === 0;
}

/** Without the article before it, the courtesy and the signs behind it. */
function tidy(words: string): string {
  return words
    .replace(/(?:por favor|gracias|please)?[\s?!.,;:¿¡]*$/iu, "")
    .replace(/[\s?!.,;:]+$/u, "")
    .replace(/^\s*(?:el|la|los|las|un|una|the) +/iu, "")
    .trim();
}
