import { describe, expect, inject, it } from "vitest";
import {
  consultar,
  newChatId,
  newToken,
  procesar,
  recordsOf,
  type ApiResponse,
} from "../support/client.ts";
import { controlFakeOpenAi, type Step } from "../support/fake-openai-control.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));

/** Part of the upstream errors. It must never reach a client. */
const UPSTREAM_SECRET = "sk-de-pega y la dirección interna 10.1.2.3";

const NEVER_SHOWN = [
  "sk-de-pega",
  "10.1.2.3",
  "127.0.0.1",
  "openai",
  "No puedo ayudar",
  "Este resumen se queda",
  "puerta de enlace",
];

type Case = {
  name: string;
  steps: Step[];
  status: number;
  code: string;
  codigo: string;
  /** The test settings allow two retries. */
  calls: number;
};

const error = (status: number, body: object = {}, headers: Record<string, string> = {}): Step => ({
  kind: "error",
  status,
  error: { message: UPSTREAM_SECRET, ...body },
  headers,
});

const FAILED = { status: 502, code: "E301" };

const CASES: Case[] = [
  {
    name: "a model that does not answer in time",
    steps: [{ kind: "hold" }],
    ...{ status: 504, code: "E302", codigo: "modelo_tiempo_agotado" },
    // The attempt may have been billed, so there is one retry whatever the settings allow.
    calls: 2,
  },
  {
    name: "a body that stops halfway",
    steps: [{ kind: "stall" }],
    ...{ status: 504, code: "E302", codigo: "modelo_tiempo_agotado" },
    calls: 2,
  },
  {
    name: "a rate limit",
    steps: [error(429)],
    ...{ status: 429, code: "E303", codigo: "modelo_limite_de_uso" },
    calls: 3,
  },
  {
    name: "an account without credit",
    steps: [error(429, { code: "insufficient_quota" })],
    ...{ ...FAILED, codigo: "modelo_sin_saldo" },
    calls: 1,
  },
  {
    name: "an account without credit, by the error type",
    steps: [error(429, { type: "insufficient_quota" })],
    ...{ ...FAILED, codigo: "modelo_sin_saldo" },
    calls: 1,
  },
  ...[500, 502, 503, 529].map((status) => ({
    name: `a provider that answers ${status}`,
    steps: [error(status)],
    ...{ ...FAILED, codigo: "modelo_error" },
    calls: 3,
  })),
  {
    name: "a connection that is cut",
    steps: [{ kind: "drop" }],
    ...{ ...FAILED, codigo: "modelo_error" },
    calls: 3,
  },
  ...[401, 403, 404].map((status) => ({
    name: `a provider that answers ${status}`,
    steps: [error(status)],
    ...{ ...FAILED, codigo: "modelo_rechaza_credenciales" },
    calls: 1,
  })),
  {
    name: "a request that the provider rejects",
    steps: [error(400)],
    ...{ ...FAILED, codigo: "modelo_error" },
    calls: 1,
  },
  {
    name: "a filter that refuses the text",
    steps: [error(400, { code: "content_filter" })],
    ...{ status: 422, code: "E304", codigo: "contenido_filtrado" },
    calls: 1,
  },
  {
    name: "a filter that refuses the answer",
    steps: [{ kind: "ok", finishReason: "content_filter" }],
    ...{ status: 422, code: "E304", codigo: "contenido_filtrado" },
    calls: 1,
  },
  {
    name: "a model that declines",
    steps: [{ kind: "ok", refusal: "No puedo ayudar con eso." }],
    ...{ status: 422, code: "E304", codigo: "contenido_filtrado" },
    calls: 1,
  },
  {
    name: "a text longer than the provider takes",
    steps: [error(400, { code: "context_length_exceeded" })],
    ...{ status: 422, code: "E208", codigo: "texto_demasiado_largo" },
    calls: 1,
  },
  {
    name: "an answer that is still cut off after its continuations",
    steps: [{ kind: "ok", text: "Este resumen se queda a", finishReason: "length" }],
    ...{ ...FAILED, codigo: "modelo_respuesta_invalida" },
    calls: 3,
  },
  {
    name: "an empty answer",
    steps: [{ kind: "ok", text: " \n" }],
    ...{ ...FAILED, codigo: "modelo_respuesta_invalida" },
    calls: 1,
  },
  {
    name: "an answer without storable characters",
    steps: [{ kind: "ok", text: "\0\0" }],
    ...{ ...FAILED, codigo: "modelo_respuesta_invalida" },
    calls: 2,
  },
  ...['{"a medias', "<html>puerta de enlace</html>", "{}", '{"choices":[]}', "null"].map(
    (body) => ({
      name: `the body ${body}`,
      steps: [{ kind: "raw", body } satisfies Step],
      ...{ ...FAILED, codigo: "modelo_respuesta_invalida" },
      calls: 1,
    }),
  ),
  {
    name: "an HTML page instead of an answer",
    steps: [{ kind: "raw", body: "<html>puerta de enlace</html>", contentType: "text/html" }],
    ...{ ...FAILED, codigo: "modelo_respuesta_invalida" },
    calls: 1,
  },
  {
    name: "a failing provider that asks for more time than the call has left",
    steps: [error(503, {}, { "retry-after": "120" })],
    ...{ ...FAILED, codigo: "modelo_error" },
    calls: 1,
  },
];

describe("POST /api/v1/procesar when the model fails", () => {
  it.for(CASES)(
    "returns $status $codigo after $calls call(s) and caches nothing: $name",
    async ({ steps, status, code, codigo, calls }) => {
      const token = newToken();
      const chat_id = newChatId();
      const body = { chat_id, texto: `Fallará. ${token}`, tipo_tarea: "resumir" };
      await model.script(token, steps);
      const failed = await procesar(body);
      expect(failed.json).toMatchObject({ status, code, codigo, chat_id, success: false });
      expect(failed.status).toBe(status);
      expect((await model.calls(token)).calls).toBe(calls);
      expectNoUpstreamDetails(failed);

      expect((await consultar({ chat_id })).json).toMatchObject({ total: 0, pendientes: 0 });
      await model.release(token);
      await model.script(token, [{ kind: "ok", text: "Ahora sí." }]);
      expect((await procesar(body)).json).toMatchObject({
        success: true,
        cache: "miss",
        resultado: "Ahora sí.",
      });
    },
  );

  it("returns the answer after retries when the failure is temporary", async () => {
    const token = newToken();
    await model.script(token, [error(500), { kind: "drop" }, { kind: "ok", text: "Listo." }]);
    const { json } = await resumir(token);
    expect(json).toMatchObject({ success: true, intentos: 3, resultado: "Listo." });
    expect((await model.calls(token)).calls).toBe(3);
  });

  it.for<{ name: string; step: Step }>([
    { name: "a 500", step: error(500) },
    { name: "a rate limit", step: error(429, {}, { "retry-after-ms": "20" }) },
    { name: "a timeout", step: { kind: "hold" } },
  ])("retries after $name and returns the second answer", async ({ step }) => {
    const token = newToken();
    await model.script(token, [step, { kind: "ok", text: "A la segunda." }]);
    const { json } = await resumir(token);
    expect(json).toMatchObject({ success: true, intentos: 2, resultado: "A la segunda." });
    expect((await model.calls(token)).calls).toBe(2);
  });

  it("waits as long as retry-after says, within the deadline of the call", async () => {
    const token = newToken();
    // The call has 5 s in the test settings: the second wait fits only if the first one was skipped.
    await model.script(token, [
      error(429, {}, { "retry-after-ms": "1000" }),
      error(429, {}, { "retry-after-ms": "4400" }),
    ]);
    expect((await resumir(token)).status).toBe(429);
    expect((await model.calls(token)).calls).toBe(2);
  });

  it("does not wait when retry-after exceeds the deadline of the call", async () => {
    const token = newToken();
    await model.script(token, [error(429, {}, { "retry-after": "120" })]);
    const { headers, status } = await resumir(token);
    expect(status).toBe(429);
    expect(headers.get("retry-after")).toBe("120");
    expect((await model.calls(token)).calls).toBe(1);
  });

  it("sends retry-after to the client even when the provider does not", async () => {
    const token = newToken();
    await model.script(token, [error(429)]);
    expect(Number((await resumir(token)).headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("limits retry-after to an hour", async () => {
    const token = newToken();
    await model.script(token, [error(429, {}, { "retry-after": "Fri, 31 Dec 2100 23:59:59 GMT" })]);
    expect((await resumir(token)).headers.get("retry-after")).toBe("3600");
    expect((await model.calls(token)).calls).toBe(1);
  });

  it("sends no retry-after for a failure that waiting does not solve", async () => {
    const token = newToken();
    await model.script(token, [error(401, {}, { "retry-after": "120" })]);
    expect((await resumir(token)).headers.get("retry-after")).toBeNull();
  });
});

describe("POST /api/v1/procesar with clasificar", () => {
  it.for(["no es JSON", "{}", '{"categoria":"inventada","urgencia":"alta","tema":"IT"}', "[]"])(
    "rejects an answer outside the labels after one correction: %s",
    async (text) => {
      const token = newToken();
      await model.script(token, [{ kind: "ok", text }]);
      const chat_id = newChatId();
      const body = { chat_id, texto: `¿Qué es? ${token}`, tipo_tarea: "clasificar" };
      const failed = await procesar(body);
      expect(failed.json).toMatchObject({ status: 502, codigo: "modelo_respuesta_invalida" });
      expect(failed.json).not.toHaveProperty("datos");
      // One request and one correction.
      expect((await model.calls(token)).calls).toBe(2);

      expect((await consultar({ chat_id })).json).toMatchObject({ total: 0, pendientes: 0 });
      const answer = { categoria: "queja", urgencia: "alta", tema: "IT" };
      await model.script(token, [{ kind: "ok", text: JSON.stringify(answer) }]);
      expect((await procesar(body)).json).toMatchObject({ cache: "miss", datos: answer });
    },
  );

  it("sends the labels as a strict JSON schema", async () => {
    const token = newToken();
    await procesar({ chat_id: newChatId(), texto: token, tipo_tarea: "clasificar" });
    const [request] = (await model.calls(token)).requests;
    expect(request?.response_format).toMatchObject({
      type: "json_schema",
      json_schema: { strict: true, schema: { additionalProperties: false } },
    });
  });
});

describe("POST /api/v1/procesar with a model's answer", () => {
  it("removes the characters that PostgreSQL cannot store", async () => {
    const token = newToken();
    await model.script(token, [{ kind: "ok", text: "uno\u0000dos \ud800 tres" }]);
    const chat_id = newChatId();
    const { json } = await procesar({ chat_id, texto: token, tipo_tarea: "resumir" });
    expect(json["resultado"]).toBe("unodos \ufffd tres");
    expect(await recordsOf(chat_id)).toMatchObject([{ resultado: "unodos \ufffd tres" }]);
  });

  it("returns the cost, and null when the provider reports no usage", async () => {
    const token = newToken();
    await model.script(token, [{ kind: "ok" }, { kind: "ok", usage: null }]);
    const { json } = await resumir(token);
    expect(json["uso"]).toMatchObject({ coste_usd: expect.any(Number) as number });
    expect((await resumir(`${token} otra vez`)).json["uso"]).toBeNull();
  });

  it("returns the answer although its usage is unreadable", async () => {
    const token = newToken();
    const choices = [{ finish_reason: "stop", message: { content: "Vale igual." } }];
    const body = JSON.stringify({ choices, usage: { prompt_tokens: "muchos" } });
    await model.script(token, [{ kind: "raw", body }]);
    expect((await resumir(token)).json).toMatchObject({ resultado: "Vale igual.", uso: null });
  });
});

describe("POST /api/v1/procesar with a text that does not fit the model", () => {
  it("returns 422 without a call and without a record", async () => {
    const token = newToken();
    const chat_id = newChatId();
    const texto = `${token} ${"palabra ".repeat(70_000)}`;
    const failed = await procesar({ chat_id, texto, tipo_tarea: "resumir" });
    expect(failed.json).toMatchObject({
      status: 422,
      codigo: "texto_demasiado_largo",
      errores: [{ campo: "texto" }],
    });
    expect((await model.calls(token)).calls).toBe(0);
    expect((await consultar({ chat_id })).json["total"]).toBe(0);
  });

  it("rejects a translation that would exceed the model's output limit", async () => {
    const token = newToken();
    const texto = `${token} ${"palabra ".repeat(10_000)}`;
    const chat_id = newChatId();
    expect((await procesar({ chat_id, texto, tipo_tarea: "traducir" })).status).toBe(422);
    expect((await procesar({ chat_id, texto, tipo_tarea: "resumir" })).status).toBe(200);
  });
});

function resumir(texto: string): Promise<ApiResponse> {
  return procesar({ chat_id: newChatId(), texto, tipo_tarea: "resumir" });
}

function expectNoUpstreamDetails({ text, headers }: ApiResponse): void {
  const seen = `${text} ${JSON.stringify([...headers])}`;
  for (const part of NEVER_SHOWN) {
    expect(seen.toLowerCase()).not.toContain(part.toLowerCase());
  }
}
