import { describe, expect, it } from "vitest";
import { Alarm } from "./alarm.ts";

function newAlarm() {
  const clock = { nowMs: 1_000 };
  const armed: (number | Date)[] = [];
  const disk = { alarmMs: null as number | null };
  const pending: Promise<unknown>[] = [];
  const alarm = new Alarm({
    storage: {
      getAlarm: async () => disk.alarmMs,
      setAlarm: async (dueMs) => {
        armed.push(dueMs);
        disk.alarmMs = Number(dueMs);
      },
    },
    now: () => clock.nowMs,
    waitUntil: (work) => pending.push(work),
  });
  return { alarm, armed, clock, disk, pending };
}

describe("Alarm", () => {
  it("arms the earliest of several due times, and keeps the write alive", () => {
    const { alarm, armed, pending } = newAlarm();
    alarm.arm(5_000, 3_000, Number.POSITIVE_INFINITY);
    expect(armed).toEqual([3_000]);
    expect(pending).toHaveLength(1);
  });

  it("writes nothing when nothing is due", () => {
    const { alarm, armed } = newAlarm();
    alarm.arm(Number.POSITIVE_INFINITY);
    expect(armed).toEqual([]);
  });

  it("keeps an earlier alarm, and replaces a later one", () => {
    const { alarm, armed } = newAlarm();
    alarm.arm(3_000);
    alarm.arm(4_000);
    alarm.arm(3_000);
    alarm.arm(2_000);
    expect(armed).toEqual([3_000, 2_000]);
  });

  it("arms any time again after it has fired", () => {
    const { alarm, armed } = newAlarm();
    alarm.arm(3_000);
    alarm.fired();
    alarm.arm(9_000);
    expect(armed).toEqual([3_000, 9_000]);
  });

  it("arms an alarm that was lost, and leaves one that is on disk", async () => {
    const { alarm, armed, disk } = newAlarm();
    alarm.arm(3_000);
    await alarm.armIfLost(2_000);
    expect(armed).toEqual([3_000]);
    disk.alarmMs = null;
    await alarm.armIfLost(4_000);
    expect(armed).toEqual([3_000, 4_000]);
  });

  it("returns whether an alarm lies within a period from now", () => {
    const { alarm, clock } = newAlarm();
    expect(alarm.firesWithin(60_000)).toBe(false);
    alarm.arm(3_000);
    expect(alarm.firesWithin(2_000)).toBe(true);
    expect(alarm.firesWithin(1_999)).toBe(false);
    clock.nowMs = 3_000;
    expect(alarm.firesWithin(2_000)).toBe(false);
  });
});
