import { DAY_MS, MINUTE_MS } from "../lib/durations.ts";
import type { KeyLimits } from "./principal.ts";

/** Requests made with a key in one minute and one day (UTC), each numbered from the start of 1970. */
export type KeyUsage = {
  minute: number;
  minuteUses: number;
  day: number;
  dayUses: number;
  /** Time of the last use in milliseconds since 1970; 0 when the key was never used. */
  usedMs: number;
};

/** The requests left in the tightest window of a key's limits. */
export type Allowance = {
  requests: number;
  /** When the window ends and the allowance is renewed, in milliseconds since 1970. */
  renewsAtMs: number;
};

/** Returns the usage in the current minute and day: counts of a window that has ended become 0. */
export function currentUsage(usage: KeyUsage, nowMs: number): KeyUsage {
  const [minute, day] = [Math.floor(nowMs / MINUTE_MS), Math.floor(nowMs / DAY_MS)];
  return {
    ...usage,
    minute,
    minuteUses: usage.minute === minute ? usage.minuteUses : 0,
    day,
    dayUses: usage.day === day ? usage.dayUses : 0,
  };
}

export function addUses(usage: KeyUsage, uses: number, nowMs: number): KeyUsage {
  const { minuteUses, dayUses, ...windows } = currentUsage(usage, nowMs);
  return {
    ...windows,
    minuteUses: minuteUses + uses,
    dayUses: dayUses + uses,
    usedMs: uses > 0 ? nowMs : usage.usedMs,
  };
}

/** Returns the requests that the limits still allow in the usage's own minute and day; null when there is no limit. */
export function remainingAllowance(limits: KeyLimits, usage: KeyUsage): Allowance | null {
  const windows = [
    limits.perMinute !== null && {
      requests: Math.max(limits.perMinute - usage.minuteUses, 0),
      renewsAtMs: (usage.minute + 1) * MINUTE_MS,
    },
    limits.perDay !== null && {
      requests: Math.max(limits.perDay - usage.dayUses, 0),
      renewsAtMs: (usage.day + 1) * DAY_MS,
    },
  ].filter((window): window is Allowance => window !== false);
  const [tightest] = windows.toSorted(
    // When both windows are exhausted, the client has to wait for the later end.
    (a, b) => a.requests - b.requests || b.renewsAtMs - a.renewsAtMs,
  );
  return tightest ?? null;
}
