import { MINUTE_MS } from "../lib/durations.ts";

/** From here on, a day's KV writes are kept for what was asked more than once. */
const SCARCE_SHARE = 0.8;
/** How much of a day's writes, and for how long, an isolate may count by itself before it tells the others. */
const UNTOLD_SHARE = 0.02;
const UNTOLD_MS = MINUTE_MS;

/**
 * Rations the KV writes of a day (UTC) over all isolates. `spend` adds to the day's count that all share and gives
 * it back. What an isolate had not told when it ended is not counted: then KV refuses some writes, which harms nobody.
 */
export function createKvBudget(
  perDay: number,
  spend: (writes: number) => Promise<number>,
  now: () => number,
): (askedAgain: boolean) => Promise<boolean> {
  let day = "";
  let spent = 0;
  let untold = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;

  return async (askedAgain) => {
    const nowMs = now();
    const today = new Date(nowMs).toISOString().slice(0, 10);
    if (today !== day) [day, spent, untold, toldAtMs] = [today, 0, 0, Number.NEGATIVE_INFINITY];

    const limit = askedAgain ? perDay : perDay * SCARCE_SHARE;
    if (spent >= limit) return false;
    spent += 1;
    untold += 1;
    if (nowMs - toldAtMs < UNTOLD_MS && untold < perDay * UNTOLD_SHARE) return true;

    const writes = untold;
    [untold, toldAtMs] = [0, nowMs];
    spent = await spend(writes);
    return spent <= limit;
  };
}
