import { extractLocally } from "../../engine/extract/extract.ts";
import { unknownFigures } from "../../text/figures.ts";
import { blankOut, matchSpans, withoutOverlaps } from "../../text/spans.ts";

export type KnownFigures = {
  /** Texts with what was counted. */
  counts: readonly string[];
  /** Texts with the days and hours that it is about. */
  moments: readonly string[];
};

/** «El 12», «los días 8 y 9»: days without their month; «el 12 %» is none. */
const BARE_DAYS =
  /(?<!\p{L})(?:el|días?)\s+\d{1,2}(?:(?:,|\s+y|\s+al?)\s+(?:el\s+)?\d{1,2})*(?![\p{L}\p{N}]|[.,]\p{N}|\s*(?:%|por\s+ciento))/giu;
const CLOCK_TIME = /(?<![\p{N}.,:])\d{1,2}(?::\d{2}|\.\d{2}(?=\s?h))(?![\p{N}:]|[.,]\p{N})/gu;

/**
 * The figures of a Spanish narrative that nobody gave, as written there. Those of a day are no count: «14 peticiones»
 * is not true because the period ends on a 14th. `today` is an ISO day.
 */
export function unknownInNarrative(
  narrative: string,
  { counts, moments }: KnownFigures,
  { today, timeZone }: { today: string; timeZone: string },
): string[] {
  const dates = extractLocally(narrative, {
    kinds: ["fecha"],
    referenceDate: today,
    timeZone,
    defaultCountry: "ES",
  }).map(({ inicio, fin }) => ({ start: inicio, end: fin }));
  const undated = blankOut(narrative, dates);
  const others = [BARE_DAYS, CLOCK_TIME].flatMap((pattern) => matchSpans(undated, pattern));
  const told = withoutOverlaps([...dates, ...others]);
  const momentsTold = told.map(({ start, end }) => narrative.slice(start, end)).join("\n");
  return [
    ...unknownFigures(momentsTold, [...moments, ...counts]),
    ...unknownFigures(blankOut(narrative, told), counts),
  ];
}
