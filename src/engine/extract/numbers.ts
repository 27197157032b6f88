import type { EntityMatch, NumberValue } from "./entity.ts";
import { FIGURE, FIGURE_START, multiply, readFigure, SCALE_WORD, scaleFactor } from "./figures.ts";
import { phrase, WORD_END } from "./patterns.ts";

/** Letters that may be glued to a figure without making a code of both. */
const GLUED_UNITS =
  "kg|g|mg|km|m|cm|mm|ha|l|ml|h|min|s|ms|gb|mb|tb|kb|kw|kwh|mw|w|v|a|hz|mhz|ghz|px|pt|km\\/h|m²|m2|m3|m³|x|k";
const PERCENT = "\\s?%|\\s(?:por ciento|por cien|per cent|percent|puntos porcentuales)";

/** Groups: sign, figure, percentage, scale. */
const NUMBER = new RegExp(
  `${FIGURE_START}((?:(?<![\\p{L}\\p{N})\\]])[-−])?)(${FIGURE})(?:(${phrase(PERCENT)})(?![\\p{L}\\p{N}])|\\s(${phrase(SCALE_WORD)})${WORD_END}|(?=(?:${GLUED_UNITS})${WORD_END})|(?![\\p{L}\\p{M}\\p{N}_ºª°@#%\\uFFFC\\uFE0F\\u20E3]|\\.?[ºª°]|[:/\\-–‑·\\\\][\\p{L}\\p{N}]|[.,'’]\\d))`,
  "giu",
);
const AFTER_VERSION = new RegExp(
  `(?:^|[^\\p{L}])(?:${phrase("versión|version|release|python|node|php|java|android|ios|windows|v")})\\.?\\s?$`,
  "iu",
);
const LIST_MARKER = /(?:^|[\n\r])[ \t]{0,20}\(?$/u;

/**
 * Figures in digits that are no part of a code, an hour, an ordinal, a version or the numbering of a list; with their
 * percent sign or scale («12 %», «3 millones»).
 */
export function findNumbers(
  text: string,
  options: { english: boolean },
): EntityMatch<NumberValue>[] {
  return Array.from(text.matchAll(NUMBER)).flatMap((match) => {
    const [written, sign, figure = "", percent, scale] = match;
    const start = match.index;
    const end = start + written.length;
    if (/^0\d/u.test(figure)) return [];
    const before = text.slice(Math.max(0, start - 24), start);
    if (AFTER_VERSION.test(before)) return [];
    if (LIST_MARKER.test(before) && /^[.)]\s/u.test(text.slice(end, end + 2))) return [];
    const size = multiply(
      readFigure(figure, { english: options.english, money: false }),
      scaleFactor(scale),
    );
    const value: NumberValue = {
      cantidad: sign && size !== 0 ? -size : size,
      unidad: percent ? "%" : null,
    };
    return [{ start, end, value }];
  });
}
