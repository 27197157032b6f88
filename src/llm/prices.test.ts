import { expect, it } from "vitest";
import { costUsd } from "./prices.ts";

it("costs its tokens at the model's price per million", () => {
  expect(costUsd("gpt-4o-mini", 1_000_000, 0)).toBeCloseTo(0.15);
  expect(costUsd("gpt-4o-mini", 0, 1_000_000)).toBeCloseTo(0.6);
});

it("adds what was read to what was written", () => {
  expect(costUsd("gpt-4o", 1_000_000, 1_000_000)).toBeCloseTo(12.5);
});

it("costs nothing, which is not the same as unknown, without tokens", () => {
  expect(costUsd("gpt-4o-mini", 0, 0)).toBe(0);
});

it("gives a dated snapshot the price of its model", () => {
  expect(costUsd("gpt-4o-mini-2024-07-18", 10, 10)).toBe(costUsd("gpt-4o-mini", 10, 10));
});

it.for(["llama-3.3", "gpt-4o-mini-otra", "GPT-4o", "constructor", ""])(
  "does not guess the price of %j",
  (model) => {
    expect(costUsd(model, 1, 1)).toBeNull();
  },
);
