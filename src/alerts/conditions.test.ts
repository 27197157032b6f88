import { expect, it } from "vitest";
import { conditionsOf } from "./conditions.ts";
import { HOUR_MS } from "../lib/durations.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 14);
const THRESHOLDS = {
  ...{ outageMs: 1, waitingMs: 1, lateMs: 1, backupMs: 36 * HOUR_MS, providerCalls: 1 },
};

const seen = (goodBackupAtMs: number | null) =>
  conditionsOf(
    {
      ...{ nowMs: NOW_MS, databaseAnswers: true, kvAnswers: true, provider: null, waiting: null },
      ...{ goodBackupAtMs, jobs: [] },
    },
    THRESHOLDS,
  );

it("tells of a newest good backup that is too old, and of none that is not", () => {
  expect(seen(NOW_MS - 37 * HOUR_MS)).toMatchObject([
    {
      key: "copia_antigua",
      detail: "Es del 24/11/2026, 01:00 (UTC), hace 37 horas.",
      sinceMs: NOW_MS - HOUR_MS,
    },
  ]);
  expect(seen(NOW_MS - 36 * HOUR_MS)).toEqual([]);
  expect(seen(null)).toEqual([]);
});
