import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseConfig } from "../../src/config.ts";
import type { FinishedRun, JobName } from "../../src/jobs/job.ts";
import { runs as runsTable } from "../../src/jobs/runner/runs.table.ts";
import { maintenanceJob } from "../../src/history/maintenance.job.ts";
import { newChatId } from "../support/client.ts";
import { ownServices } from "../support/own-database.ts";
import { pastRecord } from "../support/past-record.ts";
import { runJob, runSlices } from "../support/run-job.ts";
import { DAY_MS } from "../../src/lib/durations.ts";

const config = parseConfig({ ...env });
/** A separate database, because all clients share the partitions. */
const own = await ownServices(0);
const { history, runs } = own.services;
const Places = z.object({
  rows: z.array(z.object({ place: z.string(), texto_original: z.string() })),
});

/** The partition of each text of a chat. */
async function placesOf(chatId: number): Promise<Record<string, string>> {
  const result = await own.direct.query(5_000, (db) =>
    db.execute(
      sql`SELECT tableoid::regclass::text AS place, texto_original FROM consultas_ia WHERE chat_id = ${chatId}`,
    ),
  );
  return Object.fromEntries(
    Places.parse(result).rows.map(({ place, texto_original }) => [texto_original, place]),
  );
}

async function partitions(): Promise<string[]> {
  const result = await own.direct.query(5_000, (db) =>
    db.execute(
      sql`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'consultas_ia'::regclass`,
    ),
  );
  return z
    .object({ rows: z.array(z.object({ name: z.string() })) })
    .parse(result)
    .rows.map(({ name }) => name);
}

async function chatWith(moments: Record<string, number>, client = "principal"): Promise<number> {
  const chatId = newChatId();
  await history.append(
    Object.entries(moments).map(([text, atMs]) =>
      pastRecord(config, chatId, atMs, { text, client }),
    ),
  );
  return chatId;
}

describe("the job mantenimiento", () => {
  it("creates the partitions of the next months, and moves rows that were stored earlier into them", async () => {
    const year = 2_100;
    const nowMs = Date.UTC(year, 0, 15);
    const chatId = await chatWith({
      "de enero": Date.UTC(year, 0, 31, 23, 59),
      "de febrero": Date.UTC(year, 1, 1),
      "de otra década": Date.UTC(year + 9, 1, 1),
    });
    expect(new Set(Object.values(await placesOf(chatId)))).toEqual(new Set(["consultas_ia_resto"]));
    const services = { ...own.services, now: () => nowMs };
    await runSlices(maintenanceJob, services);
    await runSlices(maintenanceJob, services);
    expect(await placesOf(chatId)).toEqual({
      "de enero": `consultas_ia_${year}_01`,
      "de febrero": `consultas_ia_${year}_02`,
      "de otra década": "consultas_ia_resto",
    });
  });

  it("creates a partition during writes to its month without losing or repeating a row", async () => {
    const atMs = Date.UTC(8_000, 0, 15);
    const chatId = newChatId();
    const records = Array.from({ length: 60 }, (_, index) =>
      pastRecord(config, chatId, atMs, { text: `texto ${index}` }),
    );
    await history.append(records.slice(0, 20));
    // Each append may take a second. 40 connections at once would take longer on a busy machine.
    const batches = Array.from({ length: 10 }, (_, index) =>
      records.slice(20 + index * 4, 24 + index * 4),
    );
    const moment = new Date(atMs);
    await Promise.all([
      history.createPartitions(moment, 0),
      ...batches.map((batch) => history.append(batch)),
      history.createPartitions(moment, 0),
    ]);
    const places = await placesOf(chatId);
    expect(Object.keys(places)).toHaveLength(60);
    expect(new Set(Object.values(places))).toEqual(new Set(["consultas_ia_8000_01"]));
  });

  it("gives up a partition that would wait for a long read, and blocks no other query", async () => {
    const nowMs = Date.UTC(9_950, 0, 15);
    const longRead = own.direct.snapshot(10_000, async (db) => {
      await db.execute(sql`SELECT FROM consultas_ia LIMIT 1`);
      await expect(history.createPartitions(new Date(nowMs), 0)).rejects.toMatchObject({
        codigo: "historial_no_disponible",
      });
      await history.append([pastRecord(config, newChatId(), nowMs)]);
    });
    await expect(longRead).resolves.toBeUndefined();
    await history.createPartitions(new Date(nowMs), 0);
  });

  it("deletes exactly the records that are older than RETENCION_DIAS", async () => {
    const nowMs = Date.UTC(2011, 5, 15, 12);
    const chatId = await chatWith({
      "dos meses": nowMs - 61 * DAY_MS,
      "treinta y un días": nowMs - 31 * DAY_MS,
      "treinta días menos un minuto": nowMs - 30 * DAY_MS + 60_000,
      ayer: nowMs - DAY_MS,
    });
    const { services } = own;
    await runSlices(maintenanceJob, { ...services, now: () => nowMs });
    expect(Object.keys(await placesOf(chatId))).toHaveLength(4);
    await runSlices(maintenanceJob, {
      ...services,
      now: () => nowMs,
      config: { ...services.config, RETENCION_DIAS: 30 },
    });
    expect(Object.keys(await placesOf(chatId)).toSorted()).toEqual([
      "ayer",
      "treinta días menos un minuto",
    ]);
  });

  it("drops the partitions of expired months", async () => {
    const { services } = own;
    const nowMs = Date.UTC(2001, 2, 15);
    await history.createPartitions(new Date(Date.UTC(2001, 0, 1)), 2);
    expect(await partitions()).toContain("consultas_ia_2001_01");
    await runSlices(maintenanceJob, {
      ...services,
      now: () => nowMs,
      config: { ...services.config, RETENCION_DIAS: 30 },
    });
    expect(await partitions()).not.toContain("consultas_ia_2001_01");
    expect(await partitions()).toContain("consultas_ia_2001_02");
  });

  it("keeps the records of a client for as long as RETENCION_POR_CLIENTE says", async () => {
    const nowMs = Date.UTC(1981, 5, 15, 12);
    const { services } = own;
    await history.createPartitions(new Date(Date.UTC(1981, 0, 1)), 5);
    const moments = {
      enero: Date.UTC(1981, 0, 10),
      mayo: nowMs - 20 * DAY_MS,
      ayer: nowMs - DAY_MS,
    };
    const usual = await chatWith(moments);
    const brief = await chatWith(moments, "breve");
    const lasting = await chatWith(moments, "largo");
    const keepUp = async (byClient: string): Promise<string[][]> => {
      await runSlices(maintenanceJob, {
        ...services,
        now: () => nowMs,
        config: parseConfig({ ...env, RETENCION_DIAS: "30", RETENCION_POR_CLIENTE: byClient }),
      });
      const places = await Promise.all([usual, brief, lasting].map(placesOf));
      return places.map((place) => Object.keys(place).toSorted());
    };
    expect(await keepUp("breve=7, largo=0")).toEqual([
      ["ayer", "mayo"],
      ["ayer"],
      ["ayer", "enero", "mayo"],
    ]);
    expect(Object.values(await placesOf(lasting))).toContain("consultas_ia_1981_01");
    expect(await keepUp("breve=7, largo=90")).toEqual([
      ["ayer", "mayo"],
      ["ayer"],
      ["ayer", "mayo"],
    ]);
    expect(await partitions()).not.toContain("consultas_ia_1981_01");
  });

  it("deletes runs after 400 days, and successful runs of the five-minute jobs after a week", async () => {
    const nowMs = Date.UTC(2035, 5, 15, 2);
    const run = (job: JobName, days: number, result: FinishedRun["result"]): FinishedRun => ({
      ...{ id: crypto.randomUUID(), job, origin: "cron", result, counts: {}, error: null },
      startedAtMs: nowMs - days * DAY_MS,
      endedAtMs: nowMs - days * DAY_MS + 1_000,
    });
    const kept = [
      run("alertas", 6.9, "completada"),
      run("alertas", 7.1, "fallida"),
      run("mantenimiento", 399.9, "completada"),
    ];
    const expired = [
      run("alertas", 7.1, "completada"),
      run("alertas", 400.1, "fallida"),
      run("copia-de-seguridad", 400.1, "completada"),
    ];
    await runs.append([...kept, ...expired]);
    await runSlices(maintenanceJob, { ...own.services, now: () => nowMs });
    const left = await own.direct.query(5_000, (db) =>
      db.select({ id: runsTable.id }).from(runsTable),
    );
    expect(new Set(left)).toEqual(new Set(kept.map(({ id }) => ({ id }))));
  });

  it("completes as a job", async () => {
    expect(await runJob("mantenimiento")).toMatchObject({ result: "completada", error: null });
  });
});
