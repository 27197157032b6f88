import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  markDelivered,
  openAlerts,
  pendingChange,
  updateAlerts,
  type AlertState,
  type Channel,
} from "./alert-state.ts";
import type { Condition } from "./conditions.ts";

const INTERVAL_MS = 5 * 60_000;

const condition = (key: string, holdMs = INTERVAL_MS): Condition => ({
  ...{ key, title: key, detail: "", advice: "", sinceMs: null, holdMs },
});

type RunOptions = {
  holdMs?: number;
  channels?: Channel[];
  fails?: (run: number, channel: Channel) => boolean;
};

/** The changes that the channels receive in each run, as one string per run. `keys`: the conditions of each run. */
function runs(keys: readonly (readonly string[])[], options?: RunOptions): string[] {
  return deliverEachRun(keys, options).map((changes) => changes.join(", "));
}

/** The changes that the channels receive in each run, in the order of delivery. */
function deliverEachRun(
  keysOfRuns: readonly (readonly string[])[],
  { holdMs = INTERVAL_MS, channels = ["telegram"], fails = () => false }: RunOptions = {},
): string[][] {
  let states: AlertState[] = [];
  return keysOfRuns.map((keys, run) => {
    const conditions = keys.map((key) => condition(key, holdMs));
    states = openAlerts(updateAlerts(states, conditions, run * INTERVAL_MS), channels);
    const received: string[] = [];
    for (const channel of channels) {
      const changes = states.flatMap((state) => pendingChange(state, channel) ?? []);
      if (fails(run, channel)) continue;
      states = markDelivered(states, changes, channel);
      received.push(...changes.map(({ state, kind }) => `${state.condition.key} ${kind}`));
    }
    states = openAlerts(states, channels);
    return received;
  });
}

const found = ["a"];
const missing: string[] = [];
const [raised, cleared] = ["a raised", "a cleared"];

describe("an alert", () => {
  it("is raised once when its condition holds, and cleared once when it is over", () => {
    expect(runs([missing, found, found, found, missing, missing, missing])).toEqual([
      ...["", "", raised, "", "", cleared, ""],
    ]);
  });

  it("is not raised by a condition that is over in the second run", () => {
    expect(runs([found, missing, found, missing])).toEqual(["", "", "", ""]);
  });

  it("stays raised when its condition is missing in one run only", () => {
    expect(runs([found, found, missing, found, found, missing, missing])).toEqual([
      ...["", raised, "", "", "", "", cleared],
    ]);
  });

  it("is raised in the first run when its condition does not pass by itself", () => {
    expect(runs([found], { holdMs: 0 })).toEqual([raised]);
  });

  it("stays the same when a run is repeated", () => {
    const first = updateAlerts([], [condition("a")], 0);
    expect(updateAlerts(first, [condition("a")], 0)).toEqual(first);
    const second = updateAlerts(first, [condition("a")], INTERVAL_MS);
    expect(updateAlerts(second, [condition("a")], INTERVAL_MS)).toEqual(second);
  });
});

describe("a channel", () => {
  it("receives a change that failed in a later run, once", () => {
    expect(runs([found, found, found, found, found], { fails: (run) => run < 3 })).toEqual([
      ...["", "", "", raised, ""],
    ]);
  });

  it("receives only the end of an alert that was over before it could be notified", () => {
    expect(runs([found, found, missing, missing, missing], { fails: (run) => run < 4 })).toEqual([
      ...["", "", "", "", cleared],
    ]);
  });

  it("receives every change when there are several channels", () => {
    const channels: Channel[] = ["telegram", "webhook"];
    expect(runs([found, found, missing, missing], { channels })).toEqual([
      ...["", `${raised}, ${raised}`, "", `${cleared}, ${cleared}`],
    ]);
  });

  it("receives the alerts of a returning condition while another channel never works", () => {
    const twice = [found, found, missing, missing];
    const course = [...twice, ...twice, found, found];
    const channels: Channel[] = ["telegram", "webhook"];
    const expected = ["", raised, "", cleared, "", raised, "", cleared, "", raised];
    expect(runs(course, { channels, fails: (_, channel) => channel === "telegram" })).toEqual(
      expected,
    );
    // The other channel receives the last end that it missed and the present alert, however long it did not work.
    const late = (run: number, channel: Channel): boolean => channel === "telegram" && run < 9;
    expect(runs(course, { channels, fails: late }).at(-1)).toBe(`${cleared}, ${raised}, ${raised}`);
  });

  it("always receives the end of an alert before the beginning of the next", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 80 }), (course) => {
        const delivered = deliverEachRun(
          course.map(([isFound]) => (isFound ? found : missing)),
          { fails: (run) => course[run]?.[1] ?? false },
        ).flat();
        for (const [index, change] of delivered.entries()) {
          expect([raised, cleared]).toContain(change);
          if (change === raised) expect(delivered[index + 1] ?? cleared).toBe(cleared);
        }
      }),
    );
  });
});
