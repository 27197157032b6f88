import { describe, expect, it } from "vitest";
import { doLocally, doTask } from "../../../tests/support/do-task.ts";

const TEXT = "Hola {{nombre}}, tu factura de marzo ya está lista.";
const GOOD = "Hello {{nombre}}, your March invoice is ready.";

const instructions = async (options: Record<string, unknown>, text = TEXT): Promise<string> => {
  const { prompts } = await doTask({ type: "traducir", text, options }, GOOD, GOOD);
  return prompts[0]?.instructions ?? "";
};

describe("traducir", () => {
  it.for([
    [{ idioma_destino: "fr" }, "al francés (fr)"],
    [{}, "al inglés (en)"],
    [{ variante: "en-GB" }, "(en-GB)"],
    [{ idioma_destino: "en", variante: "en-GB" }, "(en-GB)"],
    [{ idioma_origen: "es", idioma_destino: "de" }, "del español (es) al alemán (de)"],
    [{ formalidad: "usted" }, "Trata al lector de usted"],
    [{ formalidad: "tú" }, "Trata al lector de tú"],
    [{ formalidad: "tu" }, "Trata al lector de tú"],
    [{ formalidad: "tu\u0301" }, "Trata al lector de tú"],
    [{ formalidad: "USTED" }, "Trata al lector de usted"],
    [{ glosario: { factura: "bill" } }, "«factura» → «bill»"],
    [{ no_traducir: ["Acme Cloud"] }, "No traduzcas estos términos: «Acme Cloud»"],
  ] as const)("writes the rule for %j into the prompt", async ([options, rule]) => {
    expect(await instructions(options)).toContain(rule);
  });

  it("returns both languages and that the layout was kept", async () => {
    const { text, data, warnings } = await doTask({ type: "traducir", text: TEXT }, GOOD);
    expect(text).toBe(GOOD);
    expect(data).toEqual({ idioma_origen: "es", idioma_destino: "en", formato_conservado: true });
    expect(warnings).toEqual([]);
  });

  it("translates other languages to Spanish by default", async () => {
    const { data } = await doTask(
      { type: "traducir", text: "The meeting was moved to Friday morning." },
      "La reunión se pasó al viernes por la mañana.",
    );
    expect(data).toMatchObject({ idioma_origen: "en", idioma_destino: "es" });
  });

  it("asks once for a lost placeholder", async () => {
    const { text, data, prompts } = await doTask(
      { type: "traducir", text: TEXT },
      "Hello {{name}}, your March invoice is ready.",
      GOOD,
    );
    expect(text).toBe(GOOD);
    expect(data).toMatchObject({ formato_conservado: true });
    expect(prompts[1]?.turns?.[1]?.content).toContain("{{nombre}}");
  });

  it.for([
    ["a placeholder", TEXT, "Hello {{name}}, your March invoice is ready.", "{{nombre}}"],
    [
      "an address",
      "Mira https://ejemplo.es/a?b=1 hoy.",
      "Look at it today.",
      "https://ejemplo.es/a?b=1",
    ],
    ["code", "Ejecuta `npm start` ahora.", "Run `npm begin` now.", "npm start"],
    ["a printf placeholder", "Quedan %d días.", "There are some days left.", "%d"],
  ] as const)("reports that %s is missing after the correction", async ([, text, bad, lost]) => {
    const { data, warnings, attempts } = await doTask({ type: "traducir", text }, bad, bad);
    expect(attempts).toBe(2);
    expect(data).toMatchObject({ formato_conservado: false });
    expect(warnings.join(" ")).toContain(lost);
  });

  it("asks again when the glossary or `no_traducir` was ignored", async () => {
    const options = { glosario: { factura: "bill" }, no_traducir: ["marzo"] };
    const { data, prompts } = await doTask({ type: "traducir", text: TEXT, options }, GOOD, GOOD);
    expect(data).toMatchObject({ formato_conservado: false });
    const correction = prompts[1]?.turns?.[1]?.content ?? "";
    expect(correction).toContain("bill");
    expect(correction).toContain("marzo");
  });

  it("asks again when most of the text is missing, as in «null»", async () => {
    const text = "Nos vemos el martes con Ana Gil en la puerta del museo.";
    const good = "See you on Tuesday with Ana Gil at the museum door.";
    const { prompts, ...done } = await doTask({ type: "traducir", text }, "null", good);
    expect(done.text).toBe(good);
    expect(prompts[1]?.turns?.[1]?.content).toContain("Falta casi todo el texto");
    const chinese = "周二和安娜·吉尔在博物馆门口见。";
    const options = { idioma_destino: "zh" };
    expect((await doTask({ type: "traducir", text, options }, chinese)).text).toBe(chinese);
  });

  it("keeps the white space around the text", async () => {
    const { text } = await doTask({ type: "traducir", text: `\n  ${TEXT}\n\n` }, `\n${GOOD}`);
    expect(text).toBe(`\n  ${GOOD}\n\n`);
  });

  it("keeps CRLF line breaks and adds none to a text without them", async () => {
    const lines = "Uno de mayo.\r\n\r\nDos de mayo.\r\n";
    const windows = await doTask({ type: "traducir", text: lines }, "May 1.\n\nMay 2.");
    expect(windows.text).toBe("May 1.\r\n\r\nMay 2.\r\n");
    const unix = { type: "traducir", text: lines.replaceAll("\r", "") } as const;
    expect((await doTask(unix, "May 1.\r\n\r\nMay 2.")).text).toBe("May 1.\n\nMay 2.\n");
  });

  it("asks again when the answer is in the wrong language", async () => {
    const long = `${TEXT} Puedes descargarla desde tu área de cliente cuando quieras, sin prisa.`;
    const { prompts } = await doTask(
      { type: "traducir", text: long },
      long,
      `${GOOD} You can download it from your customer area whenever you like, no hurry.`,
    );
    expect(prompts[1]?.turns?.[1]?.content).toContain("Debe estar en inglés");
  });

  it("returns a text that is already in the target language unchanged, without a model", async () => {
    const request = { type: "traducir", text: TEXT, options: { idioma_destino: "es" } } as const;
    for (const done of [await doTask(request), await doLocally(request)]) {
      expect(done).toMatchObject({ text: TEXT, engine: "local", attempts: 0 });
      expect(done.warnings[0]).toContain("ya está en español");
    }
  });

  it.for([{ variante: "es-419" }, { idioma_destino: "es", formalidad: "usted" }])(
    "calls the model for %j although the language is the same",
    async (options) => {
      const { prompts } = await doTask({ type: "traducir", text: TEXT, options }, TEXT, TEXT);
      expect(prompts.length).toBeGreaterThan(0);
    },
  );

  it("fails without a model for another language", async () => {
    await expect(doLocally({ type: "traducir", text: TEXT })).rejects.toMatchObject({
      codigo: "motor_local_no_puede",
    });
  });

  it.for([
    { idioma_destino: "inglés" },
    { idioma_destino: "en", variante: "es-419" },
    { formalidad: "vos" },
    { glosario: { a: 1 } },
    { no_traducir: [""] },
    { no_traducir: "Acme" },
  ])("rejects the options %j", async (options) => {
    await expect(doTask({ type: "traducir", text: TEXT, options })).rejects.toMatchObject({
      codigo: "entrada_invalida",
    });
  });
});
