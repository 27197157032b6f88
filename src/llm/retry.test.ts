import { describe, expect, it } from "vitest";
import { modelRetryDelayMs } from "./retry.ts";

const SETTINGS = { OPENAI_RETRY_DELAY_BASE: 1, OPENAI_RETRY_DELAY_MAX: 10, OPENAI_RETRY_JITTER: 0 };

describe("modelRetryDelayMs", () => {
  it("doubles from the base to the maximum", () => {
    const delays = [1, 2, 3, 4, 5, 6].map((attempts) =>
      modelRetryDelayMs(SETTINGS, attempts, undefined, 0.5),
    );
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it("randomises only the jitter's share of the delay", () => {
    const delay = (jitter: number, random: number): number =>
      modelRetryDelayMs({ ...SETTINGS, OPENAI_RETRY_JITTER: jitter }, 2, undefined, random);
    expect([delay(1, 0), delay(1, 0.5), delay(1, 1)]).toEqual([0, 1_000, 2_000]);
    expect([delay(0.1, 0), delay(0.1, 1)]).toEqual([1_800, 2_000]);
  });

  it("never exceeds the maximum, whatever the number of attempts", () => {
    for (const attempts of [7, 60, 2_000]) {
      expect(modelRetryDelayMs(SETTINGS, attempts, undefined, 1)).toBe(10_000);
    }
  });

  it("returns the maximum when the base is longer", () => {
    expect(modelRetryDelayMs({ ...SETTINGS, OPENAI_RETRY_DELAY_BASE: 60 }, 1, undefined, 0)).toBe(
      10_000,
    );
  });

  it("is never shorter than retry-after", () => {
    expect(modelRetryDelayMs(SETTINGS, 1, 30_000, 0)).toBe(30_000);
    expect(modelRetryDelayMs(SETTINGS, 3, 500, 0)).toBe(4_000);
    expect(modelRetryDelayMs({ ...SETTINGS, OPENAI_RETRY_JITTER: 1 }, 1, 0, 0)).toBe(0);
  });
});
