import { eld } from "eld/extrasmall";

/** eld reads this many characters and ignores the rest. */
const PIECE_LENGTH = 1_000;
/** Raw text per piece; more than eld reads, because addresses and numbers are removed first. */
const PIECE_SOURCE_LENGTH = 2_000;
/** In longer texts eld is reliable without the hints below. */
const SHORT_TEXT_WORDS = 15;
/** One known word decides between similar languages: eld scores from 0 to 1, and close rivals differ by less. */
const HINT_SCORE = 0.2;

/** Frequent words of one language that similar languages lack. eld confuses them in short messages. */
const HINT_WORDS: ReadonlyMap<string, readonly string[]> = hintIndex({
  es: "hola sí funciona todo bien gracias buenos buenas adiós y los las el del con por para qué cómo cuándo dónde está están dime vale perdón urgente mañana hoy muy pero tengo necesito quiero puedo",
  en: "hello hi hey thanks thank please the and is are my your you with for of how what when where meeting password reset happy yes okay today tomorrow problem we i it this that have need want can't don't",
  pt: "olá obrigado obrigada não você com uma tudo bom boa até preciso em ao da do os isso estou",
  ca: "amb què els bon com estàs moltes gràcies si us plau demà avui puc vull necessito l' d' és meu meva fins aviat bona nit s'",
  fr: "bonjour merci je vous les des est et une pas ça c'est l' d' s'il plaît réunion le avec accord d'accord pour demain très",
  de: "hallo danke bitte ich nicht der die das und ist mit für ein eine morgen guten sehr wie bis bald auf",
  it: "ciao grazie buongiorno buonasera il gli che non è sono per di domani come vorrei perché anche della",
  eu: "kaixo egun eskerrik asko eta da dago ez bai mesedez arratsalde",
});

/** Characters that only one language uses, or one far more than others. */
const HINT_MARKS: readonly (readonly [RegExp, string])[] = [
  [/[¿¡]/u, "es"],
  [/ñ/iu, "es"],
  [/l·l/iu, "ca"],
  [/[ãõ]/iu, "pt"],
  [/ß/u, "de"],
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, "ja"],
  [/\p{Script=Han}/u, "zh"],
];

/** Codes that `detectLanguage` can return. A text in any other language gets one of these. */
export const DETECTED_LANGUAGES: ReadonlySet<string> = new Set(Object.values(eld.info().Languages));

/**
 * ISO 639-1 code of the language of most of the text; null when it has no words, or a single word that exists in
 * several languages. Reads at most three pieces of limited length, so the cost does not grow with the text.
 */
export function detectLanguage(text: string): string | null {
  const charactersByLanguage = new Map<string, number>();
  for (const piece of samplePieces(text).map(withoutAddresses)) {
    const language = detectInPiece(piece);
    if (language) add(charactersByLanguage, language, piece.length);
  }
  return best(charactersByLanguage);
}

function detectInPiece(piece: string): string | null {
  if (!/\p{L}[\p{L}\p{M}]/u.test(piece)) return null;
  const verdict = eld.detect(piece);
  const words = piece.toLowerCase().match(WORD) ?? [];
  const hints = words.length <= SHORT_TEXT_WORDS ? hintScores(words, piece) : NO_HINTS;
  if (words.length === 1 && hints.size > 0) return best(hints);
  if (words.length === 1 && !verdict.isReliable() && !NOT_LATIN_LETTER.test(piece)) return null;

  const scores = new Map(Object.entries(verdict.getScores()));
  for (const [language, score] of hints) add(scores, language, score);
  return best(scores);
}

const WORD = /[\p{L}\p{M}]+(?:['’](?:t|est|il)\b|['’])?/gu;
/** In other scripts one word is enough: few languages share them. */
const NOT_LATIN_LETTER = /[^\p{Script=Latin}\P{L}]/u;
const NO_HINTS: ReadonlyMap<string, number> = new Map();

function samplePieces(text: string): string[] {
  if (text.length <= PIECE_SOURCE_LENGTH) return [text];
  const last = text.length - PIECE_SOURCE_LENGTH;
  return [0, Math.floor(last / 2), last].map((start) =>
    text.slice(start, start + PIECE_SOURCE_LENGTH),
  );
}

/** Removes addresses, file names and codes, which give no information about the language. */
function withoutAddresses(piece: string): string {
  const words = piece.split(/\s+/u).filter((word) => !/[\d@]|:\/\/|^www\./u.test(word));
  return words.join(" ").slice(0, PIECE_LENGTH);
}

function hintScores(words: readonly string[], piece: string): Map<string, number> {
  const scores = new Map<string, number>();
  for (const word of words) {
    for (const language of HINT_WORDS.get(word.replace("’", "'")) ?? []) {
      add(scores, language, HINT_SCORE);
    }
  }
  for (const [mark, language] of HINT_MARKS) {
    if (mark.test(piece)) add(scores, language, 2 * HINT_SCORE);
  }
  return scores;
}

function hintIndex(lists: Record<string, string>): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const [language, list] of Object.entries(lists)) {
    for (const word of list.split(" ")) {
      index.set(word, [...(index.get(word) ?? []), language]);
    }
  }
  return index;
}

function add(scores: Map<string, number>, language: string, score: number): void {
  scores.set(language, (scores.get(language) ?? 0) + score);
}

function best(scores: ReadonlyMap<string, number>): string | null {
  let winner: string | null = null;
  let highest = 0;
  for (const [language, score] of scores) {
    if (score > highest) [winner, highest] = [language, score];
  }
  return winner;
}
