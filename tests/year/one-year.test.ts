import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { parseConfig } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import { JobFailure, type Job } from "../../src/jobs/job.ts";
import { jobStub } from "../../src/jobs/runner/job-stub.ts";
import { JOBS, type JobContext } from "../../src/jobs/registry/registry.ts";
import { lastDueMs } from "../../src/jobs/schedule.ts";
import { startDueJobs } from "../../src/jobs/registry/start-due-jobs.ts";
import { maintenanceJob } from "../../src/history/maintenance.job.ts";
import { createServices } from "../../src/services.ts";
import { newChatId, newToken } from "../support/client.ts";
import { controlFakeReceiver } from "../support/fake-receiver-control.ts";
import { pastRecord } from "../support/past-record.ts";
import { createRandom } from "../support/random.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/lib/durations.ts";

const config = parseConfig({ ...env });
const direct = hyperdriveDatabase({ connectionString: inject("yearPostgresUrl") });

/** A leap year that no other test uses, so far ahead that alarms fire only when the test runs them. */
const START_MS = Date.UTC(2096, 0, 1);
const END_MS = Date.UTC(2097, 0, 1);
const SEED = 20_960_101;

const RETENTION_DAYS = 90;
/** Nights on which the maintenance job fails without a retry. */
const BAD_NIGHTS = new Set(["2096-02-29", "2096-07-14", "2096-07-15", "2096-12-24"]);

const client = newToken();
const chatId = newChatId();
const hook = newToken();
const receiver = controlFakeReceiver(inject("receiverUrl"), hook);

/**
 * When the crons of a year fire: the nightly and weekly ones late, twice or not at all. Of the five-minute cron only one
 * a day, to keep the test short.
 */
function cronTimesOfAYear(random: () => number): number[] {
  const times: number[] = [];
  const fire = (dueMs: number, maxDelayMs: number): void => {
    const chance = random();
    if (chance < 0.2) return;
    times.push(dueMs + random() * maxDelayMs);
    if (chance > 0.8) times.push(dueMs + random() * maxDelayMs);
  };
  for (let dayMs = START_MS; dayMs < END_MS; dayMs += DAY_MS) {
    fire(dayMs + 2 * HOUR_MS, 3 * HOUR_MS);
    if (new Date(dayMs).getUTCDay() === 1) fire(dayMs + 6 * HOUR_MS, 3 * HOUR_MS);
    // The last one of the day, which catches up.
    times.push(dayMs + DAY_MS - (1 + random() * 4) * MINUTE_MS);
  }
  return times.toSorted((a, b) => a - b);
}

/** Gives a job the settings of this test, and makes the maintenance job fail on bad nights. */
function prepareJob(job: Job<JobContext>): void {
  const runSlice = job.runSlice.bind(job);
  const settings = parseConfig({
    ...env,
    RETENCION_POR_CLIENTE: `${client}=${RETENTION_DAYS}`,
    ALERTAS_WEBHOOK_URL: `${inject("receiverUrl")}/hook/${hook}`,
  });
  vi.spyOn(job, "runSlice").mockImplementation(async (context, state, run) => {
    const night = new Date(lastDueMs(["nightly"], run.startedAtMs)).toISOString().slice(0, 10);
    if (job.name === maintenanceJob.name && BAD_NIGHTS.has(night)) {
      throw new JobFailure("Una mala noche.", { retry: false });
    }
    return await runSlice({ ...context, config: settings }, state, run);
  });
}

/**
 * Runs every due job, as the crons and the alarms of the objects do. The alerts run last, because they watch the
 * others.
 */
async function fireCron(nowMs: number): Promise<void> {
  vi.setSystemTime(nowMs);
  // Two concurrent triggers, which sometimes happens.
  await Promise.all([startDueJobs(createServices(env)), startDueJobs(createServices(env))]);
  for (const { name } of JOBS) {
    let slices = 0;
    while (await runDurableObjectAlarm(jobStub(env, config, name))) {
      slices += 1;
      if (slices > 100) throw new Error(`${name} is not done after 100 slices`);
    }
  }
}

const Run = z.object({ trabajo: z.string(), resultado: z.string(), inicio: z.coerce.date() });
type Run = z.output<typeof Run>;

async function query<T>(row: z.ZodType<T>, statement: ReturnType<typeof sql>): Promise<T[]> {
  const result = await direct.query(5_000, (db) => db.execute(statement));
  return z.object({ rows: z.array(row) }).parse(result).rows;
}

/** The runs of the year, in the order in which they started. */
async function runsOf(name: string): Promise<Run[]> {
  return await query(
    Run,
    sql`SELECT trabajo, resultado, inicio FROM ejecuciones WHERE trabajo = ${name}
      AND inicio >= ${new Date(START_MS).toISOString()}::timestamptz
      AND inicio < ${new Date(END_MS).toISOString()}::timestamptz ORDER BY inicio`,
  );
}

async function partitions(): Promise<Set<string>> {
  const rows = await query(
    z.object({ name: z.string() }),
    sql`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'consultas_ia'::regclass`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** The partition of the month that is `monthsLater` after `nowMs`. */
function partitionOf(nowMs: number, monthsLater: number): string {
  const now = new Date(nowMs);
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + monthsLater, 1));
  return `consultas_ia_${month.toISOString().slice(0, 7).replace("-", "_")}`;
}

/** One record a day of the year, at noon. */
function recordsOfTheYear(): Parameters<ReturnType<typeof createServices>["history"]["append"]>[0] {
  const days = Array.from({ length: (END_MS - START_MS) / DAY_MS }, (_, day) => day);
  return days.map((day) =>
    pastRecord(config, chatId, START_MS + day * DAY_MS + 12 * HOUR_MS, { client }),
  );
}

/** The time of the client's oldest record, and how many records it has. */
async function keptRecords(): Promise<{ oldestMs: number; records: number }> {
  const [row] = await query(
    z.object({ oldest: z.coerce.date(), records: z.coerce.number() }),
    sql`SELECT min(fecha) AS oldest, count(*) AS records FROM consultas_ia WHERE cliente = ${client}`,
  );
  return { oldestMs: row?.oldest.getTime() ?? 0, records: row?.records ?? 0 };
}

type Snapshot = { nowMs: number; partitions: Set<string>; oldestMs: number; records: number };
/** The database after the first cron of each week. */
const snapshots: Snapshot[] = [];

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
  for (const job of JOBS) prepareJob(job);
  await createServices(env).history.append(recordsOfTheYear());
  let nextSnapshotMs = START_MS;
  for (const nowMs of cronTimesOfAYear(createRandom(SEED))) {
    await fireCron(nowMs);
    if (nowMs < nextSnapshotMs) continue;
    nextSnapshotMs += 7 * DAY_MS;
    snapshots.push({ nowMs, partitions: await partitions(), ...(await keptRecords()) });
  }
}, 600_000);

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const NIGHTLY_AND_WEEKLY = JOBS.filter(({ crons }) => !crons.includes("everyFiveMinutes"));

it.for(NIGHTLY_AND_WEEKLY)("runs $name once for each of its times", async ({ name, crons }) => {
  const ran = (await runsOf(name)).map(({ inicio }) => lastDueMs(crons, inicio.getTime()));
  const times: number[] = [];
  for (let dueMs = lastDueMs(crons, END_MS - 1); dueMs >= START_MS;) {
    times.unshift(dueMs);
    dueMs = lastDueMs(crons, dueMs - 1);
  }
  // The first run of the year may have caught up with a time of the year before.
  expect(ran.filter((dueMs) => dueMs >= START_MS)).toEqual(times);
});

it.for(NIGHTLY_AND_WEEKLY)(
  "completes $name except on the nights with an injected failure",
  async ({ name, crons }) => {
    const failed = (await runsOf(name))
      .filter(({ resultado }) => resultado !== "completada")
      .map(({ inicio }) => new Date(lastDueMs(crons, inicio.getTime())).toISOString().slice(0, 10));
    expect(failed).toEqual(name === maintenanceJob.name ? [...BAD_NIGHTS] : []);
  },
);

it("always has the partitions of this month and the next two", () => {
  expect(snapshots.length).toBeGreaterThan(50);
  const missing = snapshots.flatMap((snapshot) =>
    [0, 1, 2]
      .map((later) => partitionOf(snapshot.nowMs, later))
      .filter((name) => !snapshot.partitions.has(name)),
  );
  expect(missing).toEqual([]);
});

it("keeps after each night exactly the records of the retained days", async () => {
  const nights = (await runsOf(maintenanceJob.name)).filter(
    ({ resultado }) => resultado === "completada",
  );
  const noons = recordsOfTheYear().map(({ at }) => at.getTime());
  for (const { nowMs, oldestMs, records } of snapshots) {
    const night = nights.findLast(({ inicio }) => inicio.getTime() <= nowMs);
    const sinceMs = (night?.inicio.getTime() ?? 0) - RETENTION_DAYS * DAY_MS;
    const kept = noons.filter((noon) => noon >= sinceMs);
    expect({ oldestMs, records }).toEqual({ oldestMs: kept[0], records: kept.length });
  }
});

it("sends one alert when a problem begins and one when it is over", async () => {
  const Event = z.object({ evento: z.string(), datos: z.object({ clave: z.string() }) });
  const events = (await receiver.received()).map(({ body }) => Event.parse(JSON.parse(body)));
  const eventsOf = Map.groupBy(events, ({ datos }) => datos.clave);
  // Two of the bad nights follow each other, which is one alert.
  const three = Array.from({ length: 3 }, () => ["alerta.activa", "alerta.resuelta"]).flat();
  expect(eventsOf.get("fallo:mantenimiento")?.map(({ evento }) => evento)).toEqual(three);
  for (const ofOneAlert of eventsOf.values()) {
    for (const [index, { evento }] of ofOneAlert.entries()) {
      expect(evento).toBe(index % 2 === 0 ? "alerta.activa" : "alerta.resuelta");
    }
  }
});

it("leaves no run in progress", async () => {
  const entries = await coordinatorStub(env, config).listJobs();
  expect(entries.filter(({ current }) => current !== null)).toEqual([]);
});
