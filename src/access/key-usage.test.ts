import { describe, expect, it } from "vitest";
import { DAY_MS, MINUTE_MS } from "../lib/durations.ts";
import { addUses, remainingAllowance } from "./key-usage.ts";
import { NO_LIMITS } from "./principal.ts";

const UNUSED = { minute: 0, minuteUses: 0, day: 0, dayUses: 0, usedMs: 0 };

describe("remainingAllowance", () => {
  it("counts uses in windows of a minute and a day, and returns when the tightest window renews", () => {
    const used = addUses(UNUSED, 3, 10 * MINUTE_MS + 1);
    expect(remainingAllowance({ perMinute: 5, perDay: null }, used)).toEqual({
      requests: 2,
      renewsAtMs: 11 * MINUTE_MS,
    });
    const later = addUses(used, 1, 11 * MINUTE_MS);
    expect(remainingAllowance({ perMinute: 5, perDay: 10 }, later)).toMatchObject({ requests: 4 });
    expect(remainingAllowance({ perMinute: 100, perDay: 4 }, later)).toEqual({
      requests: 0,
      renewsAtMs: DAY_MS,
    });
    const nextDay = addUses(later, 0, DAY_MS);
    expect(remainingAllowance({ perMinute: null, perDay: 4 }, nextDay)).toMatchObject({
      requests: 4,
    });
    expect(remainingAllowance(NO_LIMITS, used)).toBeNull();
  });

  it("returns the end of the day when both windows are exhausted, and never a negative number", () => {
    const used = addUses(UNUSED, 50, MINUTE_MS);
    expect(remainingAllowance({ perMinute: 5, perDay: 5 }, used)).toEqual({
      requests: 0,
      renewsAtMs: DAY_MS,
    });
  });
});
