import type { DayReader } from "./day-reading.ts";
import { readDistance, readRolling } from "./distances.ts";
import { readDayMonth, readMonthDay } from "./month-days.ts";
import { readBareMonth, readMonthOfYear, readMonthYear } from "./months.ts";
import { readDayAndMonth, readIso, readNumeric } from "./numeric-days.ts";
import { readNamedPeriod, readPeriod, readYear } from "./periods.ts";
import { readRelativeWord } from "./relative-words.ts";
import { readNumberedDay, readNumberedWeekday, readWeekday } from "./weekdays.ts";

/** The first that matches wins, so the more specific ones come first. */
const READERS: readonly DayReader[] = [
  readIso,
  readNumeric,
  readDayMonth,
  readMonthDay,
  readDayAndMonth,
  readMonthYear,
  readMonthOfYear,
  readNumberedWeekday,
  readNumberedDay,
  readWeekday,
  readBareMonth,
  readRelativeWord,
  readDistance,
  readRolling,
  readPeriod,
  readNamedPeriod,
  readYear,
];

/** The day, period or exact time that starts at `at`. */
export const readDay: DayReader = (context, at) => {
  for (const read of READERS) {
    const reading = read(context, at);
    if (reading) return reading;
  }
  return undefined;
};
