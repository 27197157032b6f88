import { expect, it } from "vitest";
import { createIdSource, instantOfId } from "./request-id.ts";

it("generates increasing ids while the clock stands still and after it steps back by one second", () => {
  const nextId = createIdSource();
  const clock = [1_790_000_000_000, 1_790_000_000_000, 1_789_999_999_000, 1_790_000_000_001];
  const ids = clock.map((nowMs) => nextId(nowMs));
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
});

it("returns the instant at which an id was generated", () => {
  const nowMs = Date.UTC(2026, 10, 23, 12, 0, 0, 123);
  expect(instantOfId(createIdSource()(nowMs))).toEqual(new Date(nowMs));
});
