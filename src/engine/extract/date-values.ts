import { Temporal } from "temporal-polyfill";
import type { Day } from "../../text/calendar-days.ts";
import type { DayPrecision, DayReading } from "./day-reading.ts";
import type { DateValue } from "./entity.ts";
import type { ClockTime } from "./times.ts";

/** A date written in a text, and the offset after it. */
export type DateReading = { end: number; value: DateValue };

export function isSingleDay(reading: DayReading): boolean {
  return reading.precision === "day" && Temporal.PlainDate.compare(reading.from, reading.to) === 0;
}

export function toDateValue({ from, to, precision }: DayReading): DateValue {
  const [first, last] = [formatDay(from, precision), formatDay(to, precision)];
  return first === last ? first : { from: first, to: last };
}

function formatDay(day: Day, precision: DayPrecision): string {
  const written = String(day);
  if (precision === "year") return written.slice(0, 4);
  return precision === "month" ? written.slice(0, 7) : written;
}

export function formatTime(day: Day, { hour, minute, isNextDay }: ClockTime): string {
  const date = isNextDay ? day.add({ days: 1 }) : day;
  return `${String(date)}T${twoDigits(hour)}:${twoDigits(minute)}`;
}

export function formatDateTime(dateTime: Temporal.PlainDateTime): string {
  return dateTime.toString({ smallestUnit: "minute" });
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
