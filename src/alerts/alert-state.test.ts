import fc from "fast-check";
import { expect, it } from "vitest";
import { afterLook, newsOf, open, withTold, type AlertState, type Channel } from "./alert-state.ts";
import type { Condition } from "./conditions.ts";

const LOOK_MS = 5 * 60_000;

const condition = (key: string, holdMs = LOOK_MS): Condition => ({
  ...{ key, title: key, detail: "", advice: "", sinceMs: null, holdMs },
});

type LookOptions = {
  holdMs?: number;
  channels?: Channel[];
  fails?: (look: number, channel: Channel) => boolean;
};

/** The changes that the channels receive at each look, as one string per look. */
function looks(wrong: readonly (readonly string[])[], options?: LookOptions): string[] {
  return deliverEachLook(wrong, options).map((changes) => changes.join(", "));
}

/** The changes that the channels receive at each look, in the order of delivery. */
function deliverEachLook(
  wrong: readonly (readonly string[])[],
  { holdMs = LOOK_MS, channels = ["telegram"], fails = () => false }: LookOptions = {},
): string[][] {
  let states: AlertState[] = [];
  return wrong.map((keys, look) => {
    const conditions = keys.map((key) => condition(key, holdMs));
    states = open(afterLook(states, conditions, look * LOOK_MS), channels);
    const said: string[] = [];
    for (const channel of channels) {
      const news = states.flatMap((state) => newsOf(state, channel) ?? []);
      if (fails(look, channel)) continue;
      states = withTold(states, news, channel);
      said.push(...news.map(({ state, what }) => `${state.condition.key} ${what}`));
    }
    states = open(states, channels);
    return said;
  });
}

it("tells once when a trouble holds, and once when it is over", () => {
  const there = ["a"];
  expect(looks([[], there, there, there, [], [], []])).toEqual([
    "",
    "",
    "a raised",
    "",
    "",
    "a cleared",
    "",
  ]);
});

it("tells nothing of what passes before the second look, nor of a moment's absence", () => {
  expect(looks([["a"], [], ["a"], []])).toEqual(["", "", "", ""]);
  expect(looks([["a"], ["a"], [], ["a"], ["a"], [], []])).toEqual([
    "",
    "a raised",
    "",
    "",
    "",
    "",
    "a cleared",
  ]);
});

it("tells at the first look what cannot pass by itself", () => {
  expect(looks([["a"]], { holdMs: 0 })).toEqual(["a raised"]);
});

it("tries again at the next look what did not get through, and then tells no more", () => {
  const there = ["a"];
  expect(looks([there, there, there, there, there], { fails: (look) => look < 3 })).toEqual([
    "",
    "",
    "",
    "a raised",
    "",
  ]);
});

it("tells only the end of what could not be told in time", () => {
  expect(looks([["a"], ["a"], [], [], []], { fails: (look) => look < 4 })).toEqual([
    "",
    "",
    "",
    "",
    "a cleared",
  ]);
});

it("tells each channel by itself", () => {
  expect(looks([["a"], ["a"], [], []], { channels: ["telegram", "webhook"] })).toEqual([
    "",
    "a raised, a raised",
    "",
    "a cleared, a cleared",
  ]);
});

it("tells one way that a trouble is back, also while another never gets through", () => {
  const [there, gone] = [["a"], []];
  const course = [there, there, gone, gone, there, there, gone, gone, there, there];
  const [raised, cleared] = ["a raised", "a cleared"];
  const channels: Channel[] = ["telegram", "webhook"];
  const told = ["", raised, "", cleared, "", raised, "", cleared, "", raised];
  expect(looks(course, { channels, fails: (_, channel) => channel === "telegram" })).toEqual(told);
  // The other way gets the last end that it missed, and what goes on now: no more, however long it was away.
  const late = (look: number, channel: Channel): boolean => channel === "telegram" && look < 9;
  expect(looks(course, { channels, fails: late }).at(-1)).toBe(`${cleared}, ${raised}, ${raised}`);
});

it("a look that is repeated changes nothing", () => {
  const first = afterLook([], [condition("a")], 0);
  expect(afterLook(first, [condition("a")], 0)).toEqual(first);
  const raised = afterLook(first, [condition("a")], LOOK_MS);
  expect(afterLook(raised, [condition("a")], LOOK_MS)).toEqual(raised);
});

it("always delivers the end of an alert before it delivers the next beginning", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 80 }), (course) => {
      const delivered = deliverEachLook(
        course.map(([wrong]) => (wrong ? ["a"] : [])),
        { fails: (look) => course[look]?.[1] ?? false },
      ).flat();
      for (const [index, change] of delivered.entries()) {
        expect(["a raised", "a cleared"]).toContain(change);
        if (change === "a raised") expect(delivered[index + 1] ?? "a cleared").toBe("a cleared");
      }
    }),
  );
});
