import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CRONS, lastDueMs, nextDueMs } from "./schedule.ts";

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number): string => new Date(ms).toISOString();

it("lists the crons of wrangler.toml, at most three", () => {
  const toml = readFileSync(join(import.meta.dirname, "../../wrangler.toml"), "utf8");
  const [, list = ""] = /^crons = \[(.*)\]$/m.exec(toml) ?? [];
  const crons = [...list.matchAll(/"([^"]+)"/g)].map(([, cron]) => cron);
  expect(crons).toEqual(Object.values(CRONS));
  expect(crons.length).toBeLessThanOrEqual(3);
});

it.for([
  // 25 November 2026 is a Wednesday.
  [
    "everyFiveMinutes",
    "2026-11-25T10:04:59.999Z",
    "2026-11-25T10:00:00.000Z",
    "2026-11-25T10:05:00.000Z",
  ],
  [
    "everyFiveMinutes",
    "2026-11-25T10:05:00.000Z",
    "2026-11-25T10:05:00.000Z",
    "2026-11-25T10:10:00.000Z",
  ],
  ["nightly", "2026-11-25T01:59:59.999Z", "2026-11-24T02:00:00.000Z", "2026-11-25T02:00:00.000Z"],
  ["nightly", "2026-11-25T02:00:00.000Z", "2026-11-25T02:00:00.000Z", "2026-11-26T02:00:00.000Z"],
  ["weekly", "2026-11-25T10:00:00.000Z", "2026-11-23T06:00:00.000Z", "2026-11-30T06:00:00.000Z"],
  ["weekly", "2026-11-30T05:59:59.999Z", "2026-11-23T06:00:00.000Z", "2026-11-30T06:00:00.000Z"],
  ["weekly", "2026-11-30T06:00:00.000Z", "2026-11-30T06:00:00.000Z", "2026-12-07T06:00:00.000Z"],
] as const)(
  "says that %s at %s was last due at %s and is next due at %s",
  ([cron, now, last, next]) => {
    expect(iso(lastDueMs([cron], at(now)))).toBe(last);
    expect(iso(nextDueMs([cron], at(now)))).toBe(next);
  },
);

it("uses the nearest time of several crons", () => {
  const now = at("2026-11-25T02:03:00Z");
  expect(iso(lastDueMs(["everyFiveMinutes", "nightly"], now))).toBe("2026-11-25T02:00:00.000Z");
  expect(iso(nextDueMs(["nightly", "weekly"], now))).toBe("2026-11-26T02:00:00.000Z");
});
