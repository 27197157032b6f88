import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { chatName, chatStub } from "../../src/chats/chat-stub.ts";
import { parseConfig } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { runScheduled } from "../../src/jobs/jobs.ts";
import { keepUpHistory } from "../../src/jobs/upkeep.ts";
import { createServices } from "../../src/services.ts";
import { newChatId } from "../support/client.ts";
import { pastRecord } from "../support/past-record.ts";

const config = parseConfig({ ...env });
const DAY_MS = 86_400_000;
const direct = hyperdriveDatabase({ connectionString: inject("postgresUrl") });
const Places = z.object({
  rows: z.array(z.object({ place: z.string(), texto_original: z.string() })),
});

/** In which partition each of a chat's texts lies. */
async function placesOf(chatId: number): Promise<Record<string, string>> {
  const result = await direct.query(5_000, (db) =>
    db.execute(
      sql`SELECT tableoid::regclass::text AS place, texto_original FROM consultas_ia WHERE chat_id = ${chatId}`,
    ),
  );
  return Object.fromEntries(
    Places.parse(result).rows.map(({ place, texto_original }) => [texto_original, place]),
  );
}

async function chatWith(moments: Record<string, number>): Promise<number> {
  const chatId = newChatId();
  const chat = chatStub(env, config, chatName("principal", chatId));
  for (const [text, atMs] of Object.entries(moments)) {
    await chat.record(pastRecord(config, chatId, atMs, { text }));
  }
  expect(await chat.flush()).toBe(0);
  return chatId;
}

describe("the nightly upkeep of the history", () => {
  it("makes the partitions of the months to come, also of one whose rows came before it", async () => {
    // Of its own: partitions stay for the tests that follow.
    const year = 2_100 + Math.floor(Math.random() * 5_000);
    const nowMs = Date.UTC(year, 0, 15);
    const chatId = await chatWith({
      "de enero": Date.UTC(year, 0, 31, 23, 59),
      "de febrero": Date.UTC(year, 1, 1),
      "de otra década": Date.UTC(year + 9, 1, 1),
    });
    expect(new Set(Object.values(await placesOf(chatId)))).toEqual(new Set(["consultas_ia_resto"]));
    const services = { ...createServices(env), now: () => nowMs };
    await keepUpHistory(services);
    await keepUpHistory(services);
    expect(await placesOf(chatId)).toEqual({
      "de enero": `consultas_ia_${year}_01`,
      "de febrero": `consultas_ia_${year}_02`,
      "de otra década": "consultas_ia_resto",
    });
  });

  it("forgets what is older than it is told, to the day, and nothing else", async () => {
    const nowMs = Date.UTC(2011, 5, 15, 12);
    const chatId = await chatWith({
      "dos meses": nowMs - 61 * DAY_MS,
      "treinta y un días": nowMs - 31 * DAY_MS,
      "treinta días menos un minuto": nowMs - 30 * DAY_MS + 60_000,
      ayer: nowMs - DAY_MS,
    });
    const services = createServices(env);
    await keepUpHistory({ ...services, now: () => nowMs });
    expect(Object.keys(await placesOf(chatId))).toHaveLength(4);
    await keepUpHistory({
      ...services,
      now: () => nowMs,
      config: { ...services.config, RETENCION_DIAS: 30 },
    });
    expect(Object.keys(await placesOf(chatId)).toSorted()).toEqual([
      "ayer",
      "treinta días menos un minuto",
    ]);
  });

  it("drops whole months", async () => {
    const services = createServices(env);
    const partitions = async (): Promise<string[]> => {
      const result = await direct.query(5_000, (db) =>
        db.execute(
          sql`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'consultas_ia'::regclass`,
        ),
      );
      return z
        .object({ rows: z.array(z.object({ name: z.string() })) })
        .parse(result)
        .rows.map(({ name }) => name);
    };
    const nowMs = Date.UTC(2001, 2, 15);
    await services.history.makePartitions(new Date(Date.UTC(2001, 0, 1)), 2);
    expect(await partitions()).toContain("consultas_ia_2001_01");
    await keepUpHistory({
      ...services,
      now: () => nowMs,
      config: { ...services.config, RETENCION_DIAS: 30 },
    });
    expect(await partitions()).not.toContain("consultas_ia_2001_01");
    expect(await partitions()).toContain("consultas_ia_2001_02");
  });

  it("is what the cron of the night sets off", async () => {
    await expect(runScheduled(env, "0 2 * * *")).resolves.toBeUndefined();
  });
});
