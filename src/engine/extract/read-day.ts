import { type DayContext, type Reader } from "./day-reading.ts";
import {
  readBareMonth,
  readDayMonth,
  readMonthDay,
  readMonthOfYear,
  readMonthYear,
} from "./month-days.ts";
import { readDayAndMonth, readIso, readNumeric } from "./numeric-days.ts";
import {
  readDistance,
  readNamedPeriod,
  readPeriod,
  readRelativeWord,
  readRolling,
  readYear,
  type Moment,
} from "./relative-days.ts";
import { readNumbered, readNumberedWeekday, readWeekday } from "./weekdays.ts";

/** In the order in which they are tried: what says more comes first. */
const CALENDAR_READERS: readonly Reader[] = [
  readIso,
  readNumeric,
  readDayMonth,
  readMonthDay,
  readDayAndMonth,
  readMonthYear,
  readMonthOfYear,
  readNumberedWeekday,
  readNumbered,
  readWeekday,
  readBareMonth,
];

/** What begins right at `at`: a day, a span that has a name of its own, or a moment so long ago. */
export function readDay(context: DayContext, at: number): Moment | undefined {
  const { text, clock } = context;
  for (const read of CALENDAR_READERS) {
    const found = read(context, at);
    if (found) return found;
  }
  return (
    readRelativeWord(text, clock, at) ??
    readDistance(text, clock, at) ??
    readRolling(text, clock, at) ??
    readPeriod(text, clock, at) ??
    readNamedPeriod(text, at) ??
    readYear(text, at)
  );
}
