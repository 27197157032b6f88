import { describe, expect, inject, it } from "vitest";
import { untouchedChat } from "../support/attack.ts";
import { call, newChatId, newToken, preguntar, procesar } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { newKey } from "../support/keys.ts";
import { readQuestion } from "../../src/questions/reader/read-question.ts";
import { maskPersonalData } from "../../src/tasks/mask.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const KIB = 1024;

/** Pieces of text that make a careless regular expression backtrack again and again. */
const PIECES = [
  "a",
  " ",
  "1",
  "1 ",
  "a@",
  "a.",
  "@a.",
  "+34 6",
  "ES12 ",
  "1-",
  "el ",
  "de ",
  "últimos ",
  "¿",
  "\n",
  "«",
  "[[DNI_1",
  "1/1/",
  "A",
  "Ana ",
  "12:",
  "http://",
  "$1,",
  "-",
];

describe("text built for catastrophic backtracking", () => {
  it.for(PIECES)(
    "does not stall extraction by the local engine: «%s» repeated to 100 KiB",
    async (piece) => {
      const texto = piece.repeat(Math.ceil((100 * KIB) / piece.length)) + "x";
      const { status } = await procesar({
        chat_id: newChatId(),
        texto,
        tipo_tarea: "extraer",
        opciones: { tipos: ["correo", "telefono", "url"] },
      });
      expect(status).toBe(200);
    },
  );

  it.for(PIECES)("does not stall the reading of a question: «%s» repeated", async (piece) => {
    const texto = piece.repeat(Math.ceil((20 * KIB) / piece.length)) + "x";
    const reading = readQuestion(texto, { now: new Date(0), timeZone: "Europe/Madrid" });
    expect(typeof reading.understood).toBe("boolean");
  });

  it.for(PIECES)("does not keep an e-mail address from being masked: «%s» repeated", (piece) => {
    const texto = `${piece.repeat(Math.ceil((50 * KIB) / piece.length))} ana@ejemplo.com`;
    expect(maskPersonalData(texto).text).not.toContain("ana@ejemplo.com");
  });
});

describe("overload", () => {
  it("queues some of 70 concurrent tasks of a chat, rejects the rest with Retry-After, and calls the model at most once for each", async () => {
    const chat_id = newChatId();
    const token = newToken();
    await model.script(token, [{ kind: "ok", delayMs: 30, text: "Hecho." }]);
    const answers = await Promise.all(
      Array.from({ length: 70 }, (_, index) =>
        procesar({ chat_id, texto: `Tarea ${index} de ${token}.`, tipo_tarea: "resumir" }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(70 - refused.length);
    expect(refused.length).toBeGreaterThan(0);
    for (const { json, headers } of refused) {
      expect(json["codigo"]).toBe("chat_ocupado");
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
    const { requests, maxConcurrent } = await model.calls(token);
    // On a machine under load an attempt may time out and be repeated, so distinct requests are counted.
    const distinctTexts = new Set(requests.map(({ messages }) => messages[1]?.content));
    expect(distinctTexts.size).toBe(70 - refused.length);
    expect(maxConcurrent).toBeLessThanOrEqual(4);
  });

  it("rejects each of 50 bodies of just under 1 MiB with 422, because they exceed the window of the model", async () => {
    const { chatId, token, expectUntouched } = untouchedChat();
    const texto = `${token} ${"palabra ".repeat(125_000)}`.slice(0, KIB * KIB - 200);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => procesar({ chat_id: chatId, texto, tipo_tarea: "resumir" })),
    );
    for (const { status } of answers) expect(status).toBe(422);
    await expectUntouched();
  });

  it.for([
    ["one byte over 1 MiB", KIB * KIB + 1],
    ["20 MiB", 20 * KIB * KIB],
  ] as const)("returns 413 for a body of %s", async ([, size]) => {
    const answer = await call("/api/v1/procesar", new Uint8Array(size).fill(32));
    expect(answer.json).toMatchObject({ status: 413, codigo: "cuerpo_demasiado_grande" });
  });

  it("ignores a content-length that is larger than the body, or returns 413", async () => {
    const { task, expectUntouched } = untouchedChat();
    const answer = await call("/api/v1/procesar", JSON.stringify({ ...task, modo: undefined }), {
      headers: { "content-length": "99999999" },
    });
    expect([200, 413]).toContain(answer.status);
    if (answer.status === 413) await expectUntouched();
  });

  it("lists a bounded number of problems of bounded length for 5,000 unknown options", async () => {
    const opciones = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`${"campo".repeat(20)}${index}`, 1]),
    );
    const { text, json } = await procesar({
      chat_id: 1,
      texto: "Hola.",
      tipo_tarea: "resumir",
      opciones,
    });
    expect(json["status"]).toBe(400);
    expect(text.length).toBeLessThan(10_000);
  });

  it("calls the model at most twice for a very long question", async () => {
    const token = newToken();
    const answer = await preguntar({ chat_id: 1, texto: `${token} ¿cuántos? `.repeat(5_000) });
    expect(answer.status).toBe(200);
    expect((await model.calls(token)).calls).toBeLessThanOrEqual(2);
  });

  it("applies the request limit of a key to 40 concurrent requests", async () => {
    const key = await newKey({ limites: { por_minuto: 5, por_dia: null } });
    const answers = await Promise.all(Array.from({ length: 40 }, () => key.call("/api/v1/tareas")));
    const passed = answers.filter(({ status }) => status === 200);
    expect(passed.length).toBeLessThanOrEqual(6);
    for (const { status, json } of answers.filter((answer) => answer.status !== 200)) {
      expect({ status, codigo: json["codigo"] }).toEqual({
        status: 429,
        codigo: "limite_de_clave",
      });
    }
  });
});
