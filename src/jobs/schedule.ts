import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
/** The three crons, as wrangler.toml has them. UTC. */
export const CRONS = {
  sweep: "*/5 * * * *",
  nightly: "0 2 * * *",
  weekly: "0 6 * * 1",
} as const;

export type Cron = keyof typeof CRONS;

/** When each goes off: every so often, counted from a first time. 1970 began on a Thursday. */
const TIMES: Record<Cron, { everyMs: number; firstMs: number }> = {
  sweep: { everyMs: 5 * MINUTE_MS, firstMs: 0 },
  nightly: { everyMs: DAY_MS, firstMs: 2 * HOUR_MS },
  weekly: { everyMs: 7 * DAY_MS, firstMs: 4 * DAY_MS + 6 * HOUR_MS },
};

/** The last time that one of the crons should have gone off, this moment included. */
export function lastDueMs(crons: readonly Cron[], nowMs: number): number {
  return Math.max(...crons.map((cron) => lastOf(cron, nowMs)));
}

/** The next time that one of them will, after this moment. */
export function nextDueMs(crons: readonly Cron[], nowMs: number): number {
  return Math.min(...crons.map((cron) => lastOf(cron, nowMs) + TIMES[cron].everyMs));
}

function lastOf(cron: Cron, nowMs: number): number {
  const { everyMs, firstMs } = TIMES[cron];
  return Math.floor((nowMs - firstMs) / everyMs) * everyMs + firstMs;
}
