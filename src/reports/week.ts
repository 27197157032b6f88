import { Temporal } from "temporal-polyfill";
import type { TimeRange } from "../history/report-figures-store.ts";

const DUE_AT = Temporal.PlainTime.from("08:00");

/** A local week, Monday to Sunday. Its report is due on the following Monday at 08:00. */
export type Week = {
  /** First day, as 2026-11-16. */
  monday: string;
  period: TimeRange;
  dueAt: Date;
  /** When the report of the following week is due. */
  nextDueAt: Date;
};

/** Returns the last week whose report is due. Days with a clock change keep their real length. */
export function lastWeekDue(nowMs: number, timeZone: string): Week {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  const today = now.toPlainDate();
  const thisMonday = today.subtract({ days: today.dayOfWeek - 1 });
  const isDue = Temporal.ZonedDateTime.compare(dueOn(thisMonday, timeZone), now) <= 0;
  const end = isDue ? thisMonday : thisMonday.subtract({ days: 7 });
  const monday = end.subtract({ days: 7 });
  return {
    monday: monday.toString(),
    period: {
      from: toDate(monday.toZonedDateTime(timeZone)),
      to: toDate(end.toZonedDateTime(timeZone)),
      timeZone,
    },
    dueAt: toDate(dueOn(end, timeZone)),
    nextDueAt: toDate(dueOn(end.add({ days: 7 }), timeZone)),
  };
}

function dueOn(monday: Temporal.PlainDate, timeZone: string): Temporal.ZonedDateTime {
  return monday.toZonedDateTime({ timeZone, plainTime: DUE_AT });
}

function toDate({ epochMilliseconds }: Temporal.ZonedDateTime): Date {
  return new Date(epochMilliseconds);
}
