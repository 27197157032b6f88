import { extractLocally } from "../../engine/extract/extract.ts";
import { listUnknownFigures } from "../../text/figures.ts";
import { blankOut, matchSpans, withoutOverlaps } from "../../text/spans.ts";

type KnownFigures = {
  /** Texts that contain counts. */
  counts: readonly string[];
  /** Texts that contain the dates and times of the period. */
  dates: readonly string[];
};

/** «El 12», «los días 8 y 9»: days without their month. «El 12 %» is not one. */
const BARE_DAYS =
  /(?<!\p{L})(?:el|días?)\s+\d{1,2}(?:(?:,|\s+y|\s+al?)\s+(?:el\s+)?\d{1,2})*(?![\p{L}\p{N}]|[.,]\p{N}|\s*(?:%|por\s+ciento))/giu;
const CLOCK_TIME = /(?<![\p{N}.,:])\d{1,2}(?::\d{2}|\.\d{2}(?=\s?h))(?![\p{N}:]|[.,]\p{N})/gu;

/**
 * Finds the figures of a Spanish report that its data does not contain, as they are written. Dates and counts are checked
 * apart: a period that ends on the 14th does not make «14 peticiones» true.
 * @param today ISO day
 */
export function findUnknownFigures(
  narrative: string,
  { counts, dates }: KnownFigures,
  { today, timeZone }: { today: string; timeZone: string },
): string[] {
  const dateSpans = extractLocally(narrative, {
    kinds: ["fecha"],
    referenceDate: today,
    timeZone,
    defaultCountry: "ES",
  });
  const undated = blankOut(narrative, dateSpans);
  const otherSpans = [BARE_DAYS, CLOCK_TIME].flatMap((pattern) => matchSpans(undated, pattern));
  const spans = withoutOverlaps([...dateSpans, ...otherSpans]);
  const writtenDates = spans.map(({ start, end }) => narrative.slice(start, end)).join("\n");
  return [
    ...listUnknownFigures(writtenDates, [...dates, ...counts]),
    ...listUnknownFigures(blankOut(narrative, spans), counts),
  ];
}
