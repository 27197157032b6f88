const ACCENTS = /\p{M}+/gu;

/** Lower case without accents, so that «Nómina», «nomina» and «NÓMINA» are one word. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(ACCENTS, "").toLowerCase();
}

const SPANISH_FUNCTION_WORDS =
  "a al algo algun alguna algunas alguno algunos ante antes aquel aquella aquellas aquellos aqui asi aun aunque bajo bien cada casi como con contra cual cuales cuando cuya cuyas cuyo cuyos da dan de del desde donde dos durante e el ella ellas ello ellos en entonces entre era eran es esa esas ese eso esos esta estaba estaban estado estamos estan estar estas este esto estos estoy fue fueron fui ha habia habian haber han hasta hay he hemos incluso la las le les lo los luego mas me mi mientras mis mismo misma mucha muchas mucho muchos muy nada ni no nos nosotros nuestra nuestras nuestro nuestros o os otra otras otro otros para pero poco por porque pues que quien quienes se sea sean segun ser sera si sido siempre sin sino sobre solo son soy su sus tambien tampoco tan tanto te tener tengo ti tiene tienen toda todas todo todos tras tu tus u un una unas uno unos usted ustedes va vamos van vosotros vuestra vuestro y ya yo";

const ENGLISH_FUNCTION_WORDS =
  "a about after all also an and any are as at be because been before being both but by can could did do does doing down during each few for from further had has have having he her here hers him his how however i if in into is it its itself just me more most must my no nor not now of off on once only or other our ours out over own same she should so some such than that the their theirs them then there these they this those through to too under until up us very was we were what when where which while who whom why will with would you your yours";

/** Folded words that hold a sentence together and say nothing of what it is about, in Spanish and English. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  `${SPANISH_FUNCTION_WORDS} ${ENGLISH_FUNCTION_WORDS}`.split(" "),
);

/**
 * Brings the forms of a folded word together. Spanish and its neighbours: J. Savoy's light stemmer (UniNE, "Light
 * stemming approaches for the French, Portuguese, German and Hungarian languages", SAC 2006, as in Lucene's
 * SpanishLightStemmer). English: D. Harman's S-stemmer ("How effective is suffixing?", JASIS 1991).
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
