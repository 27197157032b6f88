import { describe, expect, it } from "vitest";
import { lastWeekDue } from "./week.ts";

const at = (iso: string, timeZone: string): string => {
  const { monday, period, dueAt, nextDueAt } = lastWeekDue(Date.parse(iso), timeZone);
  return [monday, period.from, period.to, dueAt, nextDueAt]
    .map((part) => (typeof part === "string" ? part : part.toISOString().slice(0, 16)))
    .join(" ");
};

describe("lastWeekDue", () => {
  it("returns the week that ended on Sunday from Monday 08:00 on and not a millisecond earlier", () => {
    const before = "2026-11-09 2026-11-08T23:00 2026-11-15T23:00 2026-11-16T07:00 2026-11-23T07:00";
    const after = "2026-11-16 2026-11-15T23:00 2026-11-22T23:00 2026-11-23T07:00 2026-11-30T07:00";
    expect(at("2026-11-23T06:59:59.999Z", "Europe/Madrid")).toBe(before);
    expect(at("2026-11-23T07:00:00.000Z", "Europe/Madrid")).toBe(after);
    expect(at("2026-11-30T06:59:59.999Z", "Europe/Madrid")).toBe(after);
  });

  it("follows the chat's time zone", () => {
    const moment = "2026-11-22T20:00:00Z";
    expect(at(moment, "Pacific/Auckland")).toMatch(/^2026-11-16 2026-11-15T11:00 2026-11-22T11:00/);
    expect(at(moment, "America/Mexico_City")).toMatch(/^2026-11-09 2026-11-09T06:00/);
    expect(at(moment, "Asia/Kolkata")).toMatch(/^2026-11-09 2026-11-08T18:30/);
  });

  it("returns a week of 167 or 169 hours when the clocks change", () => {
    expect(at("2026-03-30T06:00:00Z", "Europe/Madrid")).toBe(
      "2026-03-23 2026-03-22T23:00 2026-03-29T22:00 2026-03-30T06:00 2026-04-06T06:00",
    );
    expect(at("2026-10-26T07:00:00Z", "Europe/Madrid")).toBe(
      "2026-10-19 2026-10-18T22:00 2026-10-25T23:00 2026-10-26T07:00 2026-11-02T07:00",
    );
  });

  it("begins at the start of the day when a clock change skips a midnight", () => {
    // In Santiago the clocks went from Sunday 00:00 to 01:00; a week begins with a Monday that has its midnight.
    expect(at("2026-09-14T12:00:00Z", "America/Santiago")).toMatch(
      /^2026-09-07 2026-09-07T03:00 2026-09-14T03:00/,
    );
  });
});
