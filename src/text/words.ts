import { fold } from "./fold.ts";

/** Creates a set from words separated by single spaces. */
export function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}

export function foldedSet(words: string, separator: " " | ","): ReadonlySet<string> {
  return new Set(words.split(separator).map(fold));
}

/** Spanish definite articles. */
export const SPANISH_ARTICLES = "el la los las";
/** They join the parts of a name: «Universidad de Salamanca», «Bank of America». */
export const OF_WORDS = "de del of";

const SPANISH_FUNCTION_WORDS =
  "a al algo algun alguna algunas alguno algunos ante antes aquel aquella aquellas aquellos aqui asi aun aunque bajo bien cada casi como con contra cual cuales cuando cuya cuyas cuyo cuyos da dan de del desde donde dos durante e el ella ellas ello ellos en entonces entre era eran es esa esas ese eso esos esta estaba estaban estado estamos estan estar estas este esto estos estoy fue fueron fui ha habia habian haber han hasta hay he hemos incluso la las le les lo los luego mas me mi mientras mis mismo misma mucha muchas mucho muchos muy nada ni no nos nosotros nuestra nuestras nuestro nuestros o os otra otras otro otros para pero poco por porque pues que quien quienes se sea sean segun ser sera si sido siempre sin sino sobre solo son soy su sus tambien tampoco tan tanto te tener tengo ti tiene tienen toda todas todo todos tras tu tus u un una unas uno unos usted ustedes va vamos van vosotros vuestra vuestro y ya yo";

const ENGLISH_FUNCTION_WORDS =
  "a about after all also an and any are as at be because been before being both but by can could did do does doing down during each few for from further had has have having he her here hers him his how however i if in into is it its itself just me more most must my no nor not now of off on once only or other our ours out over own same she should so some such than that the their theirs them then there these they this those through to too under until up us very was we were what when where which while who whom why will with would you your yours";

/** Folded Spanish and English words that carry grammar, not meaning: articles, prepositions, pronouns, auxiliaries. */
export const FUNCTION_WORDS = wordSet(`${SPANISH_FUNCTION_WORDS} ${ENGLISH_FUNCTION_WORDS}`);

/**
 * Maps the forms of a folded word to one stem. English uses D. Harman's S-stemmer ("How effective is suffixing?", JASIS
 * 1991); every other language uses the rules for Romance languages of J. Savoy's light stemmer (UniNE, "Light
 * stemming approaches for the French, Portuguese, German and Hungarian languages", SAC 2006, as in Lucene's
 * SpanishLightStemmer).
 */
export function stem(foldedWord: string, language: string | null): string {
  return language === "en" ? stemEnglish(foldedWord) : stemRomance(foldedWord);
}

function stemRomance(word: string): string {
  if (word.length < 5) return word;
  if (/[oae]$/u.test(word)) return word.slice(0, -1);
  if (!word.endsWith("s")) return word;
  if (word.endsWith("eses")) return word.slice(0, -2);
  if (word.endsWith("ces")) return `${word.slice(0, -3)}z`;
  if (/[oae]s$/u.test(word)) return word.slice(0, -2);
  return word;
}

function stemEnglish(word: string): string {
  if (word.length < 4 || !word.endsWith("s")) return word;
  if (word.endsWith("ies") && !/[ea]ies$/u.test(word)) return `${word.slice(0, -3)}y`;
  if (/[us]s$/u.test(word) || /[aeo]es$/u.test(word)) return word;
  return word.slice(0, -1);
}
