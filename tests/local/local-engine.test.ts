import { eq } from "drizzle-orm";
import { describe, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { history } from "../../src/history/history.table.ts";
import { call, estado, newChatId, newToken, procesar, recordsOf } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));

const SPANISH = `El ayuntamiento aprobó ayer el presupuesto de 2027, que sube un 4 % respecto al año pasado. La concejala de Hacienda, Marta Ruiz, explicó que el aumento se debe sobre todo a la vivienda. La oposición votó en contra. El presupuesto destina doce millones a vivienda pública y tres a transporte. El pleno duró cinco horas y terminó de noche. Los vecinos podrán consultar el presupuesto en la web municipal a partir del lunes.`;
const ENGLISH = `The city council approved the 2027 budget yesterday, a rise of 4% over last year. The councillor for finance, Marta Ruiz, said that the rise is mostly due to housing. The opposition voted against. The budget gives twelve million to public housing and three to transport. The session lasted five hours and ended at night. Neighbours can read the budget on the city's website from Monday.`;

const Labels = z.object({ evidencias: z.array(z.string()) });
const Extractions = z.object({
  extracciones: z.array(
    z.object({ tipo: z.string(), texto: z.string(), inicio: z.int(), fin: z.int() }),
  ),
});
const Tasks = z.array(z.object({ tipo_tarea: z.string(), motor: z.string().nullable() }));

/** Rows of a chat in PostgreSQL. The API does not list failed ones. */
async function countRows(chatId: number): Promise<number> {
  const direct = hyperdriveDatabase({ connectionString: inject("postgresUrl") });
  return await direct.query(5_000, (db) => db.$count(history, eq(history.chatId, chatId)));
}

describe("the service without a model", () => {
  it.for([
    ["es", SPANISH],
    ["en", ENGLISH],
  ] as const)(
    "summarises a text in %s with complete sentences in their order",
    async ([idioma, source]) => {
      const texto = `${source} Nota ${newToken()}.`;
      const { json } = await procesar({
        chat_id: newChatId(),
        texto,
        tipo_tarea: "resumir",
        opciones: { longitud: "breve" },
      });
      expect(json).toMatchObject({
        ...{ success: true, motor: "local", modelo: null, uso: null, intentos: 0, idioma },
        cache: "miss",
      });
      const sentences = String(json["resultado"]).split(/(?<=\.)\s+/);
      expect(sentences).toHaveLength(2);
      const places = sentences.map((sentence) => texto.indexOf(sentence));
      expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    },
  );

  it.for([
    ["La web está caída y ningún cliente puede pagar, es urgente", "urgencia", "alta", "IT"],
    [
      "¿Podéis decirme cuántos días de vacaciones me quedan este año?",
      "consulta",
      "baja",
      "recursos humanos",
    ],
    [
      "I was charged twice on my invoice and nobody answers my emails",
      "queja",
      "media",
      "finanzas",
    ],
  ] as const)(
    "classifies «%s» and returns the words as evidence",
    async ([texto, categoria, urgencia, tema]) => {
      const { json } = await procesar({ chat_id: newChatId(), texto, tipo_tarea: "clasificar" });
      expect(json).toMatchObject({
        ...{ motor: "local", modelo: null, uso: null, intentos: 0 },
        datos: { categoria, urgencia, tema },
      });
      const { evidencias } = Labels.parse(json["datos"]);
      expect(evidencias.length).toBeGreaterThan(0);
      for (const word of evidencias) expect(texto.toLowerCase()).toContain(word.toLowerCase());
    },
  );

  it.for(["resumir", "clasificar"])(
    "returns the same answer of %s for the same text, from the cache the second time",
    async (tipo_tarea) => {
      const texto = `${SPANISH} ${newToken()}.`;
      const ask = (text: string) => procesar({ texto: text, tipo_tarea, chat_id: newChatId() });
      const { json: first } = await ask(texto);
      const { resultado, datos } = first;
      expect(first["cache"]).toBe("miss");
      await vi.waitFor(async () => {
        const { json } = await ask(texto);
        expect(json["cache"]).toMatch(/^(colo|kv)$/);
        expect([json["resultado"], json["datos"]]).toEqual([resultado, datos]);
      }, 10_000);
      const { json: renewed } = await ask(`${texto} `);
      expect(renewed["cache"]).toBe("miss");
      expect([renewed["resultado"], renewed["datos"]]).toEqual([resultado, datos]);
    },
  );

  it("summarises a text of 400 kB", async () => {
    const sentence = (index: number): string =>
      `La sección ${index} trata del presupuesto, de la vivienda y de ${newToken().slice(0, 12)}.`;
    const texto = Array.from({ length: 5_500 }, (_, index) => sentence(index)).join(" ");
    const { status, json } = await procesar({ chat_id: newChatId(), texto, tipo_tarea: "resumir" });
    expect(status).toBe(200);
    const summary = String(json["resultado"]);
    expect(summary.length).toBeLessThan(texto.length / 10);
    for (const chosen of summary.split(/(?<=\.)\s+/)) expect(texto).toContain(chosen);
  });

  it("returns 503 for traducir with the name of the setting, keeps the mode and stores no record", async () => {
    const chat_id = newChatId();
    await estado({ chat_id, modo: "/traducir" });
    const token = newToken();
    const { status, json } = await procesar({ chat_id, texto: token });
    expect(status).toBe(503);
    expect(json).toMatchObject({
      ...{ code: "E306", codigo: "motor_local_no_puede", success: false, chat_id },
    });
    expect(json["mensaje"]).toContain("OPENAI_API_KEY");
    expect((await estado({ chat_id, modo: "" })).json["modo_actual"]).toBe("/traducir");
    expect(await recordsOf(chat_id)).toEqual([]);
    expect(await countRows(chat_id)).toBe(0);
    expect((await model.calls(token)).calls).toBe(0);
  });

  it.for([
    ["resumir", { idioma: "en" }],
    ["resumir", { enfoque: "los plazos" }],
    ["extraer", { esquema: { type: "object", properties: { total: { type: "number" } } } }],
  ] as const)("returns 503 for %s with the options %j", async ([tipo_tarea, opciones]) => {
    const texto = "La mudanza se aplaza a junio por las obras. El presupuesto sube un 4 %.";
    const { json } = await procesar({ chat_id: newChatId(), texto, tipo_tarea, opciones });
    expect(json).toMatchObject({ status: 503, codigo: "motor_local_no_puede" });
    expect(json["mensaje"]).toContain(`«${tipo_tarea}» con esas opciones necesita un modelo`);
  });

  it("returns 503 for generar", async () => {
    const chat_id = newChatId();
    const { status, json } = await procesar({
      chat_id,
      texto: "Un saludo.",
      tipo_tarea: "generar",
    });
    expect(status).toBe(503);
    expect(json).toMatchObject({ codigo: "motor_local_no_puede", success: false, chat_id });
    expect(await countRows(chat_id)).toBe(0);
  });

  it("returns a text unchanged when it is already in the target language", async () => {
    const texto = "Buenos días a todo el equipo.";
    const body = { chat_id: newChatId(), texto, opciones: { idioma_destino: "es" } };
    const { json } = await procesar({ ...body, tipo_tarea: "traducir" });
    expect(json).toMatchObject({ resultado: texto, motor: "local", intentos: 0, uso: null });
  });

  it("extracts entities by rules, with their offsets", async () => {
    const texto =
      "📅 Reunión con Lucía Ferrer el 14/05/2026. Son 1.250,00 €, avisa a lucia@ejemplo.es.";
    const { json } = await procesar({ chat_id: newChatId(), texto, tipo_tarea: "extraer" });
    const { extracciones } = Extractions.parse(json["datos"]);
    expect(extracciones.map(({ tipo }) => tipo)).toEqual(["persona", "fecha", "importe", "correo"]);
    for (const { texto: piece, inicio, fin } of extracciones) {
      expect(texto.slice(inicio, fin)).toBe(piece);
    }
  });

  it("reports the activity of the chat", async () => {
    const chat_id = newChatId();
    await procesar({ chat_id, texto: `${SPANISH} ${newToken()}.`, tipo_tarea: "resumir" });
    await procesar({ chat_id, texto: "¿A qué hora abrís?", tipo_tarea: "clasificar" });
    const { json } = await procesar({
      chat_id,
      texto: "¿Qué tal la semana?",
      tipo_tarea: "reporte",
    });
    expect(json).toMatchObject({
      motor: "local",
      cache: "miss",
      datos: { total: 2, completadas: 2 },
    });
    expect(json["resultado"]).toContain("Peticiones: 2");
    expect(json["resultado"]).toContain("clasificar 1, resumir 1");
  });

  it("lists which engine does each task in GET /api/v1/tareas", async () => {
    const { json } = await call("/api/v1/tareas");
    const tareas = Tasks.parse(json["tareas"]);
    expect(Object.fromEntries(tareas.map(({ tipo_tarea, motor }) => [tipo_tarea, motor]))).toEqual({
      resumir: "local",
      traducir: null,
      clasificar: "local",
      extraer: "local",
      reporte: "local",
      generar: null,
    });
  });

  it("reports ok and no configured model in GET /health/detailed", async () => {
    const { status, json } = await call("/health/detailed");
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: "ok",
      componentes: { modelo: { estado: "sin_configurar", latencia_ms: null } },
    });
  });
});
