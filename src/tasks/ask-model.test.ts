import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { doTask } from "../../tests/support/do-task.ts";

const TEXT = "La reunión trató el presupuesto. Sube un 4 %. La mudanza se aplaza a junio.";
const resumir = { type: "resumir", text: TEXT } as const;
const clasificar = { type: "clasificar", text: TEXT } as const;
const GOOD = '{"categoria":"informe","urgencia":"baja","tema":"finanzas"}';
const UNAVAILABLE = new AppError("modelo_error");

describe("an answer that was cut off", () => {
  it("is gone on with from its last whole word, and joined without what is repeated", async () => {
    const { text, prompts, attempts } = await doTask(
      resumir,
      { texts: ["El presupuesto sube un 4 % y la mud"], cut: true },
      "un 4 % y la mudanza se aplaza.",
    );
    expect(text).toBe("El presupuesto sube un 4 % y la mudanza se aplaza.");
    expect(attempts).toBe(2);
    expect(prompts[1]?.turns?.[0]).toEqual({
      role: "assistant",
      content: "El presupuesto sube un 4 % y la ",
    });
  });

  it("is given up when it never ends", async () => {
    const cut = { texts: ["Y sigue y sigue"] as [string], cut: true };
    await expect(doTask(resumir, cut, cut, cut)).rejects.toMatchObject({
      codigo: "modelo_respuesta_invalida",
      spent: { attempts: 3 },
    });
  });

  it("is refused at once when it is a structure", async () => {
    await expect(
      doTask(clasificar, { texts: [GOOD.slice(0, 20)], cut: true }),
    ).rejects.toMatchObject({
      codigo: "modelo_respuesta_invalida",
      spent: { attempts: 1 },
    });
  });
});

describe("an answer that is not as it was asked for", () => {
  it.for([
    ["prose", "Diría que es un informe."],
    ["a label of its own", GOOD.replace("informe", "noticia")],
    ["nulls", GOOD.replace('"baja"', "null")],
    ["half an object", '{"categoria":"informe"}'],
    ["nothing that can be kept", "\0"],
  ])("is asked for again once: %s", async ([, bad = ""]) => {
    const { data, prompts, attempts } = await doTask(clasificar, bad, GOOD);
    expect(data).toMatchObject({ categoria: "informe", confianza: null });
    expect(attempts).toBe(2);
    expect(prompts[1]?.turns?.[0]).toEqual({ role: "assistant", content: bad });
    expect(prompts[1]?.turns?.[1]?.content).toContain("forma pedida");
  });

  it("is asked for again with its schema in words: a server may have kept that to itself", async () => {
    const { prompts } = await doTask(clasificar, "Diría que es un informe.", GOOD);
    expect(prompts[0]?.instructions).not.toContain("JSON Schema");
    expect(prompts[1]?.turns?.[1]?.content).toContain('JSON Schema:\n{"type":"object"');
  });

  it("is refused when it is no better the second time, with all that it cost", async () => {
    await expect(doTask(clasificar, "No sé.", "Tampoco.")).rejects.toMatchObject({
      codigo: "modelo_respuesta_invalida",
      spent: { attempts: 2 },
    });
  });

  it("is taken all the same when only its looks were amiss and it cannot be mended", async () => {
    const { text, warnings } = await doTask(
      { type: "generar", text: "Escribe un saludo." },
      "Hola, son 17 euros.",
      UNAVAILABLE,
    );
    expect(text).toBe("Hola, son 17 euros.");
    expect(warnings.join(" ")).toContain("17");
  });

  it("is a failure when it cannot be asked for again", async () => {
    await expect(doTask(clasificar, "No sé.", UNAVAILABLE)).rejects.toMatchObject({
      codigo: "modelo_error",
    });
  });
});
