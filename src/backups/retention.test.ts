import { describe, expect, it } from "vitest";
import { backupsHoldUntil, keptBackups } from "./retention.ts";
import { DAY_MS } from "../lib/durations.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 2);
const SETTINGS = { BACKUP_RETENTION_DAYS: 7, BACKUP_KEEP_WEEKLY: 0, BACKUP_KEEP_MONTHLY: 0 };

const madeDaysAgo = (days: number, isGood = true) => ({
  id: String(days),
  atMs: NOW_MS - days * DAY_MS,
  isGood,
});
const kept = (backups: ReturnType<typeof madeDaysAgo>[], settings = SETTINGS): string[] => [
  ...keptBackups(backups, settings, NOW_MS),
];

describe("keptBackups", () => {
  it("keeps only the last days", () => {
    expect(kept([0, 1, 6, 7, 8].map((days) => madeDaysAgo(days)))).toEqual(["0", "1", "6"]);
  });

  it("keeps the newest good backup regardless of its age and of later damaged ones", () => {
    expect(kept([madeDaysAgo(400), madeDaysAgo(300)])).toEqual(["300"]);
    expect(kept([madeDaysAgo(300), madeDaysAgo(200, false)])).toEqual(["300"]);
    expect(kept([madeDaysAgo(300), madeDaysAgo(1, false)]).toSorted()).toEqual(["1", "300"]);
    expect(kept([])).toEqual([]);
  });

  it("keeps the newest good backup of each week, starting on Monday, and of each month", () => {
    const daily = Array.from({ length: 100 }, (_, days) => madeDaysAgo(days, days !== 10));
    // The 25th of November 2026 is a Wednesday: Sundays were 3, 10 and 17 days ago.
    expect(kept(daily, { ...SETTINGS, BACKUP_RETENTION_DAYS: 1, BACKUP_KEEP_WEEKLY: 4 })).toEqual([
      "0",
      "3",
      "11",
      "17",
    ]);
    expect(kept(daily, { ...SETTINGS, BACKUP_RETENTION_DAYS: 1, BACKUP_KEEP_MONTHLY: 3 })).toEqual([
      "0",
      "25",
      "56",
    ]);
  });
});

describe("backupsHoldUntil", () => {
  it("adds a day to the longest retention", () => {
    expect(backupsHoldUntil(SETTINGS, NOW_MS)).toEqual(new Date(NOW_MS + 8 * DAY_MS));
    expect(backupsHoldUntil({ ...SETTINGS, BACKUP_KEEP_MONTHLY: 2 }, NOW_MS)).toEqual(
      new Date(NOW_MS + 63 * DAY_MS),
    );
  });
});
