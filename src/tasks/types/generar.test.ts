import { describe, expect, it } from "vitest";
import { doLocally, doTask } from "../../../tests/support/do-task.ts";
import { parseConfig } from "../../config.ts";

const ASKED = "Recuerda al cliente que su factura vence pronto.";
const DATOS = { cliente: "Nora Vidal", importe: "1.250,00 €", vence: "15 de junio", copias: 2 };
const GOOD = "Hola, Nora Vidal: tu factura de 1.250,00 € vence el 15 de junio. Van 2 copias.";

describe("generar", () => {
  it.for([
    [{ tipo: "correo" }, "Asunto:"],
    [{ tipo: "informe" }, "Escribe un informe"],
    [{ tipo: "mensaje" }, "mensaje de chat"],
    [{ tipo: "publicación" }, "publicación"],
    [{ tipo: "publicacion" }, "publicación"],
    [{ tipo: "publicacio\u0301n" }, "publicación"],
    [{ tipo: "acta" }, "acta de una reunión"],
    [{ tipo: "libre" }, "con la forma que mejor le vaya"],
    [{ tono: "cercano" }, "Tono: «cercano»"],
    [{ idioma: "pt" }, "Escribe en portugués (pt)"],
    [{ longitud: "breve" }, "Unas 80 palabras"],
    [{ longitud: "media" }, "Unas 250 palabras"],
    [{ longitud: "larga" }, "Unas 700 palabras"],
    [{ datos: DATOS }, "deben aparecer todos"],
  ] as const)("writes the rule for %j into the prompt", async ([options, rule]) => {
    const { prompts } = await doTask({ type: "generar", text: ASKED, options }, GOOD, GOOD);
    expect(prompts[0]?.instructions).toContain(rule);
  });

  it("sends the data apart from the request and checks that the answer contains all of it", async () => {
    const { text, data, prompts, warnings } = await doTask(
      { type: "generar", text: ASKED, options: { datos: DATOS } },
      GOOD,
    );
    expect(prompts[0]?.input).toMatch(/<DATOS>\n[^]*"importe": "1.250,00 €"[^]*<\/DATOS>$/u);
    expect(text).toBe(GOOD);
    expect(data).toEqual({ datos_ausentes: [], cifras_no_dadas: [] });
    expect(warnings).toEqual([]);
  });

  it("asks again when data is missing or the answer has invented figures", async () => {
    const { text, prompts } = await doTask(
      { type: "generar", text: ASKED, options: { datos: DATOS } },
      "Hola, Nora Vidal: tu factura vence el 15 de junio. Van 2 copias y un recargo de 30 €.",
      GOOD,
    );
    expect(text).toBe(GOOD);
    const correction = prompts[1]?.turns?.[1]?.content ?? "";
    expect(correction).toContain("1.250,00 €");
    expect(correction).toContain("«30»");
  });

  it.for([
    [{ cliente: "José Núñez" }, "Hola, Jose Nunez.", ["José Núñez"]],
    [{ cliente: "Nora Vidal" }, "Hola, NORA VIDAL.", ["Nora Vidal"]],
    [{ importe: "1.250,00 €" }, "Son 1250 €.", ["1.250,00 €"]],
    [{ importe: "1.250,00 €" }, "Son 1.250,00\u00a0€.", []],
    [{ cliente: "Nora Vidal" }, "Hola, Nora\nVidal.", []],
    [{ cliente: "José" }, "Hola, Jose\u0301.", []],
    [{ dia: "mañana" }, "Mañana es el día.", []],
    [{ copias: 2, urgente: true, nota: " " }, "Van 2 copias.", []],
  ] as const)("requires %j unchanged in «%s»", async ([datos, written, missing]) => {
    const { data } = await doTask(
      { type: "generar", text: ASKED, options: { datos } },
      written,
      written,
    );
    expect(data?.["datos_ausentes"]).toEqual(missing);
  });

  it.for(["Claro, aquí tienes el correo:", "Here is your message:", "¡Claro! Aquí va:"])(
    "asks again when the answer starts with «%s»",
    async (presentation) => {
      const request = { type: "generar", text: ASKED } as const;
      const { text, prompts } = await doTask(request, `${presentation}\n\nHola.`, "Hola.");
      expect(text).toBe("Hola.");
      expect(prompts[1]?.turns?.[1]?.content).toContain("Sobra la frase");
    },
  );

  it("reports the faults that remain after the correction", async () => {
    const bad = "Hola, Nora: tu factura vence el 16 de junio.";
    const { data, warnings } = await doTask(
      { type: "generar", text: ASKED, options: { datos: { vence: "15 de junio" } } },
      bad,
      bad,
    );
    expect(data).toEqual({ datos_ausentes: ["15 de junio"], cifras_no_dadas: ["16"] });
    expect(warnings).toHaveLength(2);
  });

  it("rejects data that does not fit the model before any call", async () => {
    const config = parseConfig({ OPENAI_API_KEY: "sk-de-pega", OPENAI_CONTEXT_TOKENS: "12000" });
    const datos = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`d${index}`, "x".repeat(2_000)]),
    );
    await expect(
      doTask({ type: "generar", text: ASKED, options: { datos }, config }),
    ).rejects.toMatchObject({ codigo: "texto_demasiado_largo" });
  });

  it("fails without a model", async () => {
    await expect(doLocally({ type: "generar", text: ASKED })).rejects.toMatchObject({
      codigo: "motor_local_no_puede",
    });
  });

  it.for([{ tipo: "poema" }, { tono: "" }, { longitud: 3 }, { datos: { a: {} } }, { datos: [] }])(
    "rejects the options %j",
    async (options) => {
      await expect(doTask({ type: "generar", text: ASKED, options })).rejects.toMatchObject({
        codigo: "entrada_invalida",
      });
    },
  );
});
