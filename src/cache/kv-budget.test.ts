import { describe, expect, it } from "vitest";
import { createKvBudget } from "./kv-budget.ts";
import { DAY_MS, MINUTE_MS } from "../lib/durations.ts";

/** The count that all isolates share, and how many reports it received. */
function createSharedCount() {
  const shared = { nowMs: 0, total: 0, reports: 0 };
  return {
    shared,
    isolate: (perDay: number) =>
      createKvBudget(
        perDay,
        async (writes) => {
          shared.reports += 1;
          shared.total += writes;
          return shared.total;
        },
        () => shared.nowMs,
      ),
  };
}

/** How many of these writes the budget allows. */
async function countAllowed(
  budget: (isRepeated: boolean) => Promise<boolean>,
  times: number,
  isRepeated = false,
): Promise<number> {
  let allowed = 0;
  for (let time = 0; time < times; time += 1) if (await budget(isRepeated)) allowed += 1;
  return allowed;
}

describe("createKvBudget", () => {
  it("allows any write up to four fifths of the day, and repeated requests up to all of it", async () => {
    const { isolate } = createSharedCount();
    const budget = isolate(1_000);
    expect(await countAllowed(budget, 2_000)).toBe(800);
    expect(await countAllowed(budget, 2_000, true)).toBe(200);
  });

  it("shares the budget between isolates without a report for every write", async () => {
    const { shared, isolate } = createSharedCount();
    const [one, other] = [isolate(1_000), isolate(1_000)];
    expect(await countAllowed(one, 500)).toBe(500);
    expect(await countAllowed(other, 500)).toBeLessThanOrEqual(320);
    expect(shared.reports).toBeLessThan(60);
  });

  it("reports the first write at once, since the isolate may end after it", async () => {
    const { shared, isolate } = createSharedCount();
    await countAllowed(isolate(1_000), 1);
    expect(shared).toMatchObject({ reports: 1, total: 1 });
  });

  it("reports all pending writes a minute after the last report", async () => {
    const { shared, isolate } = createSharedCount();
    const budget = isolate(1_000);
    await countAllowed(budget, 3);
    expect(shared.total).toBe(1);
    shared.nowMs = MINUTE_MS;
    await countAllowed(budget, 1);
    expect(shared).toMatchObject({ reports: 2, total: 4 });
  });

  it("starts again with a new day", async () => {
    const { shared, isolate } = createSharedCount();
    const budget = isolate(10);
    expect(await countAllowed(budget, 20, true)).toBe(10);
    shared.nowMs = DAY_MS;
    shared.total = 0;
    expect(await countAllowed(budget, 1)).toBe(1);
  });
});
