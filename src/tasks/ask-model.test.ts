import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { doTask } from "../../tests/support/do-task.ts";

const TEXT = "La reunión trató el presupuesto. Sube un 4 %. La mudanza se aplaza a junio.";
const resumir = { type: "resumir", text: TEXT } as const;
const clasificar = { type: "clasificar", text: TEXT } as const;
const GOOD = '{"categoria":"informe","urgencia":"baja","tema":"finanzas"}';
const UNAVAILABLE = new AppError("modelo_error");

describe("askModel with an answer that was cut off", () => {
  it("continues from the last complete word and joins the parts without the repeated end", async () => {
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

  it("fails when the answer is still cut off after two continuations", async () => {
    const cut = { texts: ["Y sigue y sigue"] as [string], cut: true };
    await expect(doTask(resumir, cut, cut, cut)).rejects.toMatchObject({
      codigo: "modelo_respuesta_invalida",
      spent: { attempts: 3 },
    });
  });

  it("fails without a retry when the task expects JSON", async () => {
    await expect(
      doTask(clasificar, { texts: [GOOD.slice(0, 20)], cut: true }),
    ).rejects.toMatchObject({
      codigo: "modelo_respuesta_invalida",
      spent: { attempts: 1 },
    });
  });
});

describe("askModel with an answer that the task cannot use", () => {
  it.for([
    ["prose", "Diría que es un informe."],
    ["an unknown label", GOOD.replace("informe", "noticia")],
    ["a null value", GOOD.replace('"baja"', "null")],
    ["an incomplete object", '{"categoria":"informe"}'],
    ["no storable character", "\0"],
  ])("asks once more after %s", async ([, bad = ""]) => {
    const { data, prompts, attempts } = await doTask(clasificar, bad, GOOD);
    expect(data).toMatchObject({ categoria: "informe", confianza: null });
    expect(attempts).toBe(2);
    expect(prompts[1]?.turns?.[0]).toEqual({ role: "assistant", content: bad });
    expect(prompts[1]?.turns?.[1]?.content).toContain("forma pedida");
  });

  it("repeats the schema in the correction, since a server may not show it to the model", async () => {
    const { prompts } = await doTask(clasificar, "Diría que es un informe.", GOOD);
    expect(prompts[0]?.instructions).not.toContain("JSON Schema");
    expect(prompts[1]?.turns?.[1]?.content).toContain('JSON Schema:\n{"type":"object"');
  });

  it("fails with the cost of both attempts when the second answer is no better", async () => {
    await expect(doTask(clasificar, "No sé.", "Tampoco.")).rejects.toMatchObject({
      codigo: "modelo_respuesta_invalida",
      spent: { attempts: 2 },
    });
  });

  it("returns a readable answer with its faults as warnings when the correction fails", async () => {
    const { text, warnings } = await doTask(
      { type: "generar", text: "Escribe un saludo." },
      "Hola, son 17 euros.",
      UNAVAILABLE,
    );
    expect(text).toBe("Hola, son 17 euros.");
    expect(warnings.join(" ")).toContain("17");
  });

  it("fails with the provider's problem when an unreadable answer cannot be corrected", async () => {
    await expect(doTask(clasificar, "No sé.", UNAVAILABLE)).rejects.toMatchObject({
      codigo: "modelo_error",
    });
  });
});
