import { describe, expect, it } from "vitest";
import { newestCompleteSending, type SentFlows } from "./sent-flows.ts";

const DIGEST = "0".repeat(64);

/** Builds a request that arrives at this second. `a 1/2` is the first of two requests of the sending a. */
function requestAt(second: number, request: string): SentFlows {
  const [sending = "", place = ""] = request.split(" ");
  const [number = 1, of = 1] = place.split("/").map(Number);
  const name = `${idAt(second)}.flujos.0001.jsonl.gz`;
  const part = { rows: 1, sizeBytes: 1, sha256: DIGEST, plainBytes: 1, plainSha256: DIGEST };
  return { part: { name, ...part }, sending, number, of };
}

function idAt(second: number): string {
  return `20261125T0130${String(second).padStart(2, "0")}000Z`;
}

describe("newestCompleteSending", () => {
  it.for<[expected: string, sent: [number, string][], seconds: number[] | null]>([
    ["null without any request", [], null],
    ["the only sending", [[11, "a 1/1"]], [11]],
    [
      "only the newest sending",
      [
        [11, "a 1/1"],
        [12, "b 1/1"],
      ],
      [12],
    ],
    [
      "every part of a sending in several requests, in order",
      [
        [13, "a 1/3"],
        [11, "a 3/3"],
        [12, "a 2/3"],
      ],
      [13, 12, 11],
    ],
    [
      "an older one, when the newest was cut off",
      [
        [11, "a 1/2"],
        [12, "a 2/2"],
        [13, "b 1/2"],
      ],
      [11, 12],
    ],
    ["none when all were cut off", [[11, "a 2/2"]], null],
    [
      "the last to end of two concurrent sendings",
      [
        [11, "a 1/2"],
        [12, "b 1/2"],
        [13, "b 2/2"],
        [14, "a 2/2"],
      ],
      [11, 14],
    ],
    [
      "a request that came twice once, as it came last",
      [
        [11, "a 1/2"],
        [12, "a 1/2"],
        [13, "a 2/2"],
      ],
      [12, 13],
    ],
    [
      "none of a sending that says two sizes",
      [
        [11, "a 1/2"],
        [12, "a 2/3"],
      ],
      null,
    ],
    [
      "a sending in progress when the previous backup began",
      [
        [9, "a 1/2"],
        [11, "a 2/2"],
      ],
      [9, 11],
    ],
    ["none from before the backup before", [[9, "a 1/1"]], null],
    ["none that came after this backup began", [[21, "a 1/1"]], null],
    [
      "none that was under way when this backup began",
      [
        [19, "a 1/2"],
        [21, "a 2/2"],
      ],
      null,
    ],
  ])("returns %s", ([, sent, seconds]) => {
    const parts = newestCompleteSending(
      sent.map(([second, request]) => requestAt(second, request)),
      { since: idAt(10), before: idAt(20) },
    );
    const names = seconds?.map((second) => `${idAt(second)}.flujos.0001.jsonl.gz`) ?? null;
    expect(parts?.map(({ name }) => name) ?? null).toEqual(names);
  });
});
