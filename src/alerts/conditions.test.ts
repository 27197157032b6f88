import { expect, it } from "vitest";
import { HOUR_MS } from "../lib/durations.ts";
import { findConditions } from "./conditions.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 14);
const THRESHOLDS = {
  ...{ outageMs: 1, waitingMs: 1, lateMs: 1, backupMs: 36 * HOUR_MS, providerCalls: 1 },
};

const conditionsFor = (goodBackupAtMs: number | null) =>
  findConditions(
    {
      ...{ nowMs: NOW_MS, databaseAnswers: true, kvAnswers: true, provider: null, waiting: null },
      ...{ goodBackupAtMs, jobs: [] },
    },
    THRESHOLDS,
  );

it("finds a newest good backup that is too old, and none that is recent or missing", () => {
  expect(conditionsFor(NOW_MS - 37 * HOUR_MS)).toMatchObject([
    {
      key: "copia_antigua",
      detail: "Es del 24/11/2026, 01:00 (UTC), hace 37 horas.",
      sinceMs: NOW_MS - HOUR_MS,
    },
  ]);
  expect(conditionsFor(NOW_MS - 36 * HOUR_MS)).toEqual([]);
  expect(conditionsFor(null)).toEqual([]);
});
