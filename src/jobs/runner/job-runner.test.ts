import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FinishedRun, Job, Json } from "../job.ts";
import type { CurrentRun } from "../job-ledger.store.ts";
import { JobRunner, type JobRunnerOptions } from "./job-runner.ts";
import type { StoredRun } from "./job-store.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 10, 1);
const DUE_MS = Date.UTC(2026, 10, 25, 10);
const SECOND_MS = 1_000;

/** What a job's object keeps, in memory, with a job that runs `slices` one after the other. */
class Fixture {
  nowMs = NOW_MS;
  run: StoredRun | undefined;
  servedMs = 0;
  outbox: FinishedRun[] = [];
  alarmMs: number | null = null;
  started: CurrentRun[] = [];
  ended: FinishedRun[] = [];
  delivered: FinishedRun[] = [];
  slices: Job<string>["runSlice"][] = [];
  sliceStates: (Json | null)[] = [];

  readonly job: Job<string> = {
    name: "alertas",
    summary: "Una prueba.",
    crons: ["everyFiveMinutes"],
    runSlice: async (context, state, run) => {
      this.sliceStates.push(state);
      const slice = this.slices.shift();
      return slice ? await slice(context, state, run) : { done: true };
    },
  };

  readonly options: JobRunnerOptions<string> = {
    findJob: (name) => (name === this.job.name ? this.job : undefined),
    context: "the context",
    store: {
      run: () => this.run,
      saveRun: (run) => {
        this.run = structuredClone(run);
      },
      servedMs: () => this.servedMs,
      closeRun: (finished, servedMs) => {
        this.run = undefined;
        this.servedMs = servedMs;
        this.outbox.push(finished);
      },
      waitingRuns: (limit) => this.outbox.slice(0, limit),
      removeRuns: (ids) => {
        this.outbox = this.outbox.filter(({ id }) => !ids.includes(id));
      },
    },
    alarm: {
      getAlarm: async () => this.alarmMs,
      setAlarm: async (atMs) => {
        this.alarmMs = Number(atMs);
      },
    },
    ledger: {
      recordStart: async (_, run) => void this.started.push(run),
      recordEnd: async (run) => void this.ended.push(run),
    },
    appendRuns: async (runs) => void this.delivered.push(...runs),
    waitUntil: () => undefined,
    nextId: (nowMs) => `run-${nowMs}`,
    now: () => this.nowMs,
  };

  readonly runner = new JobRunner(this.options);

  /** Fires the alarm at its time, and returns how long that was from now; null when no alarm is set. */
  async fireAlarm(): Promise<number | null> {
    const { alarmMs, nowMs } = this;
    if (alarmMs === null) return null;
    [this.alarmMs, this.nowMs] = [null, Math.max(alarmMs, nowMs)];
    await this.runner.runAlarm();
    return alarmMs - nowMs;
  }

  async fireAllAlarms(): Promise<number[]> {
    const waits: number[] = [];
    for (let wait = await this.fireAlarm(); wait !== null; wait = await this.fireAlarm()) {
      waits.push(wait);
    }
    return waits;
  }
}

let object: Fixture;
beforeEach(() => {
  object = new Fixture();
  for (const way of ["log", "warn", "error"] as const) vi.spyOn(console, way).mockReturnValue();
});

describe("JobRunner.start", () => {
  it("starts one run when several starts arrive at once", async () => {
    const { runner } = object;
    const starts = await Promise.all([
      runner.start("alertas"),
      runner.start("alertas"),
      runner.startIfDue("alertas", "cron", DUE_MS),
    ]);
    expect(starts.slice(0, 2)).toEqual([
      { isNew: true, runId: `run-${NOW_MS}`, startedAtMs: NOW_MS },
      { isNew: false, runId: `run-${NOW_MS}`, startedAtMs: NOW_MS },
    ]);
    expect(object.started).toEqual([{ id: `run-${NOW_MS}`, origin: "ruta", startedAtMs: NOW_MS }]);
    await object.fireAllAlarms();
    expect(object.ended).toHaveLength(1);
  });

  it("runs the job although the ledger cannot record the start", async () => {
    object.options.ledger.recordStart = () => Promise.reject(new Error("unreachable"));
    expect(await object.runner.start("alertas")).toMatchObject({ isNew: true });
    await object.fireAllAlarms();
    expect(object.delivered).toMatchObject([{ result: "completada" }]);
  });

  it("resumes a run whose alarm was lost", async () => {
    await object.runner.start("alertas");
    object.alarmMs = null;
    expect(await object.runner.start("alertas")).toMatchObject({ isNew: false });
    expect(object.alarmMs).toBe(NOW_MS);
  });

  it("does not move the alarm of a waiting run", async () => {
    await object.runner.start("alertas");
    object.alarmMs = NOW_MS + 60 * SECOND_MS;
    await object.runner.startIfDue("alertas", "cron", DUE_MS);
    expect(object.alarmMs).toBe(NOW_MS + 60 * SECOND_MS);
  });
});

describe("JobRunner.startIfDue", () => {
  it("does not start a second run for a time that was already served", async () => {
    await object.runner.startIfDue("alertas", "cron", DUE_MS);
    await object.fireAllAlarms();
    object.nowMs += SECOND_MS;
    await object.runner.startIfDue("alertas", "recuperado", DUE_MS);
    expect(object.started).toHaveLength(1);
    expect(object.alarmMs).toBeNull();
    await object.runner.startIfDue("alertas", "cron", DUE_MS + 300 * SECOND_MS);
    expect(object.started).toHaveLength(2);
  });
});

describe("JobRunner.runAlarm", () => {
  it("hands the context and the state of the previous slice to each slice", async () => {
    const contexts: string[] = [];
    const leave = (state: Json | null, afterMs?: number): Job<string>["runSlice"] => {
      return async (context) => {
        contexts.push(context);
        return state === null
          ? { done: true, counts: { filas: 1 } }
          : { done: false, state, counts: { filas: 2 }, ...(afterMs !== undefined && { afterMs }) };
      };
    };
    object.slices = [leave(1), leave({ next: "b" }, 500), leave(null)];
    await object.runner.start("alertas");
    expect(await object.fireAllAlarms()).toEqual([0, 0, 500]);
    expect(object.sliceStates).toEqual([null, 1, { next: "b" }]);
    expect(contexts).toEqual(["the context", "the context", "the context"]);
    expect(object.ended).toMatchObject([{ counts: { filas: 5 }, result: "completada" }]);
  });

  it("retries a failed slice after 5, 20, 80 and 320 s, then ends the run as failed", async () => {
    object.slices = Array.from({ length: 9 }, () => () => Promise.reject(new Error("secreto")));
    await object.runner.start("alertas");
    expect(await object.fireAllAlarms()).toEqual([0, 5_000, 20_000, 80_000, 320_000]);
    expect(object.ended).toMatchObject([{ result: "fallida" }]);
    expect(object.ended[0]?.error).not.toContain("secreto");
  });

  it("reports the end again when the ledger was unreachable", async () => {
    const { recordEnd } = object.options.ledger;
    object.options.ledger.recordEnd = () => Promise.reject(new Error("unreachable"));
    await object.runner.start("alertas");
    await object.fireAlarm();
    expect(object.outbox).toEqual([]);
    object.options.ledger.recordEnd = recordEnd;
    expect(await object.fireAlarm()).toBe(60 * SECOND_MS);
    expect(object.ended).toHaveLength(1);
    expect(object.sliceStates).toEqual([null]);
  });

  it("keeps a finished run until PostgreSQL takes it", async () => {
    const { appendRuns } = object.options;
    object.options.appendRuns = () => Promise.reject(new Error("PostgreSQL is down"));
    await object.runner.start("alertas");
    await object.fireAlarm();
    expect(object.outbox).toHaveLength(1);
    object.options.appendRuns = appendRuns;
    expect(await object.fireAlarm()).toBe(120 * SECOND_MS);
    expect(object.delivered).toHaveLength(1);
    expect(object.outbox).toEqual([]);
  });

  it("fails a run of a job that this version no longer has", async () => {
    object.run = {
      ...{ id: "old", job: "mantenimiento", origin: "cron", startedAtMs: NOW_MS },
      ...{ state: null, counts: {}, failures: 4, finished: null },
    };
    await object.runner.runAlarm();
    expect(object.run).toBeUndefined();
    expect(object.ended).toMatchObject([{ id: "old", result: "fallida" }]);
  });
});
