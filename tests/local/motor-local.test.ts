import { describe, expect, inject, it } from "vitest";
import { call, estado, newChatId, newToken, procesar, recordsOf } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));

const SPANISH = `El ayuntamiento aprobó ayer el presupuesto de 2027, que sube un 4 % respecto al año pasado. La concejala de Hacienda, Marta Ruiz, explicó que el aumento se debe sobre todo a la vivienda. La oposición votó en contra. El presupuesto destina doce millones a vivienda pública y tres a transporte. El pleno duró cinco horas y terminó de noche. Los vecinos podrán consultar el presupuesto en la web municipal a partir del lunes.`;
const ENGLISH = `The city council approved the 2027 budget yesterday, a rise of 4% over last year. The councillor for finance, Marta Ruiz, said that the rise is mostly due to housing. The opposition voted against. The budget gives twelve million to public housing and three to transport. The session lasted five hours and ended at night. Neighbours can read the budget on the city's website from Monday.`;

describe("without a model", () => {
  it.for([
    ["es", SPANISH],
    ["en", ENGLISH],
  ] as const)(
    "resumir picks whole sentences of a text in %s, in their order",
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
    "clasificar tells what «%s» is, and by which words",
    async ([texto, categoria, , tema]) => {
      const { json } = await procesar({ chat_id: newChatId(), texto, tipo_tarea: "clasificar" });
      expect(json).toMatchObject({ motor: "local", datos: { categoria, tema } });
      const { evidencias } = json["datos"] as { evidencias: string[] };
      expect(evidencias.length).toBeGreaterThan(0);
    },
  );

  it("the same text gives the same answer, from the cache the second time", async () => {
    const texto = `${SPANISH} ${newToken()}.`;
    const body = { texto, tipo_tarea: "resumir" };
    const first = await procesar({ ...body, chat_id: newChatId() });
    const again = await procesar({ ...body, chat_id: newChatId() });
    expect(again.json["resultado"]).toBe(first.json["resultado"]);
    const renewed = await procesar({ ...body, texto: `${texto} `, chat_id: newChatId() });
    expect(renewed.json).toMatchObject({ cache: "miss", resultado: first.json["resultado"] });
  });

  it("a text of 400 kB is summarised", async () => {
    const sentence = (index: number): string =>
      `La sección ${index} trata del presupuesto, de la vivienda y de ${newToken().slice(0, 12)}.`;
    const texto = Array.from({ length: 5_500 }, (_, index) => sentence(index)).join(" ");
    const { status, json } = await procesar({ chat_id: newChatId(), texto, tipo_tarea: "resumir" });
    expect(status).toBe(200);
    expect(String(json["resultado"]).length).toBeLessThan(texto.length / 10);
  });

  it("traducir is refused with the name of the setting, keeps the mode and leaves no record", async () => {
    const chat_id = newChatId();
    await estado({ chat_id, modo: "/traducir" });
    const token = newToken();
    const { json } = await procesar({ chat_id, texto: token });
    expect(json).toMatchObject({ status: 503, code: "E306", codigo: "motor_local_no_puede" });
    expect(json["mensaje"]).toContain("OPENAI_API_KEY");
    expect((await estado({ chat_id, modo: "" })).json["modo_actual"]).toBe("/traducir");
    expect(await recordsOf(chat_id)).toEqual([]);
    expect((await model.calls(token)).calls).toBe(0);
  });

  it.for(["extraer", "reporte", "generar"])(
    "%s is known, and 501 until it is built",
    async (tipo_tarea) => {
      const chat_id = newChatId();
      const { json } = await procesar({ chat_id, texto: "Un texto.", tipo_tarea });
      expect(json).toMatchObject({ status: 501, codigo: "tarea_no_disponible", chat_id });
      expect(await recordsOf(chat_id)).toEqual([]);
    },
  );

  it("health is ok, and says that there is no model", async () => {
    const { json } = await call("/health/detailed");
    expect(json).toMatchObject({
      status: "ok",
      componentes: { modelo: { estado: "sin_configurar", latencia_ms: null } },
    });
  });
});
