import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { parseConfig } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import type { JobEntry } from "../../src/jobs/job-ledger.store.ts";
import { jobStub } from "../../src/jobs/runner/job-stub.ts";
import { JobFailure, type Slice } from "../../src/jobs/job.ts";
import { JOBS } from "../../src/jobs/registry.ts";
import { lastDueMs } from "../../src/jobs/schedule.ts";
import { startDueJobs } from "../../src/jobs/start-due-jobs.ts";
import {
  EjecutarTrabajoReply,
  TrabajosProgramadosReply,
} from "../../src/jobs/trabajos-programados.schemas.ts";
import { upkeepJob } from "../../src/history/maintenance.job.ts";
import { call } from "../support/client.ts";
import { ended, runJob } from "../support/run-job.ts";
import { HOUR_MS } from "../../src/lib/durations.ts";

const config = parseConfig({ ...env });
const JOB = "mantenimiento";
const direct = hyperdriveDatabase({ connectionString: inject("postgresUrl") });
const Rows = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

const job = () => jobStub(env, config, JOB);
const clock = () => coordinatorStub(env, config);
const begin = () => call(`/api/v1/trabajos-programados/${JOB}`, undefined, { method: "POST" });

async function entry(): Promise<JobEntry | undefined> {
  return (await clock().listJobs()).find((one) => one.job === JOB);
}

/** The clock knows of a run's end a moment before PostgreSQL does. */
async function rowsOf(runId: string): Promise<Record<string, unknown>[]> {
  return await vi.waitFor(async () => {
    const result = await direct.query(5_000, (db) =>
      db.execute(sql`SELECT * FROM ejecuciones WHERE id = ${runId}::uuid`),
    );
    const { rows } = Rows.parse(result);
    if (rows.length === 0) throw new Error("It has not arrived");
    return rows;
  }, 5_000);
}

type Step = () => Slice<number> | Promise<Slice<number>>;

/** Makes the job do these pieces, one after the other, and gives the states that they were asked for with. */
function script(...steps: Step[]): (number | null)[] {
  const states: (number | null)[] = [];
  vi.spyOn(upkeepJob, "slice").mockImplementation(async (_, state) => {
    states.push(state);
    const step = steps[states.length - 1];
    if (!step) throw new Error("Nothing more was to be asked");
    return await step();
  });
  return states;
}

/** A time at which no test before has left the job served, far enough ahead for alarms to go off only when told. */
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
  it("is begun by the route, goes on by itself and leaves one row", async () => {
    const { status, json } = await begin();
    expect(status).toBe(202);
    const { ejecucion_id, nueva } = EjecutarTrabajoReply.parse(json);
    expect(nueva).toBe(true);
    const run = await ended(JOB, ejecucion_id);
    expect(run).toMatchObject({ origin: "ruta", result: "completada", error: null });
    expect(await rowsOf(ejecucion_id)).toMatchObject([
      { trabajo: JOB, origen: "ruta", resultado: "completada", recuentos: run.counts, error: null },
    ]);
  });

  it("goes from piece to piece with the state that each left, and adds up their counts", async () => {
    const states = script(
      () => ({ done: false, state: 7, counts: { filas: 2 } }),
      () => ({ done: false, state: 8, counts: { filas: 3, partes: 1 } }),
      () => ({ done: true, counts: { filas: 1 } }),
    );
    expect((await runJob(JOB)).counts).toEqual({ filas: 6, partes: 1 });
    expect(states).toEqual([null, 7, 8]);
  });

  it("is one at a time: who asks meanwhile is told of the one that runs", async () => {
    travel();
    script(() => ({ done: true }));
    const answers = await Promise.all([begin(), begin(), begin()]);
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
    await ended(JOB, ids[0] ?? "");
  });

  it("goes on from its last piece after its object died", async () => {
    travel();
    const states = script(
      () => ({ done: false, state: 1, counts: { filas: 1 } }),
      () => ({ done: true, counts: { filas: 1 } }),
    );
    const { runId } = await job().start(JOB);
    await runDurableObjectAlarm(job());
    await evictDurableObject(job());
    expect((await ended(JOB, runId)).counts).toEqual({ filas: 2 });
    expect(states).toEqual([null, 1]);
  });

  it("asks again for a piece that failed, and tells nothing of what went well in the end", async () => {
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

  it("ends as failed after five tries, in words that show nothing of the error, and the next begins anew", async () => {
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
    const anew = script(() => ({ done: true }));
    expect((await runJob(JOB)).result).toBe("completada");
    expect(anew).toEqual([null]);
  });

  it("is not tried again where that cannot help, and tells why in the job's own words", async () => {
    travel();
    const states = script(() => Promise.reject(new JobFailure("Falta X.", { retry: false })));
    expect(await runJob(JOB)).toMatchObject({ result: "fallida", error: "Falta X." });
    expect(states).toEqual([null]);
  });

  it("that did not end in half a day gives way", async () => {
    const nowMs = travel();
    script(() => ({ done: false, state: 1 }));
    const { runId } = await job().start(JOB);
    await runDurableObjectAlarm(job());
    vi.setSystemTime(nowMs + 13 * HOUR_MS);
    expect(await ended(JOB, runId)).toMatchObject({ result: "fallida" });
  });
});

describe("the lock", () => {
  const run = (id: string) => ({ id, origin: "cron" as const, startedAtMs: Date.now() });
  const claim = (id: string) => clock().claimJob({ job: JOB, run: run(id), dueMs: null });

  it("is lost by a holder that is not heard of, and then can be taken", async () => {
    const nowMs = travel();
    expect((await claim("muerta")).answer).toBe("taken");
    expect(await claim("otra")).toMatchObject({ answer: "held", current: { id: "muerta" } });
    vi.setSystemTime(nowMs + 14 * 60_000);
    expect(await clock().renewJob(JOB, "muerta")).toBe(true);
    vi.setSystemTime(nowMs + 28 * 60_000);
    expect((await claim("otra")).answer).toBe("held");
    vi.setSystemTime(nowMs + 30 * 60_000);
    expect((await entry())?.current).toBeNull();
    expect((await claim("otra")).answer).toBe("taken");
    expect(await clock().renewJob(JOB, "muerta")).toBe(false);
    vi.setSystemTime(nowMs + 46 * 60_000);
  });

  it("ends a run that another has taken the place of", async () => {
    travel();
    script();
    const { runId } = await job().start(JOB);
    vi.setSystemTime(laterMs + 16 * 60_000);
    expect((await claim("otra")).answer).toBe("taken");
    await runDurableObjectAlarm(job());
    expect(await rowsOf(runId)).toMatchObject([{ resultado: "fallida" }]);
    // The other's lock stands.
    expect((await entry())?.current?.id).toBe("otra");
    vi.setSystemTime(laterMs + HOUR_MS);
  });
});

describe("crons", () => {
  const startsOf = async (): Promise<JobEntry | undefined> => {
    await startDueJobs(env);
    return await entry();
  };

  it("start what is due once, however often they come", async () => {
    travel();
    script(() => ({ done: true }));
    await Promise.all([startDueJobs(env), startDueJobs(env), startDueJobs(env)]);
    const runId = (await entry())?.current?.id ?? "";
    await ended(JOB, runId);
    await startDueJobs(env);
    expect(await entry()).toMatchObject({ current: null, last: { id: runId } });
  });

  it("catch up what one of them missed, and say so", async () => {
    const nowMs = travel();
    script(() => ({ done: true }));
    // Ten hours after the nightly cron.
    const { current } = (await startsOf()) ?? {};
    expect(current?.origin).toBe("recuperado");
    await ended(JOB, current?.id ?? "");
    expect((await entry())?.servedMs).toBe(lastDueMs(["nightly"], nowMs));
  });

  it("do not try again by themselves what has failed for this time; the next time begins anew", async () => {
    const nowMs = travel();
    script(
      () => Promise.reject(new JobFailure("No.", { retry: false })),
      () => ({ done: true }),
    );
    await ended(JOB, (await startsOf())?.current?.id ?? "");
    expect(await startsOf()).toMatchObject({ current: null, last: { result: "fallida" } });
    vi.setSystemTime(nowMs + 24 * HOUR_MS);
    const { current } = (await startsOf()) ?? {};
    expect(await ended(JOB, current?.id ?? "")).toMatchObject({ result: "completada" });
  });

  it("let a run by hand stand for the time that was missed", async () => {
    travel();
    script(() => ({ done: true }));
    const { id } = await runJob(JOB);
    expect(await startsOf()).toMatchObject({ current: null, last: { id } });
  });

  it("do nothing themselves but start", async () => {
    travel();
    const states = script();
    await startDueJobs(env);
    expect(states).toEqual([]);
    vi.restoreAllMocks();
    script(() => ({ done: true }));
    await ended(JOB, (await entry())?.current?.id ?? "");
  });
});

describe("GET /api/v1/trabajos-programados", () => {
  it("lists every job with its last run and the next", async () => {
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

it.for(["nada", "MANTENIMIENTO", "__proto__", "%2e%2e"])(
  "POST /api/v1/trabajos-programados/%s is 404 and names those that there are",
  async (name) => {
    const path = `/api/v1/trabajos-programados/${name}`;
    const { status, json } = await call(path, undefined, { method: "POST" });
    expect(status).toBe(404);
    if (!name.startsWith("%")) expect(json["mensaje"]).toContain("mantenimiento");
  },
);
