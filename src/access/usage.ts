import type { Allowance } from "./key-cache.ts";
import type { Limits } from "./principal.ts";
import { DAY_MS, MINUTE_MS } from "../lib/durations.ts";

/** How often a key was used in the minute and the day (UTC) that they belong to. */
export type Usage = {
  minute: number;
  minuteUses: number;
  day: number;
  dayUses: number;
  usedMs: number;
};

/** The usage as it stands at this moment: what belongs to a window that is over is nothing. */
export function usageAt(usage: Usage, nowMs: number): Usage {
  const [minute, day] = [Math.floor(nowMs / MINUTE_MS), Math.floor(nowMs / DAY_MS)];
  return {
    ...usage,
    minute,
    minuteUses: usage.minute === minute ? usage.minuteUses : 0,
    day,
    dayUses: usage.day === day ? usage.dayUses : 0,
  };
}

export function withUses(usage: Usage, uses: number, nowMs: number): Usage {
  const { minuteUses, dayUses, ...windows } = usageAt(usage, nowMs);
  return {
    ...windows,
    minuteUses: minuteUses + uses,
    dayUses: dayUses + uses,
    usedMs: uses > 0 ? nowMs : usage.usedMs,
  };
}

/** How many more requests there may be in what is left of the minute and the day. */
export function allowanceOf(limits: Limits, usage: Usage): Allowance | null {
  const left = [
    limits.perMinute !== null && {
      requests: Math.max(limits.perMinute - usage.minuteUses, 0),
      moreAtMs: (usage.minute + 1) * MINUTE_MS,
    },
    limits.perDay !== null && {
      requests: Math.max(limits.perDay - usage.dayUses, 0),
      moreAtMs: (usage.day + 1) * DAY_MS,
    },
  ].filter((window): window is Allowance => window !== false);
  const [tightest] = left.toSorted(
    // Where both are used up, the day's end is the one to wait for.
    (a, b) => a.requests - b.requests || b.moreAtMs - a.moreAtMs,
  );
  return tightest ?? null;
}
