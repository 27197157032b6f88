import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TimeoutError, withTimeout } from "./with-timeout.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const never = (): Promise<never> => new Promise(() => undefined);

async function rejectionAfter(
  ms: number,
  waiting: Promise<unknown>,
  error: new (message: string) => Error,
): Promise<void> {
  await Promise.all([expect(waiting).rejects.toThrow(error), vi.advanceTimersByTimeAsync(ms)]);
}

describe("withTimeout", () => {
  it("returns what the work returns and leaves no timer running", async () => {
    expect(await withTimeout(1_000, async () => "done")).toBe("done");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects with the work's own error and leaves no timer running", async () => {
    const failure = new Error("refused");
    await expect(withTimeout(1_000, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects with a TimeoutError and aborts the signal when the time is up", async () => {
    const signals: AbortSignal[] = [];
    const waiting = withTimeout(1_000, (signal) => {
      signals.push(signal);
      return never();
    });

    await vi.advanceTimersByTimeAsync(999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await rejectionAfter(1, waiting, TimeoutError);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it("rejects with the error that the caller names when the time is up", async () => {
    const waiting = withTimeout(1_000, never, () => new RangeError("too slow"));
    await rejectionAfter(1_000, waiting, RangeError);
  });

  it("ignores a rejection that comes after the timeout", async () => {
    const work = Promise.withResolvers<never>();
    await rejectionAfter(
      1_000,
      withTimeout(1_000, () => work.promise),
      TimeoutError,
    );
    // Vitest fails the run if this rejection is unhandled.
    work.reject(new Error("late"));
    await vi.advanceTimersByTimeAsync(0);
  });

  it("aborts the signal once the work has settled", async () => {
    const signals: AbortSignal[] = [];
    await withTimeout(1_000, async (signal) => signals.push(signal));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
