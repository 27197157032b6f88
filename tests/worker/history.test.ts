import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { chatStub } from "../../src/chats/chat-stub.ts";
import { chatName } from "../../src/lib/chat-name.ts";
import { parseConfig } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { erasedChats, history } from "../../src/history/history.table.ts";
import type { HistoryRecord } from "../../src/tasks/history-record.ts";
import {
  call,
  consultar,
  estado,
  newChatId,
  newToken,
  preguntar,
  procesar,
  type ApiResponse,
} from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { pastRecord } from "../support/past-record.ts";
import { MINUTE_MS } from "../../src/lib/durations.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const config = parseConfig({ ...env });
const NOON_MS = Date.UTC(2026, 4, 14, 12);

/** Creates a chat with these records, oldest first, one minute apart. */
async function chatWith(records: Partial<HistoryRecord>[], firstMs = NOON_MS): Promise<number> {
  const chatId = newChatId();
  const chat = chatStub(env, config, chatName("principal", chatId));
  for (const [index, changes] of records.entries()) {
    await chat.record(pastRecord(config, chatId, firstMs + index * MINUTE_MS, changes));
  }
  return chatId;
}

const Page = z.object({
  consultas: z.array(z.object({ texto_original: z.string(), fragmento: z.string().optional() })),
  total: z.int().optional(),
  cursor: z.string().nullable(),
});

async function pageOf(body: Record<string, unknown>) {
  const { consultas, ...page } = Page.parse((await consultar(body)).json);
  return { ...page, texts: consultas.map(({ texto_original }) => texto_original), consultas };
}

function queryString(query: Record<string, string | number>): string {
  const given = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(given).toString();
}

const numbered = (count: number): Partial<HistoryRecord>[] =>
  Array.from({ length: count }, (_, index) => ({ text: `texto ${index}` }));

describe("history pages", () => {
  it("follow each other without gaps or repeats while records arrive, and return the total only on the first", async () => {
    const chat_id = await chatWith(numbered(7));
    const chat = chatStub(env, config, chatName("principal", chat_id));
    const first = await pageOf({ chat_id, limit: 3 });
    expect(first).toMatchObject({ total: 7, texts: ["texto 6", "texto 5", "texto 4"] });
    await chat.record(pastRecord(config, chat_id, NOON_MS + 60 * MINUTE_MS, { text: "nuevo" }));
    const second = await pageOf({ chat_id, limit: 3, cursor: first.cursor });
    expect(second).toMatchObject({ texts: ["texto 3", "texto 2", "texto 1"] });
    expect(second).not.toHaveProperty("total");
    const third = await pageOf({ chat_id, limit: 3, cursor: second.cursor });
    expect(third).toMatchObject({ texts: ["texto 0"], cursor: null });
  });

  it("separate records of the same millisecond", async () => {
    const chatId = newChatId();
    const chat = chatStub(env, config, chatName("principal", chatId));
    for (let index = 0; index < 5; index += 1) {
      await chat.record(pastRecord(config, chatId, NOON_MS, { text: `texto ${index}` }));
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof pageOf>> = await pageOf({
        chat_id: chatId,
        limit: 2,
        orden: "asc",
        cursor,
      });
      seen.push(...page.texts);
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(["texto 0", "texto 1", "texto 2", "texto 3", "texto 4"]);
  });

  it.for([
    ["nada", "desc"],
    ["e30", "desc"],
    ["W10", "desc"],
    ["x".repeat(201), "desc"],
  ])("respond 400 to the cursor %s", async ([cursor, orden]) => {
    const { json } = await consultar({ chat_id: 1, cursor, orden });
    expect(json).toMatchObject({ status: 400, errores: [{ campo: "cursor" }] });
  });

  it("respond 400 to a cursor of the other order", async () => {
    const chat_id = await chatWith(numbered(2));
    const { cursor } = await pageOf({ chat_id, limit: 1 });
    const { json } = await consultar({ chat_id, limit: 1, orden: "asc", cursor });
    expect(json).toMatchObject({ status: 400, errores: [{ campo: "cursor" }] });
  });
});

describe("history filters", () => {
  it("limit the time by instants or by days in the service's time zone", async () => {
    // Midnight in Madrid is 22:00 UTC the day before.
    const chat_id = await chatWith(
      [{ text: "antes" }, { text: "primero" }, { text: "después" }],
      Date.UTC(2026, 4, 13, 21, 59),
    );
    expect(await pageOf({ chat_id, desde: "2026-05-14" })).toMatchObject({
      texts: ["después", "primero"],
    });
    expect(await pageOf({ chat_id, hasta: "2026-05-13" })).toMatchObject({ texts: ["antes"] });
    expect(
      await pageOf({ chat_id, desde: "2026-05-13T22:00:00Z", hasta: "2026-05-14T00:01:00+02:00" }),
    ).toMatchObject({ texts: ["primero"], total: 1 });
    expect(await pageOf({ chat_id, desde: "2027-01-01" })).toMatchObject({
      texts: [],
      total: 0,
      cursor: null,
    });
  });

  it.for([
    { desde: "ayer" },
    { hasta: "2026-05-01", desde: "2026-05-31" },
    { hasta: "2026-05-14T09:00:00Z", desde: "2026-05-14T09:00:00Z" },
    { hasta: "2026-13-01" },
    { desde: "0001-01-01" },
    { orden: "nuevo" },
    { idioma: "español" },
    { buscar: "x".repeat(201) },
  ])("respond 400 to %j", async (filter) => {
    const { json } = await consultar({ chat_id: 1, ...filter });
    expect(json).toMatchObject({ status: 400, errores: [{ campo: Object.keys(filter)[0] }] });
  });

  it("select by language and by task", async () => {
    const chat_id = await chatWith([
      { text: "uno", language: "en" },
      { text: "dos", task: "traducir" },
      { text: "tres", task: "traducir", language: "en" },
    ]);
    expect(await pageOf({ chat_id, idioma: "en" })).toMatchObject({ texts: ["tres", "uno"] });
    expect(await pageOf({ chat_id, idioma: "en", tipo_tarea: "traducir" })).toMatchObject({
      texts: ["tres"],
    });
  });
});

describe("history search", () => {
  const SAID = [
    { text: "La reunión trató de las facturas pendientes", output: "Sin novedad" },
    { text: "Compra pan", output: "La canción del verano" },
    { text: "The invoices were paid last week", output: "Paid", language: "en" },
    { text: "El contrato de alquiler", output: "Vence en junio; el alquiler sube" },
  ];
  const search = async (buscar: string) =>
    await pageOf({ chat_id: await chatWith(SAID), buscar, orden: "asc" });

  it.for([
    ["factura", ["La reunión trató de las facturas pendientes"]],
    ["REUNION", ["La reunión trató de las facturas pendientes"]],
    ["canciones", ["Compra pan"]],
    ["invoice", ["The invoices were paid last week"]],
    ["alquiler junio", ["El contrato de alquiler"]],
    ["alquiler OR pan", ["Compra pan", "El contrato de alquiler"]],
    ["alquiler -junio", []],
    ['"facturas pendientes"', ["La reunión trató de las facturas pendientes"]],
    ['"pendientes facturas"', []],
    ["de la", ["La reunión trató de las facturas pendientes"]],
    ["'; DROP TABLE consultas_ia; --", []],
    ["nada", []],
  ] as const)("returns for the search %s the texts %j", async ([buscar, texts]) => {
    expect((await search(buscar)).texts).toEqual(texts);
  });

  it("returns the excerpt that contains the words", async () => {
    const { consultas } = await search("factura");
    expect(consultas[0]?.fragmento).toContain("«facturas»");
    expect((await search("invoices")).consultas[0]?.fragmento).toContain("«invoices»");
  });

  it("finds nothing in another chat, also for a question in natural language", async () => {
    const chat_id = await chatWith(SAID);
    const other = await chatWith([{ text: "otra cosa" }]);
    expect((await pageOf({ chat_id: other, buscar: "factura" })).texts).toEqual([]);
    const { json } = await preguntar({ chat_id, texto: "lo que dije sobre factura" });
    expect(json).toMatchObject({ total: 1 });
  });

  it("accepts a search as long as the limit", async () => {
    const words = Array.from({ length: 60_000 }, (_, index) => `palabra${index}`).join(" ");
    const chat_id = await chatWith([{ text: `principio ${words}`, output: words }]);
    expect((await pageOf({ chat_id, buscar: "principio" })).texts).toHaveLength(1);
  });
});

describe("GET /api/v1/historial/exportar", () => {
  const exported = async (query: Record<string, string | number>): Promise<ApiResponse> =>
    await call(`/api/v1/historial/exportar?${queryString(query)}`);

  it.for([
    ["csv", "text/csv; charset=utf-8"],
    ["jsonl", "application/jsonl; charset=utf-8"],
    ["md", "text/markdown; charset=utf-8"],
  ] as const)("returns every record as %s, oldest first", async ([formato, contentType]) => {
    const chat_id = await chatWith(numbered(130));
    const { status, headers, text } = await exported({ chat_id, formato });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe(contentType);
    expect(headers.get("content-disposition")).toBe(
      `attachment; filename="historial_${chat_id}.${formato}"`,
    );
    expect(text.match(/texto \d+/g)).toEqual(numbered(130).map(({ text: original }) => original));
  });

  it("accepts the same filters as POST /api/v1/consultar", async () => {
    const chat_id = await chatWith([
      { text: "facturas" },
      { text: "otra cosa" },
      { text: "factura", language: "en" },
    ]);
    const { text } = await exported({ chat_id, formato: "jsonl", buscar: "factura", idioma: "es" });
    expect(
      text
        .trim()
        .split("\n")
        .map(
          (line) => z.object({ texto_original: z.string() }).parse(JSON.parse(line)).texto_original,
        ),
    ).toEqual(["facturas"]);
  });

  it("returns an empty file of the format for a chat without records", async () => {
    const { status, text } = await exported({ chat_id: newChatId() });
    expect({ status, lines: text.split("\r\n").length }).toEqual({ status: 200, lines: 2 });
  });

  it("streams large records without holding all of them in memory", async () => {
    const large = "x".repeat(900_000);
    const chat_id = await chatWith(
      Array.from({ length: 12 }, () => ({ text: large, output: large })),
    );
    await vi.waitFor(
      async () => expect(await pageOf({ chat_id, limit: 1 })).toMatchObject({ total: 12 }),
      { timeout: 30_000 },
    );
    const { text } = await exported({ chat_id, formato: "jsonl" });
    expect(text.length).toBeGreaterThan(12 * 1_800_000);
  });

  it.for([
    "chat_id=x",
    "",
    "chat_id=1&formato=xls",
    "chat_id=1&otro=1",
    "chat_id=1&desde=ayer",
    "chat_id=1&desde=2026-05-31&hasta=2026-05-01",
  ])("responds 400 to the query «%s»", async (query) => {
    const { status, json } = await call(`/api/v1/historial/exportar?${query}`);
    expect({ status, code: json["code"] }).toEqual({ status: 400, code: "E202" });
  });
});

describe("DELETE /api/v1/historial/{chat_id}", () => {
  const erase = async (chatId: number | string): Promise<ApiResponse> =>
    await call(`/api/v1/historial/${chatId}`, undefined, { method: "DELETE" });

  it("deletes rows, mode, finished work, cached results and idempotent answers, and reports the counts", async () => {
    const chat_id = newChatId();
    const token = newToken();
    const body = { chat_id, texto: `Un texto. ${token}`, tipo_tarea: "resumir" };
    const key = { "idempotency-key": newToken() };
    await procesar(body, key);
    await procesar({ ...body, texto: `Otro texto. ${token}` });
    await estado({ chat_id, modo: "/traducir", fijo: true });
    await vi.waitFor(
      async () => expect((await procesar(body)).json["cache"]).toMatch(/colo|kv/),
      10_000,
    );

    const { status, json } = await erase(chat_id);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      success: true,
      chat_id,
      completo: true,
      registros: expect.any(Number) as unknown,
      claves_cache: 2,
      copias_hasta: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
    expect(json["registros"]).toBeGreaterThanOrEqual(3);
    expect(await pageOf({ chat_id })).toMatchObject({ total: 0, texts: [] });
    expect((await estado({ chat_id, modo: "" })).json["modo_actual"]).toBeNull();
    const again = await procesar(body, key);
    expect(again.headers.get("idempotent-replayed")).toBeNull();
    expect(again.json["cache"]).toBe("miss");
  });

  it("keeps other chats and the same chat id of another client", async () => {
    const mine = await chatWith(numbered(2));
    const other = await chatWith(numbered(2));
    const foreign = chatStub(env, config, chatName("otro", mine));
    await foreign.record(pastRecord(config, mine, NOON_MS, { client: "otro" }));
    await foreign.deliverNow();
    expect((await erase(mine)).json["registros"]).toBe(2);
    expect((await pageOf({ chat_id: other })).total).toBe(2);
    const direct = hyperdriveDatabase({ connectionString: inject("postgresUrl") });
    const rows = await direct.query(5_000, (db) => db.$count(history, eq(history.chatId, mine)));
    expect(rows).toBe(1);
  });

  it("answers requests in flight and stores nothing of them", async () => {
    const chat_id = newChatId();
    const token = newToken();
    await model.script(token, [{ kind: "hold" }]);
    const body = { chat_id, texto: `En vuelo. ${token}`, tipo_tarea: "resumir" };
    const running = procesar(body);
    await vi.waitFor(async () => expect((await model.calls(token)).open).toBe(1), 10_000);
    expect((await erase(chat_id)).json).toMatchObject({ completo: true, registros: 0 });
    await model.release(token);
    expect((await running).status).toBe(200);
    expect(await pageOf({ chat_id })).toMatchObject({ total: 0 });
    await model.script(token, [{ kind: "ok", text: "Nuevo." }]);
    expect((await procesar(body)).json).toMatchObject({ cache: "miss", resultado: "Nuevo." });
  });

  it("deletes cache entries a second time, for a write that was in flight during the erasure", async () => {
    const chat_id = newChatId();
    await procesar({ chat_id, texto: `Un texto. ${newToken()}`, tipo_tarea: "resumir" });
    expect((await erase(chat_id)).json).toMatchObject({ claves_cache: 1 });
    const chat = chatStub(env, config, chatName("principal", chat_id));
    const keysToForget = () =>
      runInDurableObject(chat, (_, { storage }) =>
        storage.sql.exec<{ key: string }>("SELECT key FROM keys_to_forget").toArray(),
      );
    const [left] = await keysToForget();
    const late = `resultado/${left?.key}`;
    await env.CACHE.put(late, "tarde");
    expect(await runDurableObjectAlarm(chat)).toBe(true);
    expect(await env.CACHE.get(late)).toBe("tarde");
    await runInDurableObject(chat, (_, { storage }) => {
      storage.sql.exec("UPDATE keys_to_forget SET due_ms = due_ms - ?", MINUTE_MS);
    });
    expect(await runDurableObjectAlarm(chat)).toBe(true);
    expect(await env.CACHE.get(late)).toBeNull();
    expect(await keysToForget()).toEqual([]);
  });

  it("rejects late records from before the erasure and accepts every record after it", async () => {
    const chat_id = await chatWith(numbered(1));
    await erase(chat_id);
    const chat = chatStub(env, config, chatName("principal", chat_id));
    await chat.record(pastRecord(config, chat_id, Date.now() - MINUTE_MS, { text: "tarde" }));
    await chat.record(pastRecord(config, chat_id, Date.now() + MINUTE_MS, { text: "después" }));
    expect((await pageOf({ chat_id })).texts).toEqual(["después"]);
  });

  it("records the erasure, so that a restored backup can be erased again", async () => {
    const chat_id = await chatWith(numbered(1));
    await erase(chat_id);
    const direct = hyperdriveDatabase({ connectionString: inject("postgresUrl") });
    const noted = await direct.query(5_000, (db) =>
      db.$count(erasedChats, eq(erasedChats.chatId, chat_id)),
    );
    expect(noted).toBe(1);
    expect((await erase(chat_id)).json).toMatchObject({ completo: true, registros: 0 });
  });

  it.for(["x", "1.5", "%20", "99999999999999999999"])(
    "responds 400 to the chat «%s»",
    async (chatId) => {
      const { status, json } = await erase(chatId);
      expect({ status, code: json["code"] }).toEqual({ status: 400, code: "E202" });
    },
  );
});
