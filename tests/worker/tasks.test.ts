import { env } from "cloudflare:workers";
import { describe, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { chatStub } from "../../src/chats/chat-stub.ts";
import { chatName } from "../../src/lib/chat-name.ts";
import { parseConfig } from "../../src/config.ts";
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
import { pastRecord } from "../support/past-record.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const config = parseConfig({ ...env });

const promptsOf = async (token: string): Promise<string> =>
  JSON.stringify((await model.calls(token)).requests);

describe("GET /api/v1/tareas", () => {
  const Tasks = z.array(
    z.strictObject({
      tipo_tarea: z.string(),
      descripcion: z.string().min(10),
      pregunta: z.string().regex(/^¿/),
      motor: z.literal("openai"),
      prompt_version: z.int().positive(),
      opciones: z.looseObject({
        type: z.literal("object"),
        properties: z.record(z.string(), z.unknown()),
      }),
      ejemplo: z.strictObject({
        texto: z.string().min(1),
        opciones: z.record(z.string(), z.unknown()),
      }),
    }),
  );

  it("lists the six tasks with described options and examples that work", async () => {
    const { status, json } = await call("/api/v1/tareas");
    expect(status).toBe(200);
    const tareas = Tasks.parse(json["tareas"]);
    expect(tareas.map(({ tipo_tarea }) => tipo_tarea)).toEqual([
      ...["resumir", "traducir", "clasificar", "extraer", "reporte", "generar"],
    ]);
    for (const { tipo_tarea, opciones, ejemplo } of tareas) {
      for (const [name, option] of Object.entries(opciones.properties)) {
        expect(option, `${tipo_tarea}.${name}`).toMatchObject({
          description: expect.stringMatching(/\w/) as string,
        });
        expect(option, `${tipo_tarea}.${name}`).toHaveProperty("example");
      }
      const sent = await procesar({ chat_id: newChatId(), tipo_tarea, ...ejemplo });
      expect({ tipo_tarea, status: sent.status }).toEqual({ tipo_tarea, status: 200 });
    }
  });

  it("returns 401 without a credential", async () => {
    const { status } = await call("/api/v1/tareas", undefined, { headers: { "x-api-key": null } });
    expect(status).toBe(401);
  });
});

describe("POST /api/v1/procesar with opciones", () => {
  it.for([
    [{ longitud: "corta" }, "opciones.longitud"],
    [{ otra: 1 }, "opciones.otra"],
    [{ enfoque: "a\0b" }, "opciones.enfoque"],
    [{ enfoque: "\ud83d solo" }, "opciones.enfoque"],
    [{ x: [{ "\udc00": 1 }] }, "opciones.x.0."],
    ["breve", "opciones"],
    [[1], "opciones"],
  ] as const)(
    "rejects %j with the name of the field and without a call",
    async ([opciones, campo]) => {
      const texto = newToken();
      const { json } = await procesar({
        chat_id: newChatId(),
        texto,
        tipo_tarea: "resumir",
        opciones,
      });
      expect(json).toMatchObject({ status: 400, code: "E202", errores: [{ campo }] });
      expect((await model.calls(texto)).calls).toBe(0);
    },
  );

  it("uses the options of the mode, and those of the request before them", async () => {
    const chat_id = newChatId();
    const [first, second] = [newToken(), newToken()];
    const opciones = { longitud: 3, formato: "puntos" };
    const set = await estado({ chat_id, modo: "/resumir", fijo: true, opciones });
    expect(set.json).toMatchObject({ success: true, opciones });
    expect((await estado({ chat_id, modo: "" })).json).toMatchObject({ opciones });

    await procesar({ chat_id, texto: first });
    await procesar({ chat_id, texto: second, opciones: { longitud: 7 } });
    expect(await promptsOf(first)).toMatch(/como mucho 3 frases/);
    expect(await promptsOf(second)).toMatch(/cada punto en su línea.*como mucho 7 frases/);
    await estado({ chat_id, modo: "limpiar" });
    expect((await estado({ chat_id, modo: "" })).json).not.toHaveProperty("opciones");
  });

  it("validates the options of a mode and keeps the previous mode when they are invalid", async () => {
    const chat_id = newChatId();
    const wrong = await estado({ chat_id, modo: "/resumir", opciones: { longitud: "corta" } });
    expect(wrong.json).toMatchObject({ status: 400, errores: [{ campo: "opciones.longitud" }] });
    const none = await estado({ chat_id, modo: "/consultar", opciones: { longitud: 1 } });
    expect(none.json).toMatchObject({ status: 400, errores: [{ campo: "opciones" }] });
    expect((await estado({ chat_id, modo: "" })).json).toMatchObject({ modo_actual: null });
    const read = await estado({ chat_id, modo: "", opciones: { longitud: 1 } });
    expect(read.json).toMatchObject({
      success: true,
      avisos: [expect.stringContaining("opciones")],
    });
  });
});

describe("POST /api/v1/procesar with a provider without JSON schemas", () => {
  it("falls back to instructions in the prompt without using up retries", async () => {
    const refusal = { message: "response_format is not supported", type: "invalid_request_error" };
    const token = newToken();
    const answer = 'Claro:\n```json\n{"categoria":"queja","urgencia":"alta","tema":"IT"}\n```';
    const error = { kind: "error", status: 400, error: refusal } as const;
    await model.script(token, [error, error, { kind: "ok", text: answer }]);
    const ask = (texto: string) =>
      procesar({ chat_id: newChatId(), texto, tipo_tarea: "clasificar" });

    const { json } = await ask(`Uno ${token}`);
    expect(json).toMatchObject({ datos: { categoria: "queja" }, intentos: 3 });
    const { requests } = await model.calls(token);
    expect(requests.map(({ response_format }) => response_format)).toEqual([
      expect.objectContaining({ type: "json_schema" }),
      { type: "json_object" },
      undefined,
    ]);
    expect(requests.at(-1)?.messages[0]?.content).toContain("JSON Schema");
  });
});

describe("POST /api/v1/procesar with a provider that returns one answer at a time", () => {
  it("calls the model once per vote", async () => {
    const token = newToken();
    const error = { message: "n must be 1", type: "invalid_request_error", param: "n" };
    const answer = (categoria: string) => ({
      kind: "ok" as const,
      text: JSON.stringify({ categoria, urgencia: "alta", tema: "IT" }),
    });
    await model.script(token, [
      { kind: "error", status: 400, error },
      ...[answer("queja"), answer("informe"), answer("queja")],
    ]);
    const { json } = await procesar({
      ...{ chat_id: newChatId(), texto: `Uno ${token}`, tipo_tarea: "clasificar" },
      opciones: { votos: 3 },
    });
    expect(json).toMatchObject({ datos: { categoria: "queja", confianza: 0.67 }, intentos: 4 });
    const { requests } = await model.calls(token);
    expect(requests.map(({ n }) => n)).toEqual([3, undefined, undefined, undefined]);
  });
});

describe("POST /api/v1/procesar with proteger_datos", () => {
  const SECRETS = ["12345678Z", "ana.gil@ejemplo.es", "612 345 678"];
  const textWith = (token: string): string =>
    `Soy Ana (${token}), DNI 12345678Z, ana.gil@ejemplo.es, 612 345 678. Quiero cambiar mi cita del martes.`;

  it("hides personal data from the provider, the cache and the log, and restores it in the answer", async () => {
    const token = newToken();
    const texto = textWith(token);
    const lines: string[] = [];
    for (const level of ["log", "warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation((line: unknown) =>
        lines.push(JSON.stringify(line)),
      );
    }
    const put = vi.spyOn(Object.getPrototypeOf(env.CACHE) as KVNamespace, "put");
    await model.script(token, [
      { kind: "ok", text: "Ana ([[DNI_1]], [[CORREO_1]], [[TELEFONO_1]]) quiere cambiar su cita." },
    ]);
    const body = { chat_id: newChatId(), texto, tipo_tarea: "resumir", proteger_datos: true };
    const { json } = await procesar(body);
    expect(json["resultado"]).toBe(
      "Ana (12345678Z, ana.gil@ejemplo.es, 612 345 678) quiere cambiar su cita.",
    );
    await vi.waitFor(() => expect(put).toHaveBeenCalled(), 10_000);
    const kept = JSON.stringify(put.mock.calls);
    const logged = lines.join("\n");
    vi.restoreAllMocks();

    const sent = await promptsOf(token);
    for (const secret of SECRETS) {
      expect(sent).not.toContain(secret);
      expect(kept).not.toContain(secret);
      expect(logged).not.toContain(secret);
    }
    expect(await recordsOf(body.chat_id)).toEqual([
      expect.objectContaining({ texto_original: texto, resultado: json["resultado"] }),
    ]);
  });

  it("shares a cached answer between texts that differ only in their personal data", async () => {
    const token = newToken();
    const summary = "La persona ([[DNI_1]]) quiere cambiar su cita.";
    await model.script(token, [{ kind: "ok", text: summary }]);
    const chat_id = newChatId();
    const ask = (texto: string) =>
      procesar({ chat_id, texto, tipo_tarea: "resumir", proteger_datos: true });
    const mine = await ask(textWith(token));
    const other = await ask(textWith(token).replace("12345678Z", "00000000T"));
    expect(mine.json["resultado"]).toContain("12345678Z");
    expect(other.json["resultado"]).toContain("00000000T");
    expect(other.json["cache"]).not.toBe("miss");
    expect((await model.calls(token)).calls).toBe(1);
  });

  it("does not share the answer of the same text without protection", async () => {
    const token = newToken();
    const body = { chat_id: newChatId(), texto: `Sin datos ${token}`, tipo_tarea: "resumir" };
    await procesar(body);
    expect((await procesar({ ...body, proteger_datos: true })).json["cache"]).toBe("miss");
  });
});

describe("POST /api/v1/procesar with guardar_texto: false", () => {
  it("stores neither text nor result in the history, the cache or the chat object", async () => {
    const token = newToken();
    const body = {
      ...{ chat_id: newChatId(), texto: `Un secreto ${token}.`, tipo_tarea: "resumir" },
      ...{ guardar_texto: false, opciones: { enfoque: `lo de ${token}` } },
    };
    const first = await procesar(body);
    expect(String(first.json["resultado"])).toContain(token);
    expect((await procesar(body)).json["cache"]).toBe("miss");
    const { json, text } = await consultar({ chat_id: body.chat_id });
    expect(json).toMatchObject({
      total: 2,
      consultas: [{ texto_original: "", resultado: "" }, {}],
    });
    expect(text).not.toContain(token);
  });
});

describe("POST /api/v1/procesar with reporte", () => {
  it("reports the figures of this chat and of no other", async () => {
    const chat_id = newChatId();
    const token = newToken();
    await procesar({ chat_id, texto: `Uno ${token}`, tipo_tarea: "resumir" });
    await procesar({ chat_id, texto: `Uno ${token}`, tipo_tarea: "resumir" });
    await procesar({ chat_id, texto: `Dos ${token}`, tipo_tarea: "traducir" });
    await model.script(`Tres ${token}`, [{ kind: "error", status: 400 }]);
    await procesar({ chat_id, texto: `Tres ${token}`, tipo_tarea: "resumir" });
    await procesar({ chat_id: newChatId(), texto: `Otro ${token}`, tipo_tarea: "resumir" });
    await model.script(`Foco ${token}`, [
      { kind: "ok", text: "Hubo 4 peticiones: 3 resúmenes y 1 traducción." },
    ]);

    const body = { chat_id, texto: `Foco ${token}`, tipo_tarea: "reporte" };
    const { json } = await procesar(body);
    expect(json).toMatchObject({
      resultado: "Hubo 4 peticiones: 3 resúmenes y 1 traducción.",
      motor: "openai",
      datos: {
        ...{ total: 4, completadas: 3, fallidas: 1, interrumpidas: 0, desde_cache: 1 },
        por_tarea: [
          { tipo_tarea: "resumir", total: 3 },
          { tipo_tarea: "traducir", total: 1 },
        ],
      },
    });
    const days = z.object({ por_dia: z.array(z.object({ total: z.int() })) }).parse(json["datos"]);
    expect(days.por_dia.map(({ total }) => total)).toEqual([0, 0, 0, 0, 0, 0, 4]);
    expect((await procesar(body)).json).toMatchObject({ cache: "miss", datos: { total: 5 } });
  });

  it("says that a period has no records", async () => {
    const opciones = { desde: "2020-01-01", hasta: "2020-01-07" };
    const { json } = await procesar({
      chat_id: newChatId(),
      texto: "Todo",
      tipo_tarea: "reporte",
      opciones,
    });
    expect(json["resultado"]).toContain("No hubo ninguna petición");
    expect(json).toMatchObject({ datos: { total: 0, coste_usd: null } });
  });

  it("counts days in the requested time zone", async () => {
    const chat_id = newChatId();
    const chat = chatStub(env, config, chatName("principal", chat_id));
    const record = pastRecord(config, chat_id, Date.UTC(2026, 2, 28, 23, 30));
    await chat.record(record);
    const days = async (zona_horaria: string) => {
      const opciones = { desde: "2026-03-28", hasta: "2026-03-29", zona_horaria };
      const { json } = await procesar({
        chat_id,
        texto: record.requestId,
        tipo_tarea: "reporte",
        opciones,
      });
      return z
        .object({ por_dia: z.array(z.object({ dia: z.string(), total: z.int() })) })
        .parse(json["datos"]).por_dia;
    };
    expect(await days("Europe/Madrid")).toEqual([
      { dia: "2026-03-28", total: 0 },
      { dia: "2026-03-29", total: 1 },
    ]);
    expect(await days("Europe/London")).toEqual([
      { dia: "2026-03-28", total: 1 },
      { dia: "2026-03-29", total: 0 },
    ]);
  });
});
