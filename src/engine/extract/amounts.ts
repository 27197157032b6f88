import type { AmountValue, EntityMatch } from "./entity.ts";
import {
  CURRENCY_BEFORE,
  CURRENCY_CODE,
  CURRENCY_NAME,
  CURRENCY_SYMBOL,
  readCurrency,
} from "./currencies.ts";
import {
  AMOUNT_START,
  multiply,
  NUMERAL,
  readNumeral,
  SCALE_WORD,
  scaleFactor,
} from "./numerals.ts";
import { phrase, WORD_END } from "./patterns.ts";

const SPACES = "[ \\t\\u00a0\\u2009\\u202f]{0,2}";
const SIGN = "(?:(?<![\\p{L}\\p{N})])[-−])?";
/** «3,5 M€», «$5k», «$1.2bn». */
const LETTER_SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  m: 1e6,
  mm: 1e6,
  bn: 1e9,
  b: 1e9,
};

/** Groups: sign, currency, sign, numeral, scale letter, scale word, code. */
const CURRENCY_FIRST = new RegExp(
  `(?<![\\p{L}\\p{N}_\\uFFFC])(${SIGN})(${CURRENCY_BEFORE})${SPACES}([-−]?)(${NUMERAL})(?:${SPACES}(k|mm?|bn|b)${WORD_END}|\\s(${phrase(SCALE_WORD)})${WORD_END})?(?:${SPACES}(${CURRENCY_CODE})${WORD_END})?(?![\\p{L}\\p{N}_])`,
  "giu",
);
/** Groups: sign, numeral, scale letter, scale word, symbol or code, name. */
const CURRENCY_LAST = new RegExp(
  `${AMOUNT_START}(${SIGN})(${NUMERAL})(?:${SPACES}(k|mm?)(?=${SPACES}(?:${CURRENCY_SYMBOL}|(?:${CURRENCY_CODE})${WORD_END}))|\\s(${phrase(SCALE_WORD)}))?(?:(?:\\sde)?${SPACES}(${CURRENCY_SYMBOL}(?!${SPACES}\\d)|(?:${CURRENCY_CODE})${WORD_END})|\\s{1,2}(?:${phrase("de ")})?(${phrase(CURRENCY_NAME)})${WORD_END})`,
  "giu",
);

/**
 * Sums of money in digits, with their currency: «1.234,56 €», «$1.2 million», «12 millones de euros». «$» and «pesos»
 * are those of `country`, an ISO 3166 code.
 */
export function findAmounts(
  text: string,
  { isEnglish, country }: { isEnglish: boolean; country: string },
): EntityMatch<AmountValue>[] {
  const toValue = (
    numeral: string,
    sign: string,
    factor: number,
    currency: string,
  ): AmountValue => {
    const { code, share } = readCurrency(currency, country);
    const size = multiply(
      multiply(readNumeral(numeral, { isEnglish, isMoney: true }), factor),
      share,
    );
    return { amount: sign && size !== 0 ? -size : size, currency: code };
  };
  const first = Array.from(text.matchAll(CURRENCY_FIRST)).flatMap((match) => {
    const [written, before = "", currency = "", within = "", numeral = "", letter, scale, code] =
      match;
    if (isOtherWord(currency) || (code && isOtherWord(code))) return [];
    return {
      start: match.index,
      end: match.index + written.length,
      value: toValue(numeral, before || within, factorOf(letter, scale), code ?? currency),
    };
  });
  const last = Array.from(text.matchAll(CURRENCY_LAST)).flatMap((match) => {
    const [written, sign = "", numeral = "", letter, scale, symbol = "", name = ""] = match;
    if (isOtherWord(symbol)) return [];
    return {
      start: match.index,
      end: match.index + written.length,
      value: toValue(numeral, sign, factorOf(letter, scale), symbol || name),
    };
  });
  return [...first, ...last];
}

/** In lower case, most currency codes are words: «pen», «try», «mad». */
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
