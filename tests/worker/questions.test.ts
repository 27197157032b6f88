import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { chatStub } from "../../src/chats/chat-stub.ts";
import { chatName } from "../../src/lib/chat-name.ts";
import { parseConfig } from "../../src/config.ts";
import { consultar, newChatId, newToken, preguntar } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { pastRecord } from "../support/past-record.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const config = parseConfig({ ...env });

const LIST_READING = {
  ...{ entendido: true, accion: "listar", tipo_tarea: null, limit: null, orden: "desc" },
  ...{ posicion: null, campo: null, desde: null, hasta: null, buscar: null, idioma: null },
};

/** A question that no rule understands; the fake model answers it with these readings, in order. */
async function questionForModel(...readings: object[]): Promise<string> {
  const token = newToken();
  await model.script(
    token,
    readings.map((reading) => ({ kind: "ok", text: JSON.stringify(reading) })),
  );
  return `Oye, ¿me harías el favor de aquello del ${token}?`;
}

async function chatWithDays(...days: string[]): Promise<number> {
  const chatId = newChatId();
  const chat = chatStub(env, config, chatName("principal", chatId));
  for (const day of days) {
    await chat.record(pastRecord(config, chatId, Date.parse(`${day}T10:00:00Z`), { text: day }));
  }
  return chatId;
}

describe("POST /consultar-inteligente, with a question that the rules do not understand", () => {
  it("reads it with the model into the same filter and answers it with SQL", async () => {
    const chat_id = await chatWithDays("2026-05-01", "2026-05-10", "2026-05-20");
    const texto = await questionForModel({
      ...LIST_READING,
      accion: "contar",
      desde: "2026-05-10",
      hasta: "2026-05-20",
    });
    const { json } = await preguntar({ chat_id, texto });
    expect(json).toMatchObject({
      ...{ success: true, total: 2, origen: "modelo" },
      interpretacion: {
        accion: "contar",
        desde: "2026-05-09T22:00:00.000Z",
        hasta: "2026-05-20T22:00:00.000Z",
      },
    });
  });

  it.for([
    [
      { ...LIST_READING, accion: "contar", limit: 5, posicion: -1 },
      { accion: "contar", limit: null, posicion: null },
    ],
    [
      { ...LIST_READING, accion: "campo", campo: "fecha", limit: 5, orden: "asc" },
      { accion: "campo", campo: "fecha", limit: null, posicion: 1 },
    ],
    [
      { ...LIST_READING, limit: 5, posicion: -2, campo: "id" },
      { accion: "listar", campo: null, limit: null, posicion: -2 },
    ],
  ] as const)(
    "reports the interpretation that it follows: %j gives %j",
    async ([reading, interpretacion]) => {
      const chat_id = await chatWithDays("2026-05-01", "2026-05-10");
      const { json } = await preguntar({ chat_id, texto: await questionForModel(reading) });
      expect(json).toMatchObject({ success: true, origen: "modelo", interpretacion });
    },
  );

  it("pays once a day for it and does not store it in the history", async () => {
    const chat_id = await chatWithDays("2026-05-01");
    const texto = await questionForModel({ ...LIST_READING, posicion: -1 });
    const first = await preguntar({ chat_id, texto });
    const second = await preguntar({ chat_id, texto });
    expect(first.json).toMatchObject({ registro: { texto_original: "2026-05-01" } });
    expect(second.json).toMatchObject({ registro: { texto_original: "2026-05-01" } });
    expect((await model.calls(texto)).calls).toBe(1);
    expect((await consultar({ chat_id })).json["total"]).toBe(1);
  });

  it.for([
    ["does not understand it either", { ...LIST_READING, entendido: false }],
    ["asks for a field without naming it", { ...LIST_READING, accion: "campo" }],
    ["asks for the record number 0", { ...LIST_READING, posicion: 0 }],
    [
      "ends the period before it starts",
      { ...LIST_READING, desde: "2026-05-10", hasta: "2026-05-01" },
    ],
  ] as const)("answers that it does not understand when the model %s", async ([, reading]) => {
    const { status, json } = await preguntar({
      chat_id: newChatId(),
      texto: await questionForModel(reading),
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      success: false,
      mensaje: expect.stringContaining("No lo he entendido") as unknown,
    });
    expect(json).not.toHaveProperty("interpretacion");
  });

  it.for([
    [{ ...LIST_READING, desde: "2026-02-30" }],
    [{ ...LIST_READING, limit: 1_000 }],
    [{ ...LIST_READING, accion: "borrar" }],
    [{ accion: "listar" }],
  ])(
    "answers that it does not understand when the model returns an invalid filter twice: %j",
    async ([reading]) => {
      const texto = await questionForModel(reading ?? {});
      const { status, json } = await preguntar({ chat_id: newChatId(), texto });
      expect({ status, success: json["success"] }).toEqual({ status: 200, success: false });
      expect((await model.calls(texto)).calls).toBe(2);
    },
  );

  it("answers that it does not understand when the model fails", async () => {
    const token = newToken();
    await model.script(token, [{ kind: "error", status: 400 }]);
    const { status, json } = await preguntar({
      chat_id: newChatId(),
      texto: `Dime lo del ${token}`,
    });
    expect({ status, success: json["success"] }).toEqual({ status: 200, success: false });
  });
});

describe("POST /consultar-inteligente, with a reference date", () => {
  it.for([
    ["2026-05-14", "Europe/Madrid", "2026-05-12T22:00:00.000Z"],
    ["2026-05-14T23:30:00", "America/Bogota", "2026-05-13T05:00:00.000Z"],
    ["2026-05-14T23:30:00Z", "Asia/Tokyo", "2026-05-13T15:00:00.000Z"],
  ] as const)("counts days from %s in %s", async ([fecha_referencia, zona_horaria, desde]) => {
    const body = { chat_id: newChatId(), texto: "¿cuántos textos resumí ayer?" };
    const { json } = await preguntar({ ...body, fecha_referencia, zona_horaria });
    expect(json).toMatchObject({ origen: "reglas", interpretacion: { desde } });
  });

  it.for([
    { fecha_referencia: "ayer" },
    { fecha_referencia: "0001-01-01" },
    { zona_horaria: "Madrid" },
  ])("returns 400 for %j", async (given) => {
    const { json } = await preguntar({ chat_id: 1, texto: "¿cuántos?", ...given });
    expect(json).toMatchObject({ status: 400, errores: [{ campo: Object.keys(given)[0] }] });
  });
});
