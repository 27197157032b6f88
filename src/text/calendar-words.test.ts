import { describe, expect, it } from "vitest";
import { MONTHS, monthNumber, WEEKDAYS, weekdayNumber } from "./calendar-words.ts";

describe("monthNumber", () => {
  it("numbers every name and abbreviation of the table", () => {
    const numbers = MONTHS.map(({ spanish, english, short }) =>
      [spanish, english, ...short].map(monthNumber),
    );
    expect(numbers.map((row) => [...new Set(row)])).toEqual(MONTHS.map((_, index) => [index + 1]));
  });

  it.for([
    ["setiembre", 9],
    ["ENE.", 1],
    ["Sept", 9],
  ] as const)("reads «%s» as %d", ([name, number]) => {
    expect(monthNumber(name)).toBe(number);
  });

  it("returns undefined for another word", () => {
    expect(monthNumber("marzal")).toBeUndefined();
  });
});

describe("weekdayNumber", () => {
  it("numbers every name of the table", () => {
    const numbers = WEEKDAYS.map(({ spanish, english }) => [spanish, english].map(weekdayNumber));
    expect(numbers).toEqual(WEEKDAYS.map((_, index) => [index + 1, index + 1]));
  });

  it.for([
    ["miercoles", 3],
    ["sáb.", 6],
    ["Thurs", 4],
    ["tues", 2],
  ] as const)("reads «%s» as %d", ([name, number]) => {
    expect(weekdayNumber(name)).toBe(number);
  });

  it("returns undefined for «mar», which is also March", () => {
    expect(weekdayNumber("mar")).toBeUndefined();
  });
});
