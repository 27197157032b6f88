import { textAfter, textBefore } from "../../text/spans.ts";
import type { EntityMatch, NumberValue } from "./entity.ts";
import {
  multiply,
  NUMERAL,
  NUMERAL_START,
  readNumeral,
  SCALE_WORD,
  scaleFactor,
} from "./numerals.ts";
import { phrase, WORD_END } from "./patterns.ts";

/** Units written together with the number. Other letters would make it a code. */
const ATTACHED_UNITS =
  "kg|g|mg|km|m|cm|mm|ha|l|ml|h|min|s|ms|gb|mb|tb|kb|kw|kwh|mw|w|v|a|hz|mhz|ghz|px|pt|km\\/h|m²|m2|m3|m³|x|k";
const PERCENT = "\\s?%|\\s(?:por ciento|por cien|per cent|percent|puntos porcentuales)";

/** Groups: sign, numeral, percentage, scale. */
const NUMBER = new RegExp(
  `${NUMERAL_START}((?:(?<![\\p{L}\\p{N})\\]])[-−])?)(${NUMERAL})(?:(${phrase(PERCENT)})(?![\\p{L}\\p{N}])|\\s(${phrase(SCALE_WORD)})${WORD_END}|(?=(?:${ATTACHED_UNITS})${WORD_END})|(?![\\p{L}\\p{M}\\p{N}_ºª°@#%\\uFFFC\\uFE0F\\u20E3]|\\.?[ºª°]|[:/\\-–‑·\\\\][\\p{L}\\p{N}]|[.,'’]\\d))`,
  "giu",
);
const VERSION_BEFORE = new RegExp(
  `(?:^|[^\\p{L}])(?:${phrase("versión|version|release|python|node|php|java|android|ios|windows|v")})\\.?\\s?$`,
  "iu",
);
const LINE_START_BEFORE = /(?:^|[\n\r])[ \t]{0,20}\(?$/u;

/**
 * Numbers in digits, with their percent sign or scale («12 %», «3 millones»). Codes, times, ordinals, versions and list
 * numbers are not numbers.
 */
export function findNumbers(
  text: string,
  { isEnglish }: { isEnglish: boolean },
): EntityMatch<NumberValue>[] {
  return Array.from(text.matchAll(NUMBER)).flatMap((match) => {
    const [written, sign, numeral = "", percent, scale] = match;
    const start = match.index;
    const end = start + written.length;
    if (/^0\d/u.test(numeral)) return [];
    const before = textBefore(text, start, 24);
    if (VERSION_BEFORE.test(before)) return [];
    if (LINE_START_BEFORE.test(before) && /^[.)]\s/u.test(textAfter(text, end, 2))) return [];
    const size = multiply(readNumeral(numeral, { isEnglish, isMoney: false }), scaleFactor(scale));
    const value: NumberValue = {
      amount: sign && size !== 0 ? -size : size,
      unit: percent ? "%" : null,
    };
    return [{ start, end, value }];
  });
}
