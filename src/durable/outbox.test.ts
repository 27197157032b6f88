import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Outbox, backoffDelayMs, type OutboxOptions } from "./outbox.ts";

const BACKOFF = { baseMs: 2_000, maxMs: 300_000 };

class Refused extends Error {}

/** An outbox over an array, whose receiver can be down, refuse items, or be slow. */
function newOutbox(items: string[], changes: Partial<OutboxOptions<string>> = {}, batchSize = 2) {
  const disk = [...items];
  const refused: string[] = [];
  const sent: string[][] = [];
  const failures: number[] = [];
  const receiver = { isDown: false, refuses: new Set<string>() };
  const clock = { nowMs: 1_000 };
  const settled = vi.fn<() => void>();
  const background: Promise<unknown>[] = [];
  const outbox = new Outbox<string>({
    store: {
      hasWaiting: () => disk.length > 0,
      nextBatch: () => disk.slice(0, batchSize),
      remove: (delivered) => {
        for (const item of delivered) disk.splice(disk.indexOf(item), 1);
      },
    },
    send: async (batch) => {
      if (receiver.isDown) throw new Error("down");
      if (batch.some((item) => receiver.refuses.has(item))) throw new Refused();
      sent.push(batch);
    },
    backoff: BACKOFF,
    onFailure: (_error, count) => {
      failures.push(count);
    },
    onSettled: settled,
    now: () => clock.nowMs,
    waitUntil: (work) => background.push(work),
    ...changes,
    ...(changes.refusals === undefined && {
      refusals: {
        isRefusal: (error) => error instanceof Refused,
        setAside: (item) => {
          disk.splice(disk.indexOf(item), 1);
          refused.push(item);
        },
      },
    }),
  });
  return { outbox, disk, refused, sent, failures, receiver, clock, settled, background };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("Outbox.deliverNow", () => {
  it("delivers everything that waits in batches, oldest first", async () => {
    const { outbox, disk, sent, settled } = newOutbox(["a", "b", "c"]);
    await outbox.deliverNow();
    expect(sent).toEqual([["a", "b"], ["c"]]);
    expect(disk).toEqual([]);
    expect(settled).toHaveBeenCalledTimes(1);
    expect(outbox.nextDueMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("sends nothing when nothing waits", async () => {
    const { outbox, sent, failures } = newOutbox([]);
    await outbox.deliverNow();
    expect({ sent, failures }).toEqual({ sent: [], failures: [] });
  });

  it("runs one delivery at a time: a second call joins it", async () => {
    const { outbox, sent } = newOutbox(["a"]);
    await Promise.all([outbox.deliverNow(), outbox.deliverNow()]);
    expect(sent).toEqual([["a"]]);
  });

  it("keeps what did not arrive, and says when to retry", async () => {
    const { outbox, disk, receiver, failures, settled } = newOutbox(["a", "b", "c"]);
    receiver.isDown = true;
    await outbox.deliverNow();
    expect(disk).toEqual(["a", "b", "c"]);
    expect(failures).toEqual([1]);
    expect(outbox.nextDueMs()).toBe(1_000 + 2_000);
    expect(settled).toHaveBeenCalledTimes(1);
  });

  it("keeps only the batches that did not arrive when the receiver goes down in between", async () => {
    const { outbox, disk } = newOutbox(["a", "b", "c"], {
      send: async (batch) => {
        if (batch.includes("c")) throw new Error("down");
      },
    });
    await outbox.deliverNow();
    expect(disk).toEqual(["c"]);
  });

  it("doubles the wait with each failure in a row, and starts over after a delivery", async () => {
    const { outbox, receiver, clock, failures, disk } = newOutbox(["a"]);
    receiver.isDown = true;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await outbox.deliverNow();
      waits.push(outbox.retryAtMs - clock.nowMs);
    }
    expect(waits).toEqual([
      ...[2_000, 4_000, 8_000, 16_000, 32_000],
      ...[64_000, 128_000, 256_000, 300_000],
    ]);
    receiver.isDown = false;
    await outbox.deliverNow();
    expect(outbox.retryAtMs).toBe(0);
    receiver.isDown = true;
    disk.push("b");
    await outbox.deliverNow();
    expect(failures.at(-1)).toBe(1);
  });

  it("sets aside the one item that the receiver refuses, and delivers the others once", async () => {
    const { outbox, disk, refused, sent, receiver, failures } = newOutbox(
      "abcdefg".split(""),
      {},
      7,
    );
    receiver.refuses.add("e");
    await outbox.deliverNow();
    expect(refused).toEqual(["e"]);
    expect(sent.flat()).toEqual("abcdfg".split(""));
    expect({ disk, failures }).toEqual({ disk: [], failures: [] });
  });

  it("delivers every item that is not refused exactly once, whatever is refused and however it is batched", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 }),
        fc.func(fc.boolean()),
        fc.integer({ min: 1, max: 8 }),
        async (items, isBad, batchSize) => {
          const bad = items.filter((item) => isBad(item));
          const { outbox, sent, refused, receiver, disk } = newOutbox(items, {}, batchSize);
          for (const item of bad) receiver.refuses.add(item);
          await outbox.deliverNow();
          expect(sent.flat()).toEqual(items.filter((item) => !bad.includes(item)));
          expect(refused).toEqual(bad);
          expect(disk).toEqual([]);
        },
      ),
    );
  });

  it("delivers at most `maxBatches` batches, and the rest is due at once", async () => {
    const { outbox, disk, clock } = newOutbox(["a", "b", "c"], { maxBatches: 1 });
    await outbox.deliverNow();
    expect(disk).toEqual(["c"]);
    expect(outbox.nextDueMs()).toBe(clock.nowMs);
  });

  it("counts a failure of what follows the delivery as a failed delivery", async () => {
    const afterDelivery = async (): Promise<void> => {
      throw new Error("no");
    };
    const { outbox, disk, failures } = newOutbox(["a"], { afterDelivery });
    await outbox.deliverNow();
    expect({ disk, failures }).toEqual({ disk: [], failures: [1] });
    expect(outbox.retryAtMs).toBe(3_000);
  });
});

describe("Outbox.deliverWithin", () => {
  it("delivers again after a delivery that was already running and failed", async () => {
    const first = Promise.withResolvers<void>();
    let attempts = 0;
    const { outbox, disk } = newOutbox(["a"], {
      send: async () => {
        attempts += 1;
        if (attempts === 1) await first.promise;
      },
    });
    const running = outbox.deliverNow();
    const within = outbox.deliverWithin(60_000);
    first.reject(new Error("down"));
    await Promise.all([running, within]);
    expect(attempts).toBe(2);
    expect(disk).toEqual([]);
  });

  it("does not try a second time when its own delivery fails", async () => {
    const { outbox, receiver, failures } = newOutbox(["a"]);
    receiver.isDown = true;
    await outbox.deliverWithin(60_000);
    expect(failures).toEqual([1]);
  });

  it("returns when the time is up, while the delivery continues", async () => {
    vi.useFakeTimers();
    const arrival = Promise.withResolvers<void>();
    const { outbox, disk } = newOutbox(["a"], { send: () => arrival.promise });
    const within = outbox.deliverWithin(1_500);
    await vi.advanceTimersByTimeAsync(1_500);
    await within;
    expect(disk).toEqual(["a"]);
    arrival.resolve();
    await outbox.idle();
    expect(disk).toEqual([]);
  });
});

describe("Outbox.scheduleDelivery", () => {
  it("gathers what comes within the time into one delivery, in the background", async () => {
    vi.useFakeTimers();
    const { outbox, disk, sent, background } = newOutbox(["a"], { gatherMs: 500 });
    outbox.scheduleDelivery();
    await vi.advanceTimersByTimeAsync(499);
    disk.push("b");
    outbox.scheduleDelivery();
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(background);
    expect(sent).toEqual([["a", "b"]]);
  });

  it("leaves the delivery to the alarm while a retry is pending", async () => {
    vi.useFakeTimers();
    const { outbox, receiver, clock, failures } = newOutbox(["a"], { gatherMs: 500 });
    receiver.isDown = true;
    await outbox.deliverNow();
    outbox.scheduleDelivery();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(failures).toEqual([1]);
    clock.nowMs = outbox.retryAtMs;
    outbox.scheduleDelivery();
    await vi.advanceTimersByTimeAsync(500);
    expect(failures).toEqual([1, 2]);
  });
});

describe("backoffDelayMs", () => {
  it("randomises only the share of the wait that is jitter", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (count) => {
        const fullMs = backoffDelayMs(BACKOFF, count);
        const delayMs = backoffDelayMs({ ...BACKOFF, jitter: 0.5 }, count);
        expect(fullMs).toBe(Math.min(2_000 * 2 ** (count - 1), 300_000));
        expect(delayMs).toBeGreaterThan(fullMs * 0.5);
        expect(delayMs).toBeLessThanOrEqual(fullMs);
      }),
    );
  });
});
