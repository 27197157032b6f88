import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import {
  call,
  consultar,
  estado,
  newChatId,
  newToken,
  procesar,
  recordsOf,
} from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));

const ROUTES = ["estado", "procesar", "consultar", "consultar-inteligente"].map(
  (name) => `/api/v1/${name}`,
);

describe.for(ROUTES)("POST %s", (path) => {
  it.for([
    {
      name: "malformed JSON",
      body: "{mal",
      status: 400,
      codigo: "json_malformado",
      campo: "(cuerpo)",
    },
    { name: "an empty body", body: "", status: 400, codigo: "json_malformado", campo: "(cuerpo)" },
    {
      name: "bytes that are not UTF-8",
      body: new Uint8Array([0x7b, 0xff, 0x7d]),
      status: 400,
      codigo: "json_malformado",
      campo: "(cuerpo)",
    },
    {
      name: "a JSON array",
      body: "[]",
      status: 400,
      codigo: "entrada_invalida",
      campo: "(cuerpo)",
    },
    { name: "JSON null", body: "null", status: 400, codigo: "entrada_invalida", campo: "(cuerpo)" },
    {
      name: "a body without chat_id",
      body: "{}",
      status: 400,
      codigo: "entrada_invalida",
      campo: "chat_id",
    },
    ...[
      "1.5",
      "9007199254740993",
      "-9007199254740993",
      "1e400",
      '"abc"',
      '""',
      '" "',
      "true",
      "null",
      "[]",
      "{}",
      '"1.0"',
      '"99999999999999999999"',
    ].map((chatId) => ({
      name: `chat_id ${chatId}`,
      body: `{"chat_id":${chatId},"texto":"Hola a todos.","tipo_tarea":"resumir"}`,
      status: 400,
      codigo: "entrada_invalida",
      campo: "chat_id",
    })),
    {
      name: "5,000 levels of nesting",
      body: `{"chat_id":1,"texto":"Hola.","extra":${"[".repeat(5000)}${"]".repeat(5000)}}`,
      status: 400,
      codigo: "entrada_invalida",
      campo: "extra",
    },
    {
      name: "a body over 1 MiB",
      body: JSON.stringify({ chat_id: 1, texto: "a".repeat(1_100_000), tipo_tarea: "resumir" }),
      status: 413,
      codigo: "cuerpo_demasiado_grande",
      campo: "(cuerpo)",
    },
  ])("rejects $name with $status", async ({ body, status, codigo, campo }) => {
    const answer = await call(path, body);
    expect(answer.json).toMatchObject({ status, codigo, success: false });
    expect(answer.status).toBe(status);
    expect(answer.json["errores"]).toContainEqual({ campo, mensaje: expect.any(String) as string });
  });

  it("rejects another content type with 415, and reads a body without content type as JSON", async () => {
    const body = { chat_id: newChatId(), texto: "Hola a todos.", tipo_tarea: "resumir" };
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
      const refused = await call(path, JSON.stringify(body), { headers: { "content-type": type } });
      expect(refused.json).toMatchObject({ status: 415, codigo: "tipo_de_contenido_no_admitido" });
    }
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const read = await call(path, bytes, { headers: { "content-type": null } });
    expect(read.status).toBe(200);
    const suffixed = await call(path, bytes, {
      headers: { "content-type": "application/problem+json" },
    });
    expect(suffixed.status).toBe(200);
  });

  it("never answers 5xx to any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 4 }), async (body) => {
        const { status } = await call(path, body);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });

  it("never answers 5xx to any value of the known fields", async () => {
    const anyValue = fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined });
    const fields = fc.record({
      chat_id: fc.oneof(fc.constant(777), fc.constant("-777"), anyValue),
      texto: fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), anyValue),
      tipo_tarea: fc.oneof(fc.constantFrom("resumir", "extraer", "", null), anyValue),
      opciones: fc.oneof(fc.constant({}), anyValue),
      modo: fc.oneof(fc.string(), fc.constantFrom("/resumir", "limpiar", null), anyValue),
      fijo: fc.oneof(fc.boolean(), anyValue),
      limit: fc.oneof(fc.integer(), anyValue),
    });
    await fc.assert(
      fc.asyncProperty(fields, async (body) => {
        const { status } = await call(path, body);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });
});

describe("POST /api/v1/procesar", () => {
  const NUL = "\0";
  it.for([
    { name: "a missing text", fields: {}, campo: "texto" },
    { name: "an empty text", fields: { texto: "" }, campo: "texto" },
    { name: "a blank text", fields: { texto: " \n\t\u00A0" }, campo: "texto" },
    { name: "a text that is a number", fields: { texto: 5 }, campo: "texto" },
    { name: "a text with U+0000", fields: { texto: `a${NUL}b` }, campo: "texto" },
    { name: "a text with a lone surrogate", fields: { texto: "a\uD800b" }, campo: "texto" },
    {
      name: "an unknown task",
      fields: { texto: "Hola.", tipo_tarea: "cantar" },
      campo: "tipo_tarea",
    },
    {
      name: "options that are a string",
      fields: { texto: "Hola.", opciones: "x" },
      campo: "opciones",
    },
    {
      name: "an unknown option",
      fields: { texto: "Hola.", opciones: { sabor: 1 } },
      campo: "opciones.sabor",
    },
    {
      name: "an invalid option value",
      fields: { texto: "Hola.", opciones: { longitud: "enorme" } },
      campo: "opciones.longitud",
    },
  ])(
    "rejects $name with 400, names the field, calls no model and stores no record",
    async ({ fields, campo }) => {
      const chat_id = newChatId();
      const token = newToken();
      const answer = await procesar({ chat_id, tipo_tarea: "resumir", nota: token, ...fields });
      expect(answer.json).toMatchObject({
        status: 400,
        codigo: "entrada_invalida",
        code: "E202",
        chat_id,
      });
      expect(answer.json["errores"]).toContainEqual({
        campo,
        mensaje: expect.any(String) as string,
      });
      expect(answer.json["mensaje"]).toContain(campo);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      expect(await recordsOf(chat_id)).toEqual([]);
    },
  );

  it("keeps the chat's mode when it rejects the request", async () => {
    const chat_id = newChatId();
    await estado({ chat_id, modo: "/resumir" });
    expect((await procesar({ chat_id, texto: " " })).status).toBe(400);
    expect((await procesar({ chat_id, texto: "Hola.", opciones: { sabor: 1 } })).status).toBe(400);
    expect((await estado({ chat_id, modo: "" })).json).toMatchObject({ modo_actual: "/resumir" });
  });

  it("rejects a text that exceeds the model's window with 422, without a call or a record", async () => {
    const chat_id = newChatId();
    const token = newToken();
    const texto = `${token} ${"palabra ".repeat(120_000)}`;
    for (const tipo_tarea of ["resumir", "traducir"]) {
      const answer = await procesar({ chat_id, texto, tipo_tarea });
      expect(answer.json).toMatchObject({ status: 422, codigo: "texto_demasiado_largo", chat_id });
    }
    expect((await model.calls(token)).calls).toBe(0);
    expect(await recordsOf(chat_id)).toEqual([]);
  });

  it("accepts a numeric string as chat_id, and returns it as an integer in replies and problems", async () => {
    const chatId = -newChatId();
    const completed = await procesar({
      chat_id: String(chatId),
      texto: `Hola ${newToken()}.`,
      tipo_tarea: "resumir",
    });
    expect(completed.json).toMatchObject({ success: true, chat_id: chatId });
    const refused = await procesar({ chat_id: ` ${chatId} `, texto: "" });
    expect(refused.json).toMatchObject({
      success: false,
      chat_id: chatId,
      mensaje: expect.any(String) as string,
    });
    expect(refused.json["mensaje"]).toBe(refused.json["detail"]);
  });

  it("ignores unknown fields and names them in avisos", async () => {
    const { json } = await procesar({
      chat_id: newChatId(),
      texto: `Hola ${newToken()}.`,
      tipo_tarea: "resumir",
      message: { from: {} },
    });
    expect(json["avisos"]).toEqual([expect.stringContaining("message") as string]);
  });

  it.for(["", "a".repeat(256), "con espacio", "ñ"])(
    "rejects the Idempotency-Key «%s»",
    async (key) => {
      const { json } = await procesar(
        { chat_id: newChatId(), texto: "Hola.", tipo_tarea: "resumir" },
        { "idempotency-key": key },
      );
      expect(json).toMatchObject({ status: 400, codigo: "entrada_invalida" });
    },
  );
});

describe("POST /api/v1/consultar", () => {
  it.for([0, 101, -1, 1.5, "mucho", "0", true, {}])("rejects limit %j", async (limit) => {
    const { json } = await consultar({ chat_id: 1, limit });
    expect(json).toMatchObject({ status: 400, codigo: "entrada_invalida" });
    expect(json["errores"]).toContainEqual({
      campo: "limit",
      mensaje: expect.any(String) as string,
    });
  });

  it("accepts a limit as a numeric string and a null limit, and rejects an unknown task", async () => {
    expect((await consultar({ chat_id: 1, limit: "7" })).status).toBe(200);
    expect((await consultar({ chat_id: 1, limit: null })).status).toBe(200);
    expect((await consultar({ chat_id: 1, tipo_tarea: "cantar" })).status).toBe(400);
  });
});
