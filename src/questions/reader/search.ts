import { takeSpan, UnreadableDate, type Moment } from "./dates.ts";
import { normalise, Remainder } from "./normalise.ts";
import { ANY_TASK, LANGUAGE, RECORD_WORDS } from "./vocabulary.ts";

/** The words that are looked for, as typed, and the question without them, folded. */
type Found = { search: string | null; rest: string };

const SAYING =
  "hablen|hablan|hable|habla|mencionen|mencionan|mencione|menciona|contengan|contienen|contenga|contiene|digan|dicen|traten|tratan";
const THE_WORD = "(?: (?:la palabra|el termino|the word))?";
const ABOUT = [
  `(?:que (?:${SAYING}) )?(?:sobre(?! todo)|acerca de|relacionad[oa]s? con|con la palabra|about|mentioning|containing)`,
  "que (?:hablen|hablan|hable|habla|traten|tratan) (?:de|del)",
  `que (?:${SAYING})${THE_WORD}`,
  "(?:hablan|tratan) (?:de|del|sobre)|mencionan|contienen",
  "(?:(?:that|which) )?(?:mentions?|contains?|talks? about)",
  "(?:donde|en (?:el|la|los|las) que) (?:aparezca|aparece|salga|sale|se hable de|se mencione)",
  "(?<=(?:dije|dicho|hable|hablado|hablamos|comente|comentado) )(?:de|del|d)",
].join("|");
const LOOKING = `(?:busca|buscar|buscame|busco|encuentra|search for|search|find)(?: lo (?:de|del|d)|${THE_WORD})`;
/** «sobre facturas pero no sobre contratos»: a search cannot leave out what a person means to. */
const EXCLUDING = "pero|excepto|salvo|sino|menos|ni|y no|but|except";
/** What was done with what is looked for: «cuántos textos sobre ventas resumí». */
const DOING =
  "(?:te |me )?(?:hice|hicimos|pedi|pedimos|envie|mande|pase|dije|pregunte|consulte|escribi|procese|realice|llevo|tengo|hay|traduje|tradujimos|resumi|resumimos|clasifique|clasificamos|extraje|genere)|(?:te )?(?:he|hemos) \\p{L}+|(?:did|do|have) (?:i|we) \\p{L}+";
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
  const looking = new RegExp(`^ *${LOOKING}:? +(?=\\S)`).exec(normal);
  const start = looking?.[0].length ?? 0;
  if (looking && !new Remainder(normal.slice(start)).has(LISTING)) {
    // «busca un restaurante», «encuentra mi móvil»: elsewhere.
    if (/^(?:en|una?|mis?|my|an?|in) /.test(normal.slice(start))) return "unclear";
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
  if (/^(?:que|quien|cual|what|which|who) /.test(phrase)) return "unclear";
  if (new Remainder(phrase).has(EXCLUDING)) return "unclear";
  // «sobre las 10» is a time; a language or a count behind the words may be theirs.
  if (/^(?:las? )?\d{1,2}(?::\d\d)?(?: |$)/.test(phrase)) return "unclear";
  if (new RegExp(` en (?:${LANGUAGE}) *$|(?:^| )(?:cuant[oa]s|how many) `).test(phrase)) {
    return "unclear";
  }
  const dated = new Remainder(phrase);
  const tail = hasDate(dated, moment) ? dated.takenTail() : phrase.length;
  if (tail === undefined) return "unclear";
  // «la reunión de ayer» was held yesterday, or spoken of.
  const isTheirs =
    /^del? /.test(phrase.slice(tail)) || /(?:^| )del? *$/.test(phrase.slice(0, tail));
  const done = new RegExp(`(?<= )(?:${DOING}) *$`, "u").exec(phrase.slice(0, tail));
  // In «lo que hice» it is theirs.
  if (done && !/^ *(?:[^ ]+ +)?(?:cuant[oa]s|que|cuales|how|what|which) /.test(normal)) {
    return "unclear";
  }
  const end = done?.index ?? tail;
  const search = tidy(question.slice(start, start + end));
  if (isTheirs || search === "" || (done && /(?:^| )(?:que|i) *$/.test(phrase.slice(0, end)))) {
    return "unclear";
  }
  return { search, rest: `${normal.slice(0, before)} ${phrase.slice(end)}` };
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

/** Without the article before it, the courtesy and the signs behind it; «o» as searches have it. */
function tidy(words: string): string {
  return words
    .replace(/(?:por favor|gracias|please)?[\s?!.,;:¿¡]*$/iu, "")
    .replace(/[\s?!.,;:'’]+$/u, "")
    .replace(/^[\s'‘]+/u, "")
    .replace(/^(?:el|la|los|las|un|una|the) +/iu, "")
    .replace(/ +[ou] +/giu, " OR ")
    .trim();
}
