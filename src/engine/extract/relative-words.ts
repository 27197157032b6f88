import { weekdayNumber } from "../../text/calendar-words.ts";
import { fold } from "../../text/fold.ts";
import { textAfter, textBefore } from "../../text/spans.ts";
import { oneDay, WEEKDAY, type DayReader, type DayReading } from "./day-reading.ts";
import { matchAt, sticky } from "./patterns.ts";

const RELATIVE_WORD = sticky(
  "(?:(hoy|today)(?: mismo)?|(esta (?:mañana|tarde|noche|madrugada)|this (?:morning|afternoon|evening)|tonight)|(pasado mañana|the day after tomorrow|day after tomorrow)|(mañana|tomorrow)(?: mismo)?|(anteayer|antes de ayer|antier|the day before yesterday|day before yesterday)|(anteanoche)|(anoche|last night)|(ayer|yesterday))",
);
const WEEKDAY_AFTER = sticky(`,? (${WEEKDAY})`);

/** «hoy», «mañana», «the day before yesterday», also with their weekday: «mañana, sábado». */
export const readRelativeWord: DayReader = ({ text, clock }, at) => {
  const match = matchAt(RELATIVE_WORD, text, at);
  if (!match) return undefined;
  const [written, today, partOfToday, inTwoDays, tomorrow, twoDaysAgo, twoNightsAgo, lastNight] =
    match;
  const end = at + written.length;
  const before = textBefore(text, at, 12);
  const daysFromToday = (days: number, dayPart?: string): DayReading | undefined => {
    const day = clock.today.add({ days });
    const weekday = matchAt(WEEKDAY_AFTER, text, end);
    const isSame = weekday && weekdayNumber(weekday[1] ?? "") === day.dayOfWeek;
    const reading = oneDay(isSame ? end + weekday[0].length : end, day);
    return reading && dayPart ? { ...reading, dayPart } : reading;
  };
  if (today) return isIdiom(text, end) ? undefined : daysFromToday(0);
  if (partOfToday) return daysFromToday(0, partOf(partOfToday));
  if (inTwoDays) return daysFromToday(2);
  if (tomorrow) return isMorning(text, before, end) ? undefined : daysFromToday(1);
  if (twoDaysAgo) return daysFromToday(-2);
  if (twoNightsAgo) return daysFromToday(-2, "noche");
  if (lastNight) return daysFromToday(-1, "noche");
  const isNoun = /(?:^|\P{L})(?:el|del)\s$/iu.test(before);
  return isNoun ? undefined : daysFromToday(-1);
};

/** «hoy en día», «hoy por hoy». */
function isIdiom(text: string, end: number): boolean {
  return /^ (?:en d[ií]a|por hoy)/iu.test(textAfter(text, end, 9));
}

function partOf(partOfToday: string): string | undefined {
  return fold(partOfToday).split(/\s/u).at(-1)?.replace("tonight", "night");
}

const MORNING_BEFORE =
  /(?:^|\P{L})(?:la|las|una|cada|toda|media|otra|buena|misma|el|del|un|primera|bien de|de)\s{1,3}$/iu;

/** «por la mañana», «a la mañana siguiente», «un mañana mejor» do not mean tomorrow. */
function isMorning(text: string, before: string, end: number): boolean {
  return (
    MORNING_BEFORE.test(before) || /^\s(?:siguiente|anterior)/iu.test(textAfter(text, end, 12))
  );
}
