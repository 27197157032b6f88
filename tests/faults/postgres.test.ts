import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { chatStub } from "../../src/chats/chat-stub.ts";
import { parseConfig } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { createHistory, type HistoryRow } from "../../src/history/history-store.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import {
  call,
  consultar,
  estado,
  newChatId,
  newToken,
  preguntar,
  procesar,
} from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { runJob } from "../support/run-job.ts";
import { setPostgres } from "../support/set-postgres.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const config = parseConfig({ ...env });
const nameOf = (chatId: number): string => `principal/${chatId}`;
const chatOf = (chatId: number) => chatStub(env, config, nameOf(chatId));
const waitingChats = async (): Promise<string[]> =>
  (await coordinatorStub(env, config).listWaitingChats(1_000)).map(({ name }) => name);

/** The rows in PostgreSQL, read directly: not through the proxy, and without a delivery by the chat. */
async function rowsOf(chatId: number): Promise<HistoryRow[]> {
  const direct = createHistory(hyperdriveDatabase({ connectionString: inject("postgresUrl") }));
  const filter = { client: "principal", chatId };
  return (await direct.page({ filter, order: "asc", limit: 100, offset: 0 })).rows;
}

/** Makes three requests, waits until their chat is on the list of waiting chats, and returns their texts. */
async function requestWhileDown(chat_id: number): Promise<string[]> {
  const texts = [newToken(), newToken(), newToken()];
  for (const texto of texts) {
    const { status } = await procesar({ chat_id, texto, tipo_tarea: "resumir" });
    expect(status).toBe(200);
  }
  await vi.waitFor(async () => expect(await waitingChats()).toContain(nameOf(chat_id)), 5_000);
  return texts;
}

/** In the order in which the rows were inserted. */
const textsOf = (rows: HistoryRow[]): string[] =>
  rows.toSorted((a, b) => a.id - b.id).map(({ text }) => text);

/** The records in the chat's outbox, including refused ones. */
const outboxOf = (chatId: number) =>
  runInDurableObject(chatOf(chatId), (_, { storage }) =>
    storage.sql.exec("SELECT request_id, record FROM outbox").toArray(),
  );

beforeEach(() => setPostgres("up"));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe.for(["down", "silent"] as const)("while PostgreSQL is %s", (state) => {
  it("runs tasks and keeps modes, and responds 503 to requests for the history", async () => {
    await setPostgres(state);
    const chat_id = newChatId();
    await estado({ chat_id, modo: "/resumir" });
    const { status, json } = await procesar({ chat_id, texto: newToken() });
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: true, tipo_tarea: "resumir" });

    expect((await estado({ chat_id, modo: "" })).json).toMatchObject({
      modo_actual: null,
      success: true,
    });

    const question = { chat_id, texto: "mis últimos resúmenes" };
    const subscription = "/api/v1/reportes/suscripcion";
    for (const refused of [
      await consultar({ chat_id }),
      await preguntar(question),
      await call(`/api/v1/reportes?chat_id=${chat_id}`),
      await call(`${subscription}?chat_id=${chat_id}`),
      await call(subscription, { chat_id }),
    ]) {
      expect(refused.status).toBe(503);
      expect(refused.json).toMatchObject({
        ...{ status: 503, code: "E401", codigo: "historial_no_disponible" },
        ...{ success: false, chat_id },
      });
      expect(refused.json).not.toHaveProperty("consultas");
    }
  });

  it("reports `degradado` on the health route with status 200, without an address", async () => {
    await setPostgres(state);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    const { status, json, text } = await call("/health/detailed");
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: "degradado",
      componentes: {
        base_de_datos: { estado: "caido", latencia_ms: null },
        durable_objects: { estado: "ok" },
      },
    });
    expect(text).not.toMatch(/127\.0\.0\.1|ECONN|postgres/i);
  });

  it("keeps every record, and delivers each once when the history is requested next", async () => {
    await setPostgres(state);
    const chat_id = newChatId();
    const texts = await requestWhileDown(chat_id);
    expect(await rowsOf(chat_id)).toEqual([]);

    await setPostgres("up");
    const { json } = await consultar({ chat_id });
    expect(json).toMatchObject({ total: 3, pendientes: 0 });
    expect(textsOf(await rowsOf(chat_id))).toEqual(texts);
    await vi.waitFor(
      async () => expect(await waitingChats()).not.toContain(nameOf(chat_id)),
      10_000,
    );
  });

  it("delivers every waiting record once by the chat's alarm", async () => {
    await setPostgres(state);
    const chat_id = newChatId();
    const texts = await requestWhileDown(chat_id);
    await setPostgres("up");
    expect(await runDurableObjectAlarm(chatOf(chat_id))).toBe(true);
    expect(textsOf(await rowsOf(chat_id))).toEqual(texts);
    expect(await waitingChats()).not.toContain(nameOf(chat_id));
  });

  it("delivers every waiting record once by the job entregar-pendientes, even when the job runs twice", async () => {
    await setPostgres(state);
    const chats = [newChatId(), newChatId()];
    const texts = await Promise.all(chats.map(requestWhileDown));
    const deliverPending = () => runJob("entregar-pendientes");
    expect((await deliverPending()).counts["sin_entregar"]).toBeGreaterThanOrEqual(2);
    expect(await rowsOf(chats[0] ?? 0)).toEqual([]);

    await setPostgres("up");
    // A run may join a delivery that started while PostgreSQL was silent, and then fails with it.
    await vi.waitFor(async () => {
      await Promise.all([deliverPending(), deliverPending()]);
      expect((await Promise.all(chats.map(rowsOf))).map(textsOf)).toEqual(texts);
    }, 10_000);
    for (const chat_id of chats) expect(await waitingChats()).not.toContain(nameOf(chat_id));
  });
});

it("stores a record once when the confirmation of its insert was lost", async () => {
  await setPostgres("forgetful");
  const chat_id = newChatId();
  const texts = await requestWhileDown(chat_id);
  await vi.waitFor(async () => expect((await rowsOf(chat_id)).length).toBeGreaterThan(0), 5_000);

  await setPostgres("up");
  expect((await consultar({ chat_id })).json).toMatchObject({ total: 3, pendientes: 0 });
  const rows = await rowsOf(chat_id);
  expect(textsOf(rows)).toEqual(texts);
  expect(new Set(rows.map(({ requestId }) => requestId)).size).toBe(3);
});

it("stores no row twice when the connection is cut between the insert and its response", async () => {
  await setPostgres("forgetful");
  const chat_id = newChatId();
  const texto = newToken();
  expect((await procesar({ chat_id, texto, tipo_tarea: "resumir" })).status).toBe(200);
  await vi.waitFor(async () => expect(textsOf(await rowsOf(chat_id))).toEqual([texto]), 5_000);
  await setPostgres("down");
  await vi.waitFor(async () => expect(await waitingChats()).toContain(nameOf(chat_id)), 5_000);
  const [before] = await rowsOf(chat_id);

  await setPostgres("up");
  expect((await consultar({ chat_id })).json).toMatchObject({ total: 1, pendientes: 0 });
  expect(await rowsOf(chat_id)).toEqual([before]);
  expect(await outboxOf(chat_id)).toEqual([]);
});

it("delivers every record once and in order, wherever the connection is cut", async () => {
  const chat_id = newChatId();
  const texts: string[] = [];
  for (let cut = 0; cut < 8; cut += 1) {
    const texto = newToken();
    texts.push(texto);
    await procesar({ chat_id, texto, tipo_tarea: "resumir" });
    const delivering = chatOf(chat_id).deliverNow();
    await setPostgres("down");
    await delivering;
    await setPostgres("up");
  }
  expect((await consultar({ chat_id })).json).toMatchObject({ total: 8, pendientes: 0 });
  expect(textsOf(await rowsOf(chat_id))).toEqual(texts);
});

it("leaves a row unchanged when its record is delivered again", async () => {
  await setPostgres("down");
  const chat_id = newChatId();
  await requestWhileDown(chat_id);
  const chat = chatOf(chat_id);
  const waiting = await outboxOf(chat_id);
  expect(waiting).toHaveLength(3);
  await setPostgres("up");
  expect((await consultar({ chat_id })).json).toMatchObject({ total: 3, pendientes: 0 });
  const before = await rowsOf(chat_id);

  await runInDurableObject(chat, (_, { storage }) => {
    for (const { request_id, record } of waiting) {
      storage.sql.exec(
        "INSERT INTO outbox (request_id, record) VALUES (?, ?)",
        request_id ?? null,
        record ?? null,
      );
    }
  });
  expect(await chat.deliverNow()).toBe(0);
  expect(await rowsOf(chat_id)).toEqual(before);
  expect(await outboxOf(chat_id)).toEqual([]);
});

it("records a cache hit that was served while PostgreSQL was down", async () => {
  await setPostgres("down");
  const chat_id = newChatId();
  const texto = newToken();
  const ask = () => procesar({ chat_id, texto, tipo_tarea: "resumir" });
  const ids = [(await ask()).json["solicitud_id"], (await ask()).json["solicitud_id"]];
  expect((await model.calls(texto)).calls).toBe(1);

  await setPostgres("up");
  await vi.waitFor(async () => {
    expect((await consultar({ chat_id })).json).toMatchObject({ total: 2, pendientes: 0 });
  }, 5_000);
  expect((await rowsOf(chat_id)).map(({ requestId }) => requestId)).toEqual(ids);
});

it("sets aside a record that PostgreSQL rejects, and delivers the others", async () => {
  await setPostgres("down");
  const chat_id = newChatId();
  const [first, invalid, last] = await requestWhileDown(chat_id);
  await runInDurableObject(chatOf(chat_id), (_, { storage }) => {
    storage.sql.exec(
      "UPDATE outbox SET record = json_set(record, '$.state', 'desconocido') WHERE record LIKE ?",
      `%${invalid}%`,
    );
  });
  const logged = vi.spyOn(console, "error");
  await setPostgres("up");
  expect((await consultar({ chat_id })).json).toMatchObject({ total: 2, pendientes: 0 });
  expect(JSON.stringify(logged.mock.calls)).toContain("record_refused");
  expect(JSON.stringify(logged.mock.calls)).not.toContain(invalid);
  expect(textsOf(await rowsOf(chat_id))).toEqual([first, last]);
  const kept = await runInDurableObject(chatOf(chat_id), (_, { storage }) =>
    storage.sql.exec("SELECT record FROM outbox WHERE refused = 1").toArray(),
  );
  expect(JSON.stringify(kept)).toContain(invalid);
});

it("returns 503 or the result when the connection is cut during a read, and the result on the next read", async () => {
  const chat_id = newChatId();
  await procesar({ chat_id, texto: newToken(), tipo_tarea: "resumir" });
  const reading = consultar({ chat_id });
  await setPostgres("down");
  expect([200, 503]).toContain((await reading).status);
  await setPostgres("up");
  expect((await consultar({ chat_id })).json).toMatchObject({ total: 1 });
});

it("finishes an erasure by alarm after a PostgreSQL outage", async () => {
  const chat_id = newChatId();
  await procesar({ chat_id, texto: newToken(), tipo_tarea: "resumir" });
  expect((await consultar({ chat_id })).json["total"]).toBe(1);
  await setPostgres("down");
  const erased = await call(`/api/v1/historial/${chat_id}`, undefined, { method: "DELETE" });
  expect(erased.json).toMatchObject({ success: true, completo: false, registros: null });
  expect(await rowsOf(chat_id)).toHaveLength(1);

  await setPostgres("up");
  await runDurableObjectAlarm(chatOf(chat_id));
  expect(await rowsOf(chat_id)).toEqual([]);
});
