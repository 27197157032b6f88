import type { AmountValue, EntityMatch } from "./entity.ts";
import {
  CURRENCY_BEFORE,
  CURRENCY_CODE,
  CURRENCY_NAME,
  CURRENCY_SYMBOL,
  readCurrency,
} from "./currencies.ts";
import { FIGURE, AMOUNT_START, multiply, readFigure, SCALE_WORD, scaleFactor } from "./figures.ts";
import { phrase, WORD_END } from "./patterns.ts";

const BLANKS = "[ \\t\\u00a0\\u2009\\u202f]{0,2}";
const SIGN = "(?:(?<![\\p{L}\\p{N})])[-−])?";
/** «3,5 M€», «$5k», «$1.2bn». */
const LETTER_SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  m: 1e6,
  mm: 1e6,
  bn: 1e9,
  b: 1e9,
};

/** Groups: sign, currency, sign, figure, scale letter, scale word, code. */
const CURRENCY_FIRST = new RegExp(
  `(?<![\\p{L}\\p{N}_\\uFFFC])(${SIGN})(${CURRENCY_BEFORE})${BLANKS}([-−]?)(${FIGURE})(?:${BLANKS}(k|mm?|bn|b)${WORD_END}|\\s(${phrase(SCALE_WORD)})${WORD_END})?(?:${BLANKS}(${CURRENCY_CODE})${WORD_END})?(?![\\p{L}\\p{N}_])`,
  "giu",
);
/** Groups: sign, figure, scale letter, scale word, symbol or code, name. */
const CURRENCY_LAST = new RegExp(
  `${AMOUNT_START}(${SIGN})(${FIGURE})(?:${BLANKS}(k|mm?)(?=${BLANKS}(?:${CURRENCY_SYMBOL}|(?:${CURRENCY_CODE})${WORD_END}))|\\s(${phrase(SCALE_WORD)}))?(?:(?:\\sde)?${BLANKS}(${CURRENCY_SYMBOL}(?!${BLANKS}\\d)|(?:${CURRENCY_CODE})${WORD_END})|\\s{1,2}(?:${phrase("de ")})?(${phrase(CURRENCY_NAME)})${WORD_END})`,
  "giu",
);

/**
 * Sums of money in digits, with the currency before or behind: «1.234,56 €», «$1.2 million», «12 millones de euros».
 * Whose «$» and «pesos» are meant depends on `country`, an ISO 3166 code.
 */
export function findAmounts(
  text: string,
  options: { english: boolean; country: string },
): EntityMatch<AmountValue>[] {
  const value = (figure: string, sign: string, factor: number, currency: string): AmountValue => {
    const { code, share } = readCurrency(currency, options.country);
    const size = readFigure(figure, { english: options.english, money: true });
    const amount = multiply(multiply(size, factor), share);
    return { cantidad: sign && amount !== 0 ? -amount : amount, moneda: code };
  };
  const first = Array.from(text.matchAll(CURRENCY_FIRST)).flatMap((match) => {
    const [written, before = "", currency = "", within = "", figure = "", letter, scale, code] =
      match;
    if (isOtherWord(currency) || (code && isOtherWord(code))) return [];
    return {
      start: match.index,
      end: match.index + written.length,
      value: value(figure, before || within, factorOf(letter, scale), code ?? currency),
    };
  });
  const last = Array.from(text.matchAll(CURRENCY_LAST)).flatMap((match) => {
    const [written, sign = "", figure = "", letter, scale, symbol = "", name = ""] = match;
    if (isOtherWord(symbol)) return [];
    return {
      start: match.index,
      end: match.index + written.length,
      value: value(figure, sign, factorOf(letter, scale), symbol || name),
    };
  });
  return [...first, ...last];
}

/** Most codes in small letters are words: «pen», «try», «mad». */
function isOtherWord(currency: string): boolean {
  return (
    /^[a-z]{3}$/iu.test(currency) &&
    currency !== currency.toUpperCase() &&
    !/^(?:eur|usd|gbp|mxn)$/iu.test(currency)
  );
}

function factorOf(letter: string | undefined, scale: string | undefined): number {
  return letter ? (LETTER_SCALES[letter.toLowerCase()] ?? 1) : scaleFactor(scale);
}
