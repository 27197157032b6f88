import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { parseConfig } from "../../src/config.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { maintenanceJob } from "../../src/history/maintenance.job.ts";
import { JobFailure, type FinishedRun, type Slice } from "../../src/jobs/job.ts";
import type { JobEntry } from "../../src/jobs/job-ledger.store.ts";
import { JOBS } from "../../src/jobs/registry/registry.ts";
import { startDueJobs } from "../../src/jobs/registry/start-due-jobs.ts";
import {
  EjecutarTrabajoReply,
  TrabajosProgramadosReply,
} from "../../src/jobs/registry/trabajos-programados.schemas.ts";
import { jobStub } from "../../src/jobs/runner/job-stub.ts";
import { lastDueMs } from "../../src/jobs/schedule.ts";
import { HOUR_MS } from "../../src/lib/durations.ts";
import { createServices } from "../../src/services.ts";
import { call } from "../support/client.ts";
import { runJob, waitForEnd } from "../support/run-job.ts";

const config = parseConfig({ ...env });
const JOB = "mantenimiento";
const direct = hyperdriveDatabase({ connectionString: inject("postgresUrl") });
const Rows = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

const job = () => jobStub(env, config, JOB);
const coordinator = () => coordinatorStub(env, config);
const postJob = () => call(`/api/v1/trabajos-programados/${JOB}`, undefined, { method: "POST" });
const cronTrigger = () => startDueJobs(createServices(env));

async function entry(): Promise<JobEntry | undefined> {
  return (await coordinator().listJobs()).find((one) => one.job === JOB);
}

/** Waits for the row, because the ledger knows of a run's end a moment before PostgreSQL does. */
async function rowsOf(runId: string): Promise<Record<string, unknown>[]> {
  return await vi.waitFor(async () => {
    const result = await direct.query(5_000, (db) =>
      db.execute(sql`SELECT * FROM ejecuciones WHERE id = ${runId}::uuid`),
    );
    const { rows } = Rows.parse(result);
    if (rows.length === 0) throw new Error("The row has not arrived");
    return rows;
  }, 5_000);
}

type Step = () => Slice<number> | Promise<Slice<number>>;

/** Replaces the job's slices with these steps, and returns the states that they receive. */
function script(...steps: Step[]): (number | null)[] {
  const states: (number | null)[] = [];
  vi.spyOn(maintenanceJob, "runSlice").mockImplementation(async (_, state) => {
    states.push(state);
    const step = steps[states.length - 1];
    if (!step) throw new Error("There are no more steps");
    return await step();
  });
  return states;
}

/** A time that no earlier test has served, so far ahead that alarms fire only when a test runs them. */
let laterMs = Date.UTC(2040, 0, 2, 12);
function travel(): number {
  laterMs += 30 * 24 * HOUR_MS;
  vi.useFakeTimers({ toFake: ["Date"], now: laterMs });
  return laterMs;
}

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a run", () => {
  it("starts by the route, continues by itself and leaves one row", async () => {
    const { status, json } = await postJob();
    expect(status).toBe(202);
    const { ejecucion_id, nueva } = EjecutarTrabajoReply.parse(json);
    expect(nueva).toBe(true);
    const run = await waitForEnd(JOB, ejecucion_id);
    expect(run).toMatchObject({ origin: "ruta", result: "completada", error: null });
    expect(await rowsOf(ejecucion_id)).toMatchObject([
      { trabajo: JOB, origen: "ruta", resultado: "completada", recuentos: run.counts, error: null },
    ]);
  });

  it("passes the state of each slice to the next, and adds up their counts", async () => {
    const states = script(
      () => ({ done: false, state: 7, counts: { filas: 2 } }),
      () => ({ done: false, state: 8, counts: { filas: 3, partes: 1 } }),
      () => ({ done: true, counts: { filas: 1 } }),
    );
    expect((await runJob(JOB)).counts).toEqual({ filas: 6, partes: 1 });
    expect(states).toEqual([null, 7, 8]);
  });

  it("is the only one of its job: simultaneous starts receive the run in progress", async () => {
    travel();
    script(() => ({ done: true }));
    const answers = await Promise.all([postJob(), postJob(), postJob()]);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    const ids = answers.map(({ json }) => EjecutarTrabajoReply.parse(json).ejecucion_id);
    expect(new Set(ids).size).toBe(1);
    const { trabajos } = TrabajosProgramadosReply.parse(
      (await call("/api/v1/trabajos-programados")).json,
    );
    expect(trabajos.find(({ nombre }) => nombre === JOB)).toMatchObject({
      estado: "en_marcha",
      en_marcha: { ejecucion_id: ids[0] },
    });
    await waitForEnd(JOB, ids[0] ?? "");
  });

  it("continues after its last slice when its object died", async () => {
    travel();
    const states = script(
      () => ({ done: false, state: 1, counts: { filas: 1 } }),
      () => ({ done: true, counts: { filas: 1 } }),
    );
    const { runId } = await job().start(JOB);
    await runDurableObjectAlarm(job());
    await evictDurableObject(job());
    expect((await waitForEnd(JOB, runId)).counts).toEqual({ filas: 2 });
    expect(states).toEqual([null, 1]);
  });

  it("retries a slice that failed, and reports no error when it succeeds in the end", async () => {
    travel();
    const states = script(
      () => ({ done: false, state: 1 }),
      () => Promise.reject(new Error("secreto")),
      () => Promise.reject(new Error("secreto")),
      () => ({ done: true }),
    );
    expect(await runJob(JOB)).toMatchObject({ result: "completada", error: null });
    expect(states).toEqual([null, 1, 1, 1]);
  });

  it("fails after five attempts without showing the error's message, and the next run starts from the beginning", async () => {
    travel();
    const logged = vi.spyOn(console, "error");
    const fail: Step = () => Promise.reject(new TypeError("postgres://quien:clave@servidor"));
    const states = script(() => ({ done: false, state: 3 }), fail, fail, fail, fail, fail);
    const run = await runJob(JOB);
    expect(run.result).toBe("fallida");
    expect(run.error).toContain("TypeError");
    expect(run.error).not.toContain("clave");
    expect(states).toEqual([null, 3, 3, 3, 3, 3]);
    expect(await rowsOf(run.id)).toMatchObject([{ resultado: "fallida", error: run.error }]);
    expect(JSON.stringify(logged.mock.calls)).toContain("job_ended");

    vi.restoreAllMocks();
    const nextStates = script(() => ({ done: true }));
    expect((await runJob(JOB)).result).toBe("completada");
    expect(nextStates).toEqual([null]);
  });

  it("is not retried when that cannot help, and shows the job's own reason", async () => {
    travel();
    const states = script(() => Promise.reject(new JobFailure("Falta X.", { retry: false })));
    expect(await runJob(JOB)).toMatchObject({ result: "fallida", error: "Falta X." });
    expect(states).toEqual([null]);
  });

  it("fails when it has not ended after twelve hours", async () => {
    const nowMs = travel();
    script(() => ({ done: false, state: 1 }));
    const { runId } = await job().start(JOB);
    await runDurableObjectAlarm(job());
    vi.setSystemTime(nowMs + 13 * HOUR_MS);
    expect(await waitForEnd(JOB, runId)).toMatchObject({ result: "fallida" });
  });
});

describe("the ledger", () => {
  const current = (id: string) => ({ id, origin: "cron" as const, startedAtMs: Date.now() });
  const finished = (id: string, result: FinishedRun["result"]): FinishedRun => ({
    ...{ ...current(id), job: JOB, endedAtMs: Date.now() },
    ...{ result, counts: {}, error: result === "fallida" ? "No." : null },
  });

  it("ignores a start that arrives after the end of its run", async () => {
    travel();
    await coordinator().recordJobEnd(finished("lenta", "completada"), 0);
    await coordinator().recordJobStart(JOB, current("lenta"));
    expect(await entry()).toMatchObject({ current: null, last: { id: "lenta" } });
  });

  it("records an end whose start never arrived", async () => {
    travel();
    await coordinator().recordJobStart(JOB, current("perdida"));
    await coordinator().recordJobEnd(finished("otra", "completada"), 0);
    expect(await entry()).toMatchObject({ current: null, last: { id: "otra" } });
  });

  it("keeps the time of the last success, and the latest served time", async () => {
    const nowMs = travel();
    await coordinator().recordJobEnd(finished("buena", "completada"), nowMs - 1_000);
    vi.setSystemTime(nowMs + HOUR_MS);
    await coordinator().recordJobEnd(finished("mala", "fallida"), nowMs - 2_000);
    expect(await entry()).toMatchObject({
      servedMs: nowMs - 1_000,
      completedAtMs: nowMs,
      last: { id: "mala" },
    });
  });
});

describe("a cron trigger", () => {
  const entryAfterCron = async (): Promise<JobEntry | undefined> => {
    await cronTrigger();
    return await entry();
  };

  it("starts a due job once, however often it comes", async () => {
    travel();
    script(() => ({ done: true }));
    await Promise.all([cronTrigger(), cronTrigger(), cronTrigger()]);
    const runId = (await entry())?.current?.id ?? "";
    await waitForEnd(JOB, runId);
    await cronTrigger();
    expect(await entry()).toMatchObject({ current: null, last: { id: runId } });
  });

  it("does not start a served job again when it read the ledger before the run ended", async () => {
    const nowMs = travel();
    script(() => ({ done: true }));
    const run = await runJob(JOB);
    await job().startIfDue(JOB, "cron", lastDueMs(maintenanceJob.crons, nowMs));
    expect(await entry()).toMatchObject({ current: null, last: { id: run.id } });
  });

  it("resumes a run whose alarm was lost", async () => {
    travel();
    script(() => ({ done: true }));
    const runId = (await entryAfterCron())?.current?.id ?? "";
    await runInDurableObject(job(), (_, { storage }) => storage.deleteAlarm());
    expect((await entryAfterCron())?.current?.id).toBe(runId);
    expect(await runDurableObjectAlarm(job())).toBe(true);
    expect(await entry()).toMatchObject({ current: null, last: { id: runId } });
  });

  it("catches up on a cron that was missed, and marks the run as recovered", async () => {
    const nowMs = travel();
    script(() => ({ done: true }));
    // Ten hours after the nightly cron.
    const { current } = (await entryAfterCron()) ?? {};
    expect(current?.origin).toBe("recuperado");
    await waitForEnd(JOB, current?.id ?? "");
    expect((await entry())?.servedMs).toBe(lastDueMs(["nightly"], nowMs));
  });

  it("does not repeat a run that failed for this time, and starts from the beginning the next time", async () => {
    const nowMs = travel();
    script(
      () => Promise.reject(new JobFailure("No.", { retry: false })),
      () => ({ done: true }),
    );
    await waitForEnd(JOB, (await entryAfterCron())?.current?.id ?? "");
    expect(await entryAfterCron()).toMatchObject({ current: null, last: { result: "fallida" } });
    vi.setSystemTime(nowMs + 24 * HOUR_MS);
    const { current } = (await entryAfterCron()) ?? {};
    expect(await waitForEnd(JOB, current?.id ?? "")).toMatchObject({ result: "completada" });
  });

  it("counts a run started by the route as the missed run", async () => {
    travel();
    script(() => ({ done: true }));
    const { id } = await runJob(JOB);
    expect(await entryAfterCron()).toMatchObject({ current: null, last: { id } });
  });

  it("runs no slice itself", async () => {
    travel();
    const states = script();
    await cronTrigger();
    expect(states).toEqual([]);
    vi.restoreAllMocks();
    script(() => ({ done: true }));
    await waitForEnd(JOB, (await entry())?.current?.id ?? "");
  });
});

describe("GET /api/v1/trabajos-programados", () => {
  it("lists every job with its last run and its next time", async () => {
    const { id } = await runJob(JOB);
    const { status, json } = await call("/api/v1/trabajos-programados");
    expect(status).toBe(200);
    const { trabajos } = TrabajosProgramadosReply.parse(json);
    expect(trabajos.map(({ nombre }) => nombre)).toEqual(JOBS.map(({ name }) => name));
    const trabajo = trabajos.find(({ nombre }) => nombre === JOB);
    expect(trabajo).toMatchObject({ estado: "en_espera", ultima: { ejecucion_id: id } });
    expect(trabajo?.ultima_completada).toBe(trabajo?.ultima?.fin);
    expect(trabajo?.proxima).toMatch(/T02:00:00\.000Z$/);
  });
});

describe("POST /api/v1/trabajos-programados/{nombre}", () => {
  it.for(["nada", "MANTENIMIENTO", "__proto__", "%2e%2e"])(
    "responds 404 to the unknown job %s and lists the jobs that exist",
    async (name) => {
      const path = `/api/v1/trabajos-programados/${name}`;
      const { status, json } = await call(path, undefined, { method: "POST" });
      expect(status).toBe(404);
      if (!name.startsWith("%")) expect(json["mensaje"]).toContain("mantenimiento");
    },
  );
});
