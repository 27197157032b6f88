import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { parseConfig } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import { JobFailure, type Job, type JobMeans } from "../../src/jobs/job.ts";
import { jobStub } from "../../src/jobs/runner/job-stub.ts";
import { JOBS } from "../../src/jobs/registry.ts";
import { lastDueMs } from "../../src/jobs/schedule.ts";
import { startDueJobs } from "../../src/jobs/start-due-jobs.ts";
import { upkeepJob } from "../../src/history/maintenance.job.ts";
import { createServices } from "../../src/services.ts";
import { newChatId, newToken } from "../support/client.ts";
import { controlFakeReceiver } from "../support/fake-receiver-control.ts";
import { pastRecord } from "../support/past-record.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/lib/durations.ts";

const config = parseConfig({ ...env });
const direct = hyperdriveDatabase({ connectionString: inject("yearPostgresUrl") });

/** A leap year, so far ahead that alarms go off only when they are told to, and of no other test. */
const START_MS = Date.UTC(2096, 0, 1);
const END_MS = Date.UTC(2097, 0, 1);
const SEED = 20_960_101;

const RETENTION_DAYS = 90;
/** Nights on which the upkeep fails for good. */
const BAD_NIGHTS = new Set(["2096-02-29", "2096-07-14", "2096-07-15", "2096-12-24"]);

const client = newToken();
const chatId = newChatId();
const hook = newToken();
const receiver = controlFakeReceiver(inject("receiverUrl"), hook);

/** Mulberry32: the same crons in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * When crons really come in a year: nightly and weekly ones late, twice or not at all, and of the five-minute one, to
 * keep the year short, one a day.
 */
function comingsOfAYear(random: () => number): number[] {
  const comings: number[] = [];
  const come = (dueMs: number, lateMs: number): void => {
    const fate = random();
    if (fate < 0.2) return;
    comings.push(dueMs + random() * lateMs);
    if (fate > 0.8) comings.push(dueMs + random() * lateMs);
  };
  for (let dayMs = START_MS; dayMs < END_MS; dayMs += DAY_MS) {
    come(dayMs + 2 * HOUR_MS, 3 * HOUR_MS);
    if (new Date(dayMs).getUTCDay() === 1) come(dayMs + 6 * HOUR_MS, 3 * HOUR_MS);
    // The last of the day, which is there to catch up.
    comings.push(dayMs + DAY_MS - (1 + random() * 4) * MINUTE_MS);
  }
  return comings.toSorted((a, b) => a - b);
}

/** Makes a job see this year's own settings, and fail on bad nights. */
function stage(job: Job): void {
  const slice = job.slice.bind(job);
  const settings = parseConfig({
    ...env,
    RETENCION_POR_CLIENTE: `${client}=${RETENTION_DAYS}`,
    ALERTAS_WEBHOOK_URL: `${inject("receiverUrl")}/hook/${hook}`,
  });
  vi.spyOn(job, "slice").mockImplementation(
    async ({ services, env: own }: JobMeans, state, run) => {
      const night = new Date(lastDueMs(["nightly"], run.startedAtMs)).toISOString().slice(0, 10);
      if (job.name === upkeepJob.name && BAD_NIGHTS.has(night)) {
        throw new JobFailure("Una mala noche.", { retry: false });
      }
      return await slice({ services: { ...services, config: settings }, env: own }, state, run);
    },
  );
}

/** Does what is due, as the crons and the objects' alarms do; the alerts, which look at the rest, at the end. */
async function live(nowMs: number): Promise<void> {
  vi.setSystemTime(nowMs);
  // Sometimes a cron comes twice at once.
  await Promise.all([startDueJobs(env), startDueJobs(env)]);
  for (const { name } of JOBS) {
    let slices = 0;
    while (await runDurableObjectAlarm(jobStub(env, config, name))) {
      slices += 1;
      if (slices > 100) throw new Error(`${name} has no end`);
    }
  }
}

const Run = z.object({ trabajo: z.string(), resultado: z.string(), inicio: z.coerce.date() });
type Run = z.output<typeof Run>;

async function query<T>(row: z.ZodType<T>, statement: ReturnType<typeof sql>): Promise<T[]> {
  const result = await direct.query(5_000, (db) => db.execute(statement));
  return z.object({ rows: z.array(row) }).parse(result).rows;
}

/** In the order in which they began. */
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

/** The month's partition, some months later. */
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

/** From when on the client's records are there, and how many. */
async function keptSince(): Promise<{ oldestMs: number; records: number }> {
  const [row] = await query(
    z.object({ oldest: z.coerce.date(), records: z.coerce.number() }),
    sql`SELECT min(fecha) AS oldest, count(*) AS records FROM consultas_ia WHERE cliente = ${client}`,
  );
  return { oldestMs: row?.oldest.getTime() ?? 0, records: row?.records ?? 0 };
}

type Look = { nowMs: number; partitions: Set<string>; oldestMs: number; records: number };
/** What was there after the first coming of each week. */
const looks: Look[] = [];

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
  for (const job of JOBS) stage(job);
  await createServices(env).history.append(recordsOfTheYear());
  let nextLookMs = START_MS;
  for (const nowMs of comingsOfAYear(seeded(SEED))) {
    await live(nowMs);
    if (nowMs < nextLookMs) continue;
    nextLookMs += 7 * DAY_MS;
    looks.push({ nowMs, partitions: await partitions(), ...(await keptSince()) });
  }
}, 600_000);

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const RARE = JOBS.filter(({ crons }) => !crons.includes("sweep"));

it.for(RARE)("$name ran once for each of its times", async ({ name, crons }) => {
  const ran = (await runsOf(name)).map(({ inicio }) => lastDueMs(crons, inicio.getTime()));
  const times: number[] = [];
  for (let dueMs = lastDueMs(crons, END_MS - 1); dueMs >= START_MS;) {
    times.unshift(dueMs);
    dueMs = lastDueMs(crons, dueMs - 1);
  }
  // The first of the year may have caught up with one of the year before.
  expect(ran.filter((dueMs) => dueMs >= START_MS)).toEqual(times);
});

it.for(RARE)("$name went well, but for the nights that were bad", async ({ name, crons }) => {
  const failed = (await runsOf(name))
    .filter(({ resultado }) => resultado !== "completada")
    .map(({ inicio }) => new Date(lastDueMs(crons, inicio.getTime())).toISOString().slice(0, 10));
  expect(failed).toEqual(name === upkeepJob.name ? [...BAD_NIGHTS] : []);
});

it("partitions were always ahead", () => {
  expect(looks.length).toBeGreaterThan(50);
  const missing = looks.flatMap((look) =>
    [0, 1, 2]
      .map((later) => partitionOf(look.nowMs, later))
      .filter((name) => !look.partitions.has(name)),
  );
  expect(missing).toEqual([]);
});

it("retention was exact: after each night, just the records of the days that are kept", async () => {
  const nights = (await runsOf(upkeepJob.name)).filter(
    ({ resultado }) => resultado === "completada",
  );
  const noons = recordsOfTheYear().map(({ at }) => at.getTime());
  for (const { nowMs, oldestMs, records } of looks) {
    const night = nights.findLast(({ inicio }) => inicio.getTime() <= nowMs);
    const sinceMs = (night?.inicio.getTime() ?? 0) - RETENTION_DAYS * DAY_MS;
    const kept = noons.filter((noon) => noon >= sinceMs);
    expect({ oldestMs, records }).toEqual({ oldestMs: kept[0], records: kept.length });
  }
});

it("alerts told each trouble once, and once its end", async () => {
  const Told = z.object({ evento: z.string(), datos: z.object({ clave: z.string() }) });
  const told = (await receiver.received()).map(({ body }) => Told.parse(JSON.parse(body)));
  const eventsOf = Map.groupBy(told, ({ datos }) => datos.clave);
  // Two of the bad nights follow each other: that is one trouble.
  const three = Array.from({ length: 3 }, () => ["alerta.activa", "alerta.resuelta"]).flat();
  expect(eventsOf.get("fallo:mantenimiento")?.map(({ evento }) => evento)).toEqual(three);
  for (const events of eventsOf.values()) {
    for (const [index, { evento }] of events.entries()) {
      expect(evento).toBe(index % 2 === 0 ? "alerta.activa" : "alerta.resuelta");
    }
  }
});

it("nothing is left under way", async () => {
  const entries = await coordinatorStub(env, config).listJobs();
  expect(entries.filter(({ current }) => current !== null)).toEqual([]);
});
