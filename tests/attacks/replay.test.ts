import { describe, expect, inject, it } from "vitest";
import { expectRefused } from "../support/attack.ts";
import { call, consultar, newChatId, newToken, procesar, recordsOf } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { callerWithToken, newKey } from "../support/keys.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const PROCESAR = "/api/v1/procesar";

describe("an Idempotency-Key", () => {
  it("is separate for each client and never replays a response to another client", async () => {
    const other = await newKey();
    const [token, chat_id] = [newToken(), newChatId()];
    const idempotencyKey = newToken();
    const body = { chat_id, texto: `Hola ${token}.`, tipo_tarea: "resumir" };
    const mine = await procesar(body, { "idempotency-key": idempotencyKey });
    const theirs = await call(PROCESAR, body, {
      headers: { "x-api-key": other.apiKey, "idempotency-key": idempotencyKey },
    });
    expect(theirs.status).toBe(200);
    expect(theirs.headers.get("idempotent-replayed")).toBeNull();
    expect(theirs.json["solicitud_id"]).not.toBe(mine.json["solicitud_id"]);
    const different = await call(
      PROCESAR,
      { ...body, texto: `Otro ${newToken()}.` },
      { headers: { "x-api-key": other.apiKey, "idempotency-key": idempotencyKey } },
    );
    expectRefused(different, 422, "idempotencia_en_conflicto");
  });

  it("does not replay a response of a chat that the key does not reach", async () => {
    const [token, chat_id] = [newToken(), newChatId()];
    const idempotencyKey = newToken();
    const body = { chat_id, texto: `Hola ${token}.`, tipo_tarea: "resumir" };
    await procesar(body, { "idempotency-key": idempotencyKey });
    const limited = await newKey({ cliente: "principal", chats: [-5] });
    const answer = await call(PROCESAR, body, {
      headers: { "x-api-key": limited.apiKey, "idempotency-key": idempotencyKey },
    });
    expectRefused(answer, 403, "chat_no_permitido");
    expect((await model.calls(token)).calls).toBe(1);
  });

  it("replays nothing for a revoked key", async () => {
    const key = await newKey();
    const headers = { "x-api-key": key.apiKey, "idempotency-key": newToken() };
    const body = { chat_id: newChatId(), texto: `Hola ${newToken()}.`, tipo_tarea: "resumir" };
    expect((await call(PROCESAR, body, { headers })).status).toBe(200);
    await call(`/api/v1/claves/${key.id}`, undefined, { method: "DELETE" });
    expectRefused(await call(PROCESAR, body, { headers }), 401, "no_autenticado");
  });
});

describe("a cursor", () => {
  async function createCursor(chatId: number): Promise<string> {
    for (let count = 0; count < 3; count += 1) {
      await procesar({ chat_id: chatId, texto: `Hola ${newToken()}.`, tipo_tarea: "resumir" });
    }
    return String((await consultar({ chat_id: chatId, limit: 1 })).json["cursor"]);
  }

  it("shows no records of the client or the chat that it was issued for to another one", async () => {
    const chatId = newChatId();
    const cursor = await createCursor(chatId);
    const other = await newKey();
    const theirs = await other.call("/api/v1/consultar", { chat_id: chatId, cursor });
    expect(theirs.json["consultas"]).toEqual([]);
    const elsewhere = await consultar({ chat_id: newChatId(), cursor });
    expect(elsewhere.json["consultas"]).toEqual([]);
  });

  it.for([
    ["changed", (cursor: string) => `${cursor.slice(0, -4)}AAAA`],
    ["duplicated", (cursor: string) => cursor + cursor],
    ["changed to the other order", (cursor: string) => btoa(atob(cursor).replace("desc", "asc"))],
    ["replaced by 200 letters", () => "A".repeat(200)],
  ] as const)("is rejected when it was %s", async ([, tamper]) => {
    const chatId = newChatId();
    const { status } = await consultar({
      chat_id: chatId,
      cursor: tamper(await createCursor(chatId)),
    });
    expect(status).toBe(400);
    expect(await recordsOf(chatId)).toHaveLength(3);
  });
});

describe("a cached result", () => {
  it("is not served to another client that sends the same request", async () => {
    const other = await newKey();
    const token = newToken();
    const body = { chat_id: newChatId(), texto: `Hola ${token}.`, tipo_tarea: "resumir" };
    const mine = await procesar(body);
    const theirs = await other.call(PROCESAR, body);
    expect(theirs.json["cache"]).toBe("miss");
    expect(theirs.json["solicitud_id"]).not.toBe(mine.json["solicitud_id"]);
    expect((await model.calls(token)).calls).toBe(2);
  });

  it("is not purged by another client", async () => {
    const other = await newKey();
    const body = { chat_id: newChatId(), texto: `Hola ${newToken()}.`, tipo_tarea: "resumir" };
    await procesar(body);
    expect((await other.call("/api/v1/cache", undefined, "DELETE")).status).toBe(200);
    expect((await procesar({ ...body, chat_id: newChatId() })).json["cache"]).not.toBe("miss");
  });
});

describe("a key that has ended", () => {
  it("cannot be created with an expiry in the past, or gets 401", async () => {
    const key = await newKey({ caduca: "2020-01-01" }).catch(() => undefined);
    if (key) expectRefused(await key.call("/api/v1/tareas"), 401, "no_autenticado");
    else
      expect(
        (
          await call("/api/v1/claves", {
            nombre: "x",
            permisos: ["procesar"],
            caduca: "2020-01-01",
          })
        ).status,
      ).toBe(400);
  });

  it("is rejected with its tokens after a rotation, while its successor works", async () => {
    const key = await newKey();
    const { json } = await key.call("/api/v1/auth/token", {});
    const rotated = await call(`/api/v1/claves/${key.id}/rotar`, { gracia_segundos: 0 });
    const token = callerWithToken(String(json["token"]));
    for (const caller of [key.call, token]) {
      expectRefused(await caller("/api/v1/tareas"), 401, "no_autenticado");
    }
    const apiKey = String(rotated.json["clave"]);
    expect(
      (await call("/api/v1/tareas", undefined, { headers: { "x-api-key": apiKey } })).status,
    ).toBe(200);
  });
});
