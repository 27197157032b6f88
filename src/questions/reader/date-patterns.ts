import {
  ENGLISH_MONTHS,
  ENGLISH_WEEKDAYS,
  SHORT_MONTHS,
  SPANISH_MONTHS,
  SPANISH_WEEKDAYS,
} from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import { NUMBER_WORD, ORDINAL } from "./numbers.ts";
import { REQUEST_VERB } from "./vocabulary.ts";

// Pattern sources, in normalised words.

export const SPANISH_MONTH = SPANISH_MONTHS.join("|");
export const MONTH = [...SPANISH_MONTHS, ...ENGLISH_MONTHS].join("|");
/** Abbreviations count only next to a day: «mar» and «ago» alone are other words. */
export const MONTH_OF_DAY = `${MONTH}|${SHORT_MONTHS.join("|")}`;
export const WEEKDAY = [...SPANISH_WEEKDAYS.map(fold), ...ENGLISH_WEEKDAYS].join("|");

const YEAR = "\\d{4}";
const LAST_YEAR = "(?:el )?(?:ano (?:pasado|anterior)|pasado ano)|last year";
/** Optional. Groups: the year. */
export const OF_YEAR = `(?: (?:de |del |of )?(${YEAR}|${LAST_YEAR}))?`;

/**
 * The number of a day: «3», «3rd», «tres», «third». In «dame 3 de mayo» the 3 counts records, and in words it is a day
 * only after a word that announces one.
 */
export const DAY_NUMBER = `(?<!(?:los|las|mis|numero|my|ultim[oa]s?|primer[oa]s?|last|first|${REQUEST_VERB}) )\\d{1,2}(?:st|nd|rd|th)?|(?<=(?:el|al|del|dia|desde|hasta) )(?:primero|1o|${NUMBER_WORD})|(?:${ORDINAL})(?= of )`;

/** One day. `toWrittenDate` (written-date.ts) reads its groups. */
export const DAY = [
  "(hoy|today)",
  "(ayer|yesterday)",
  "(anteayer|antier|antes de ayer|the day before yesterday)",
  `(?:el |the )?(?:(${WEEKDAY}) )?(?:dia )?(${DAY_NUMBER}) (?:de |of )?(${MONTH_OF_DAY})${OF_YEAR}`,
  `(?:on )?(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?(?: (${YEAR}))?`,
  `(${YEAR})-(\\d{1,2})-(\\d{1,2})`,
  `(?:el |on )?(?:dia )?(\\d{1,2})[/-](\\d{1,2})(?:[/-](${YEAR}|2\\d))?`,
  `(?<!(?:los|cada|every|each) )(?:el |este |this |on |last )?(?:pasado |ultimo )?(${WEEKDAY})(?: pasado)?`,
].join("|");
export const DAY_GROUPS = 17;

export const PERIOD_UNIT = "semana|mes|trimestre|ano|week|month|quarter|year";
/** «esta semana», «el mes pasado». Groups: unit of the current period, unit of the last one (2). */
export const NEAR_PERIOD = `(?:est[ea]|this) (${PERIOD_UNIT})|(?:el |la )?(${PERIOD_UNIT}) (?:pasad[oa]|anterior)|(?:el |la )?(?:pasad[oa]|last) (${PERIOD_UNIT})`;

/** A day or a whole period, as in «desde mayo». `toWrittenDate` reads its groups. */
export const EXTENT = `${DAY}|(?:el )?(?:mes de )?(${MONTH})${OF_YEAR}|(?:el )?(?:ano )?(20\\d\\d)|${NEAR_PERIOD}`;
export const EXTENT_GROUPS = DAY_GROUPS + 6;

/** A unit after a number: «3 días», «24 hours». */
export const COUNTED_UNIT = "dia|semana|mes|trimestre|ano|hora|day|week|month|quarter|year|hour";
export const PLURAL_ENDING = "(?:s|es)?";
