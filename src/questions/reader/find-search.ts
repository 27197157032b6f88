import { Remainder } from "./remainder.ts";
import { normalise } from "./normalise.ts";
import type { QuestionClock } from "./question-filter.ts";
import { takePeriod } from "./take-period.ts";
import { UnreadableDate } from "./written-date.ts";
import { ANY_TASK_WORD, LANGUAGE_NAME, RECORD_WORD } from "./vocabulary.ts";

/** The words to search for, as typed, and the rest of the question, normalised. */
type SearchReading = { search: string | null; rest: string };

const SAYING =
  "hablen|hablan|hable|habla|mencionen|mencionan|mencione|menciona|contengan|contienen|contenga|contiene|digan|dicen|traten|tratan";
const THE_WORD = "(?: (?:la palabra|el termino|the word))?";
/** What follows is searched for: «sobre facturas». */
const ABOUT = [
  `(?:que (?:${SAYING}) )?(?:sobre(?! todo)|acerca de|relacionad[oa]s? con|con la palabra|about|mentioning|containing)`,
  "que (?:hablen|hablan|hable|habla|traten|tratan) (?:de|del)",
  `que (?:${SAYING})${THE_WORD}`,
  "(?:hablan|tratan) (?:de|del|sobre)|mencionan|contienen",
  "(?:(?:that|which) )?(?:mentions?|contains?|talks? about)",
  "(?:donde|en (?:el|la|los|las) que) (?:aparezca|aparece|salga|sale|se hable de|se mencione)",
  "(?<=(?:dije|dicho|hable|hablado|hablamos|comente|comentado) )(?:de|del|d)",
].join("|");
/** The same at the start of a question: «busca facturas». */
const LOOKING = `(?:busca|buscar|buscame|busco|encuentra|search for|search|find)(?: lo (?:de|del|d)|${THE_WORD})`;
/** «sobre facturas pero no sobre contratos»: the search cannot exclude words like this. */
const EXCLUDING = "pero|excepto|salvo|sino|menos|ni|y no|but|except";
/** An action after the words to search for: «cuántos textos sobre ventas resumí». */
const ACTION =
  "(?:te |me )?(?:hice|hicimos|pedi|pedimos|envie|mande|pase|dije|pregunte|consulte|escribi|procese|realice|llevo|tengo|hay|traduje|tradujimos|resumi|resumimos|clasifique|clasificamos|extraje|genere)|(?:te )?(?:he|hemos) \\p{L}+|(?:did|do|have) (?:i|we) \\p{L}+";
/** After «busca», these words ask for a list of records instead of a search. */
const LISTING = `${RECORD_WORD}|${ANY_TASK_WORD}|ultim[oa]s?|penultim[oa]|primer[oa]?s?|last|first|todo|todos|todas|lo|todo lo|everything`;

const QUOTED = /["«“]([^"«»“”]{1,200})["»”]/;
const ABOUT_AT_END = new RegExp(`(?<= |^)(?:${ABOUT}|${LOOKING}) *$`);
const ABOUT_BEFORE_WORDS = new RegExp(`(?<= |^)(?:${ABOUT}) +(?=\\S)`);
const LOOKING_AT_START = new RegExp(`^ *${LOOKING}:? +(?=\\S)`);

/**
 * The words to search for: those in quotation marks, those after «sobre» up to a date at the end, or those after
 * «busca». `unclear` when a date or a language may belong to them or to the question.
 */
export function findSearch(question: string, clock: QuestionClock): SearchReading | "unclear" {
  const normal = normalise(question);
  const quoted = QUOTED.exec(question);
  const quotedWords = quoted?.[1]?.trim();
  if (quoted && quotedWords) {
    const before = normal.slice(0, quoted.index).replace(ABOUT_AT_END, " ");
    const after = normal.slice(quoted.index + quoted[0].length);
    return { search: quotedWords, rest: `${before} ${after}` };
  }
  const about = ABOUT_BEFORE_WORDS.exec(normal);
  if (about) {
    const start = about.index + about[0].length;
    return splitAt(question, { normal, before: about.index, start, clock });
  }
  const looking = LOOKING_AT_START.exec(normal);
  const start = looking?.[0].length ?? 0;
  const isSearch = looking && !new Remainder(normal.slice(start)).has(LISTING);
  if (!isSearch) return { search: null, rest: normal };
  // «busca un restaurante», «encuentra mi móvil» are not about the history.
  if (/^(?:en|una?|mis?|my|an?|in) /.test(normal.slice(start))) return "unclear";
  return isOnlyDate(new Remainder(normal.slice(start)), clock)
    ? { search: null, rest: normal }
    : splitAt(question, { normal, before: 0, start, clock });
}

type SearchStart = {
  normal: string;
  /** Where the question ends. */
  before: number;
  /** Where the words to search for start. */
  start: number;
  clock: QuestionClock;
};

const CLOCK_TIME_AT_START = /^(?:las? )?\d{1,2}(?::\d\d)?(?: |$)/;
const LANGUAGE_OR_COUNT = new RegExp(` en (?:${LANGUAGE_NAME}) *$|(?:^| )(?:cuant[oa]s|how many) `);
const ACTION_AT_END = new RegExp(`(?<= )(?:${ACTION}) *$`, "u");
const QUESTION_AT_START = /^ *(?:[^ ]+ +)?(?:cuant[oa]s|que|cuales|how|what|which) /;

function splitAt(
  question: string,
  { normal, before, start, clock }: SearchStart,
): SearchReading | "unclear" {
  const phrase = normal.slice(start);
  if (/^(?:que|quien|cual|what|which|who) /.test(phrase)) return "unclear";
  if (new Remainder(phrase).has(EXCLUDING)) return "unclear";
  if (CLOCK_TIME_AT_START.test(phrase) || LANGUAGE_OR_COUNT.test(phrase)) return "unclear";
  const withoutDate = new Remainder(phrase);
  const tail = takesDate(withoutDate, clock) ? withoutDate.takenTail() : phrase.length;
  if (tail === undefined) return "unclear";
  // «la reunión de ayer»: the date may belong to the meeting.
  const hasOwnDate =
    /^del? /.test(phrase.slice(tail)) || /(?:^| )del? *$/.test(phrase.slice(0, tail));
  const action = ACTION_AT_END.exec(phrase.slice(0, tail));
  if (action && !QUESTION_AT_START.test(normal)) return "unclear";
  const end = action?.index ?? tail;
  // «sobre lo que hice»: the action belongs to the words to search for.
  const hasOwnAction = action && /(?:^| )(?:que|i) *$/.test(phrase.slice(0, end));
  const search = cleanSearch(question.slice(start, start + end));
  if (hasOwnDate || hasOwnAction || search === "") return "unclear";
  return { search, rest: `${normal.slice(0, before)} ${phrase.slice(end)}` };
}

/** Whether the phrase has a date, readable or not. A readable one is taken out. */
function takesDate(phrase: Remainder, clock: QuestionClock): boolean {
  try {
    return takePeriod(phrase, clock) !== undefined;
  } catch (error) {
    if (error instanceof UnreadableDate) return true;
    throw error;
  }
}

function isOnlyDate(phrase: Remainder, clock: QuestionClock): boolean {
  return takesDate(phrase, clock) && phrase.words().length === 0;
}

/** Removes a leading article, and closing courtesy and punctuation. «o» becomes the OR of the search. */
function cleanSearch(words: string): string {
  return words
    .replace(/(?:por favor|gracias|please)?[\s?!.,;:¿¡]*$/iu, "")
    .replace(/[\s?!.,;:'’]+$/u, "")
    .replace(/^[\s'‘]+/u, "")
    .replace(/^(?:el|la|los|las|un|una|the) +/iu, "")
    .replace(/ +[ou] +/giu, " OR ")
    .trim();
}
