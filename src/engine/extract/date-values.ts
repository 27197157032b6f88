import { Temporal } from "temporal-polyfill";
import { twoDigits, type Day } from "./calendar.ts";
import type { DayReading, Precision } from "./day-reading.ts";
import type { DateValue } from "./entity.ts";
import type { Time } from "./times.ts";

export type DateReading = { end: number; value: DateValue };

export function isSingleDay(reading: DayReading): boolean {
  return reading.precision === "day" && Temporal.PlainDate.compare(reading.from, reading.to) === 0;
}

export function writeDays({ from, to, precision }: DayReading): DateValue {
  const [desde, hasta] = [writeDay(from, precision), writeDay(to, precision)];
  return desde === hasta ? desde : { desde, hasta };
}

function writeDay(day: Day, precision: Precision): string {
  const written = String(day);
  if (precision === "year") return written.slice(0, 4);
  return precision === "month" ? written.slice(0, 7) : written;
}

export function writeTime(day: Day, { hour, minute, nextDay }: Time): string {
  const date = nextDay ? day.add({ days: 1 }) : day;
  return `${String(date)}T${twoDigits(hour)}:${twoDigits(minute)}`;
}

export function writeMoment(moment: Temporal.PlainDateTime): string {
  return moment.toString({ smallestUnit: "minute" });
}
