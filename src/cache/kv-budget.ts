import { MINUTE_MS } from "../lib/durations.ts";

/** Above this share of the day's writes, only results that were requested more than once are written. */
const UNRESERVED_SHARE = 0.8;
/** How many writes (as a share of the day's), and for how long, an isolate counts before it reports them. */
const UNREPORTED_SHARE = 0.02;
const REPORT_INTERVAL_MS = MINUTE_MS;

/**
 * Limits the KV writes of a UTC day over all isolates. Writes that an isolate has not reported when it ends are not
 * counted; in the worst case KV then refuses some writes, which the cache tolerates.
 *
 * @param spend adds writes to the shared count of the day and returns the new total
 * @returns a function that says whether one more write is allowed, and counts it
 */
export function createKvBudget(
  perDay: number,
  spend: (writes: number) => Promise<number>,
  now: () => number,
): (isRepeated: boolean) => Promise<boolean> {
  let day = "";
  let spent = 0;
  let unreported = 0;
  let reportedAtMs = Number.NEGATIVE_INFINITY;

  return async (isRepeated) => {
    const nowMs = now();
    const today = new Date(nowMs).toISOString().slice(0, 10);
    if (today !== day) {
      [day, spent, unreported, reportedAtMs] = [today, 0, 0, Number.NEGATIVE_INFINITY];
    }

    const limit = isRepeated ? perDay : perDay * UNRESERVED_SHARE;
    if (spent >= limit) return false;
    spent += 1;
    unreported += 1;
    const isRecent = nowMs - reportedAtMs < REPORT_INTERVAL_MS;
    if (isRecent && unreported < perDay * UNREPORTED_SHARE) return true;

    const writes = unreported;
    [unreported, reportedAtMs] = [0, nowMs];
    spent = await spend(writes);
    return spent <= limit;
  };
}
