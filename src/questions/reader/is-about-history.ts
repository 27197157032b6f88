import { ORDINAL } from "./numbers.ts";
import type { Remainder } from "./remainder.ts";
import { INFORMATION_REQUEST_WORDS, QUESTION_WORDS, SEARCH_VERBS } from "./vocabulary.ts";

/** What a question says, as far as it shows whether the history is meant. */
type QuestionFeatures = {
  /** The words that no rule took. */
  words: readonly string[];
  /** The nouns that it uses for records. */
  nouns: readonly string[];
  /** It names something done before. */
  isPast: boolean;
  isPresent: boolean;
  isCount: boolean;
  hasPlace: boolean;
  hasField: boolean;
  hasSearch: boolean;
  hasPeriod: boolean;
  hasIdiom: boolean;
  /** «un registro». */
  hasIndefiniteNoun: boolean;
};

/** «qué tengo», «qué hay», «cuándo es». */
export function isPresentTense(rest: Remainder): boolean {
  return rest.has(
    "tengo|tienen?|hay|have|there|(?:que|cuando|what|when) (?:es|son|is|are)(?! mis? | my )",
  );
}

const IDIOM = `(?<!anterior )(?:una?|a|de|en|por|(?:a|de|en) la) (?:${ORDINAL}|ultim[oa])|(?:${ORDINAL}|ultim[oa]) vez|(?<!el )cuarto`;

/** «un segundo», «a la primera», «por último», «la primera vez»: the ordinal need not count records. */
export function isIdiom(rest: Remainder): boolean {
  return rest.has(IDIOM);
}

/** Nouns that only this history has. */
const OWN_NOUN = /^(?:regist|histor|record)/;
/** Nouns that people count elsewhere too. */
const COMMON_NOUN = /^(?:tarea|trabajo|cosa|mensaje|task|thing|message)/;

/** Whether a question is about this history, and not about something else or the world. */
export function isAboutHistory(signs: QuestionFeatures): boolean {
  if (signs.isPast) return true;
  const { words, nouns, hasPlace, hasSearch } = signs;
  const isSearching = words.some((word) => SEARCH_VERBS.has(word));
  // «dame un registro», «qué es una consulta»
  if (signs.hasIndefiniteNoun && !hasPlace && !isSearching) return false;
  if (nouns.length > 0) return isAboutRecords(signs);
  if (hasSearch) {
    if (isSearching || signs.isCount) return true;
    // «dime algo sobre facturas» asks for general information.
    const isInformationRequest = words.some((word) => INFORMATION_REQUEST_WORDS.has(word));
    return (hasPlace && !signs.isPresent) || !isInformationRequest;
  }
  if (hasPlace) return signs.hasField || signs.hasPeriod || !signs.hasIdiom;
  // «ayer» and «lo de ayer» are about the history, «qué es hoy» and «fecha de hoy» are not.
  return signs.hasPeriod && !signs.hasField && !words.some((word) => QUESTION_WORDS.has(word));
}

/** For a question with a noun for records, such as «consultas», which people may also have elsewhere. */
function isAboutRecords({ nouns, isCount, isPresent, ...signs }: QuestionFeatures): boolean {
  if (signs.hasField) return signs.hasPlace || signs.hasSearch;
  // «qué tareas tengo», «qué consultas hay hoy»
  if (!isPresent || signs.hasPlace) return true;
  return nouns.some((noun) => (isCount ? !COMMON_NOUN.test(noun) : OWN_NOUN.test(noun)));
}
