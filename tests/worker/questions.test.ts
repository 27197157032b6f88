import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { chatName, chatStub } from "../../src/chats/chat-stub.ts";
import { parseConfig } from "../../src/config.ts";
import { consultar, newChatId, newToken, preguntar } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { pastRecord } from "../support/past-record.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const config = parseConfig({ ...env });

const READ = {
  ...{ entendido: true, accion: "listar", tipo_tarea: null, limit: null, orden: "desc" },
  ...{ posicion: null, campo: null, desde: null, hasta: null, buscar: null, idioma: null },
};

/** A question that no rule understands, and what the model makes of it. */
async function obscure(...said: object[]): Promise<string> {
  const token = newToken();
  await model.script(
    token,
    said.map((one) => ({ kind: "ok", text: JSON.stringify(one) })),
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

describe("a question that the rules do not understand", () => {
  it("is read by the model into the same filter, and answered by SQL", async () => {
    const chat_id = await chatWithDays("2026-05-01", "2026-05-10", "2026-05-20");
    const texto = await obscure({
      ...READ,
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
      { ...READ, accion: "contar", limit: 5, posicion: -1 },
      { accion: "contar", limit: null, posicion: null },
    ],
    [
      { ...READ, accion: "campo", campo: "fecha", limit: 5, orden: "asc" },
      { accion: "campo", campo: "fecha", limit: null, posicion: 1 },
    ],
    [
      { ...READ, limit: 5, posicion: -2, campo: "id" },
      { accion: "listar", campo: null, limit: null, posicion: -2 },
    ],
  ] as const)("tells what is done of it: %j is %j", async ([said, interpretacion]) => {
    const chat_id = await chatWithDays("2026-05-01", "2026-05-10");
    const { json } = await preguntar({ chat_id, texto: await obscure(said) });
    expect(json).toMatchObject({ success: true, origen: "modelo", interpretacion });
  });

  it("is paid once a day, and is no record of the history", async () => {
    const chat_id = await chatWithDays("2026-05-01");
    const texto = await obscure({ ...READ, posicion: -1 });
    const first = await preguntar({ chat_id, texto });
    const second = await preguntar({ chat_id, texto });
    expect(first.json).toMatchObject({ registro: { texto_original: "2026-05-01" } });
    expect(second.json).toMatchObject({ registro: { texto_original: "2026-05-01" } });
    expect((await model.calls(texto)).calls).toBe(1);
    expect((await consultar({ chat_id })).json["total"]).toBe(1);
  });

  it.for([
    ["does not understand it either", { ...READ, entendido: false }],
    ["asks for a field without saying which", { ...READ, accion: "campo" }],
    ["asks for the record number 0", { ...READ, posicion: 0 }],
    ["ends before it begins", { ...READ, desde: "2026-05-10", hasta: "2026-05-01" }],
  ] as const)("is honestly not understood when the model %s", async ([, said]) => {
    const { status, json } = await preguntar({ chat_id: newChatId(), texto: await obscure(said) });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      success: false,
      mensaje: expect.stringContaining("No lo he entendido") as unknown,
    });
    expect(json).not.toHaveProperty("interpretacion");
  });

  it.for([
    [{ ...READ, desde: "2026-02-30" }],
    [{ ...READ, limit: 1_000 }],
    [{ ...READ, accion: "borrar" }],
    [{ accion: "listar" }],
  ])("is not understood when the model fills the filter badly twice: %j", async ([said]) => {
    const texto = await obscure(said ?? {});
    const { status, json } = await preguntar({ chat_id: newChatId(), texto });
    expect({ status, success: json["success"] }).toEqual({ status: 200, success: false });
    expect((await model.calls(texto)).calls).toBe(2);
  });

  it("is not understood when the model fails", async () => {
    const token = newToken();
    await model.script(token, [{ kind: "error", status: 400 }]);
    const { status, json } = await preguntar({
      chat_id: newChatId(),
      texto: `Dime lo del ${token}`,
    });
    expect({ status, success: json["success"] }).toEqual({ status: 200, success: false });
  });
});

describe("the moment of a question", () => {
  it.for([
    ["2026-05-14", "Europe/Madrid", "2026-05-12T22:00:00.000Z"],
    ["2026-05-14T23:30:00", "America/Bogota", "2026-05-13T05:00:00.000Z"],
    ["2026-05-14T23:30:00Z", "Asia/Tokyo", "2026-05-13T15:00:00.000Z"],
  ] as const)("may be given: %s in %s", async ([fecha_referencia, zona_horaria, desde]) => {
    const body = { chat_id: newChatId(), texto: "¿cuántos textos resumí ayer?" };
    const { json } = await preguntar({ ...body, fecha_referencia, zona_horaria });
    expect(json).toMatchObject({ origen: "reglas", interpretacion: { desde } });
  });

  it.for([
    { fecha_referencia: "ayer" },
    { fecha_referencia: "0001-01-01" },
    { zona_horaria: "Madrid" },
  ])("is refused: %j", async (given) => {
    const { json } = await preguntar({ chat_id: 1, texto: "¿cuántos?", ...given });
    expect(json).toMatchObject({ status: 400, errores: [{ campo: Object.keys(given)[0] }] });
  });
});
