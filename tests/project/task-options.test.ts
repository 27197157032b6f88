import { describe, expect, it } from "vitest";
import { optionsSchema } from "../../src/tasks/tasks.schemas.ts";
import { TASK_TYPES, taskOf, type TaskType } from "../../src/tasks/types/registry.ts";
import type { JsonObject } from "../../src/lib/json-object.ts";
import type { ReportFigures } from "../../src/tasks/report-figures.ts";
import { doLocally, doTask } from "../support/do-task.ts";

type Effect = {
  /** Two requests that differ only in this option. */
  values: readonly [JsonObject, JsonObject];
  text?: string;
};

/** Two requests for each option of each task. */
const EFFECTS: Record<string, Record<string, Effect>> = {
  resumir: {
    longitud: { values: [{ longitud: 1 }, { longitud: 2 }] },
    formato: { values: [{ formato: "parrafo" }, { formato: "tldr" }] },
    idioma: { values: [{ idioma: "es" }, { idioma: "en" }] },
    enfoque: { values: [{ enfoque: "los plazos" }, { enfoque: "el precio" }] },
  },
  traducir: {
    idioma_destino: { values: [{ idioma_destino: "en" }, { idioma_destino: "fr" }] },
    idioma_origen: { values: [{ idioma_origen: "es" }, { idioma_origen: "ca" }] },
    formalidad: { values: [{ formalidad: "tú" }, { formalidad: "usted" }] },
    variante: { values: [{ variante: "en-GB" }, { variante: "en-US" }] },
    glosario: { values: [{ glosario: {} }, { glosario: { factura: "bill" } }] },
    no_traducir: { values: [{ no_traducir: [] }, { no_traducir: ["Acme"] }] },
  },
  clasificar: {
    etiquetas: {
      values: [{ etiquetas: ["a"] }, { etiquetas: [{ nombre: "a", descripcion: "b" }] }],
    },
    multiple: {
      values: [
        { etiquetas: ["a"], multiple: false },
        { etiquetas: ["a"], multiple: true },
      ],
    },
    votos: { values: [{ votos: 1 }, { votos: 3 }] },
  },
  extraer: {
    tipos: { values: [{ tipos: ["fecha"] }, { tipos: ["persona"] }] },
    esquema: {
      values: [
        { esquema: { type: "object", properties: { a: { type: "string" } } } },
        { esquema: { type: "object", properties: { b: { type: "string" } } } },
      ],
    },
    fecha_referencia: {
      values: [{ fecha_referencia: "2026-05-14" }, { fecha_referencia: "2026-06-01" }],
      text: "Nos vemos mañana.",
    },
    zona_horaria: {
      values: [
        { fecha_referencia: "2026-05-14T23:30:00Z", zona_horaria: "Europe/Madrid" },
        { fecha_referencia: "2026-05-14T23:30:00Z", zona_horaria: "America/Bogota" },
      ],
      text: "Nos vemos mañana.",
    },
    pais: { values: [{ pais: "MX" }, { pais: "CO" }], text: "Son 500 pesos." },
  },
  reporte: {
    desde: { values: [{ desde: "2026-05-01" }, { desde: "2026-05-02" }] },
    hasta: { values: [{ hasta: "2026-05-10" }, { hasta: "2026-05-11" }] },
    zona_horaria: {
      values: [{ zona_horaria: "Europe/Madrid" }, { zona_horaria: "America/Bogota" }],
    },
    eventos: { values: [{ eventos: [] }, { eventos: [{ titulo: "Cita", inicio: "2026-05-12" }] }] },
  },
  generar: {
    tipo: { values: [{ tipo: "correo" }, { tipo: "acta" }] },
    tono: { values: [{ tono: "serio" }, { tono: "alegre" }] },
    idioma: { values: [{ idioma: "es" }, { idioma: "pt" }] },
    longitud: { values: [{ longitud: "breve" }, { longitud: "larga" }] },
    datos: { values: [{ datos: {} }, { datos: { cliente: "Nora" } }] },
  },
};

const TEXT =
  "La reunión de hoy trató tres asuntos. La factura sube un 4 %. La mudanza se aplaza a junio.";

const FIGURES: ReportFigures = {
  ...{ from: "2026-05-07T22:00:00.000Z", to: "2026-05-14T22:00:00.000Z" },
  ...{ timeZone: "Europe/Madrid", total: 1, completed: 1, failed: 0, interrupted: 0, fromCache: 0 },
  ...{ byTask: [{ task: "resumir", count: 1 }], byLanguage: [{ language: "es", count: 1 }] },
  ...{ byDay: [{ day: "2026-05-14", count: 1 }], inputTokens: 0, outputTokens: 0, costUsd: null },
};

const ANSWER = JSON.stringify({
  ...{ categoria: "queja", urgencia: "alta", tema: "IT" },
  ...{ etiquetas: ["a"], extracciones: [], datos: {}, citas: [] },
});

/** The prompt for a model with these options, and the result of the local engine. */
async function effectOf(type: TaskType, options: JsonObject, text: string): Promise<string> {
  const request = { type, text, options, figures: FIGURES };
  const answers = Array.from({ length: 4 }, () => ANSWER);
  const { prompts, work } = await doTask(request, ...answers);
  const local = taskOf(type).rebind(work.options).canRunLocally(text)
    ? await doLocally(request)
    : undefined;
  return JSON.stringify([prompts[0], local?.text, local?.data]);
}

const CASES = TASK_TYPES.flatMap((type) =>
  Object.entries(EFFECTS[type] ?? {}).map(([option, effect]) => ({ type, option, ...effect })),
);

describe("every option", () => {
  it("has a case in this file", () => {
    for (const type of TASK_TYPES) {
      const { properties } = optionsSchema(type);
      expect(Object.keys(EFFECTS[type] ?? {}).toSorted()).toEqual(
        Object.keys(properties ?? {}).toSorted(),
      );
    }
  });

  it.for(CASES)(
    "changes the prompt or the local result: $type.$option",
    async ({ type, values, text = TEXT }) => {
      const [one, other] = values;
      expect(await effectOf(type, one, text)).toBe(await effectOf(type, one, text));
      expect(await effectOf(type, one, text)).not.toBe(await effectOf(type, other, text));
    },
  );
});
