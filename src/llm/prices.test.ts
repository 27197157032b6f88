import { describe, expect, it } from "vitest";
import { computeCostUsd } from "./prices.ts";

describe("computeCostUsd", () => {
  it("charges the model's price per million tokens", () => {
    expect(computeCostUsd("gpt-4o-mini", 1_000_000, 0)).toBeCloseTo(0.15);
    expect(computeCostUsd("gpt-4o-mini", 0, 1_000_000)).toBeCloseTo(0.6);
  });

  it("adds the cost of input and output tokens", () => {
    expect(computeCostUsd("gpt-4o", 1_000_000, 1_000_000)).toBeCloseTo(12.5);
  });

  it("returns 0, not null, without tokens", () => {
    expect(computeCostUsd("gpt-4o-mini", 0, 0)).toBe(0);
  });

  it("charges a dated snapshot at the price of its model", () => {
    expect(computeCostUsd("gpt-4o-mini-2024-07-18", 10, 10)).toBe(
      computeCostUsd("gpt-4o-mini", 10, 10),
    );
  });

  it.for(["llama-3.3", "gpt-4o-mini-otra", "GPT-4o", "constructor", ""])(
    "returns null for the unknown model %j",
    (model) => {
      expect(computeCostUsd(model, 1, 1)).toBeNull();
    },
  );
});
