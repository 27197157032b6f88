import { expect, it } from "vitest";
import { createKvBudget } from "./kv-budget.ts";
import { DAY_MS } from "../lib/durations.ts";

/** The count that all isolates share, and how often they told it something. */
function sharedCount() {
  const shared = { nowMs: 0, total: 0, told: 0 };
  return {
    shared,
    isolate: (perDay: number) =>
      createKvBudget(
        perDay,
        async (writes) => {
          shared.told += 1;
          shared.total += writes;
          return shared.total;
        },
        () => shared.nowMs,
      ),
  };
}

async function claim(
  budget: (askedAgain: boolean) => Promise<boolean>,
  times: number,
  askedAgain = false,
): Promise<number> {
  let allowed = 0;
  for (let time = 0; time < times; time += 1) if (await budget(askedAgain)) allowed += 1;
  return allowed;
}

it("gives four fifths of a day's writes to anything, and the rest to what is asked again", async () => {
  const { isolate } = sharedCount();
  const budget = isolate(1_000);
  expect(await claim(budget, 2_000)).toBe(800);
  expect(await claim(budget, 2_000, true)).toBe(200);
});

it("is shared by isolates, which tell the others now and then", async () => {
  const { shared, isolate } = sharedCount();
  const [one, other] = [isolate(1_000), isolate(1_000)];
  expect(await claim(one, 500)).toBe(500);
  expect(await claim(other, 500)).toBeLessThanOrEqual(320);
  expect(shared.told).toBeLessThan(60);
});

it("tells the first write at once, since an isolate may not live to a second", async () => {
  const { shared, isolate } = sharedCount();
  await claim(isolate(1_000), 1);
  expect(shared).toMatchObject({ told: 1, total: 1 });
});

it("tells a write that comes a minute later at once too", async () => {
  const { shared, isolate } = sharedCount();
  const budget = isolate(1_000);
  await claim(budget, 3);
  expect(shared.total).toBe(1);
  shared.nowMs = 60_000;
  await claim(budget, 1);
  expect(shared).toMatchObject({ told: 2, total: 4 });
});

it("begins anew with the day", async () => {
  const { shared, isolate } = sharedCount();
  const budget = isolate(10);
  expect(await claim(budget, 20, true)).toBe(10);
  shared.nowMs = DAY_MS;
  shared.total = 0;
  expect(await claim(budget, 1)).toBe(1);
});
