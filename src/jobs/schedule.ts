import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";

/** The crons of wrangler.toml, in UTC. */
export const CRONS = {
  everyFiveMinutes: "*/5 * * * *",
  nightly: "0 2 * * *",
  weekly: "0 6 * * 1",
} as const;

export type Cron = keyof typeof CRONS;

/** The times of each cron: every `everyMs`, counted from `firstMs`. 1970-01-01 was a Thursday. */
const TIMES: Record<Cron, { everyMs: number; firstMs: number }> = {
  everyFiveMinutes: { everyMs: 5 * MINUTE_MS, firstMs: 0 },
  nightly: { everyMs: DAY_MS, firstMs: 2 * HOUR_MS },
  weekly: { everyMs: 7 * DAY_MS, firstMs: 4 * DAY_MS + 6 * HOUR_MS },
};

/** The latest time of any of the crons, `nowMs` included. */
export function lastDueMs(crons: readonly Cron[], nowMs: number): number {
  return Math.max(...crons.map((cron) => lastTimeMs(cron, nowMs)));
}

/** The first time of any of the crons after `nowMs`. */
export function nextDueMs(crons: readonly Cron[], nowMs: number): number {
  return Math.min(...crons.map((cron) => lastTimeMs(cron, nowMs) + TIMES[cron].everyMs));
}

function lastTimeMs(cron: Cron, nowMs: number): number {
  const { everyMs, firstMs } = TIMES[cron];
  return Math.floor((nowMs - firstMs) / everyMs) * everyMs + firstMs;
}
