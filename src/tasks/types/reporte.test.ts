import { describe, expect, it } from "vitest";
import { doLocally, doTask, NOW_MS } from "../../../tests/support/do-task.ts";
import { AppError } from "../../errors.ts";
import type { ReportFigures } from "../report-figures.ts";
import { reporte } from "./reporte.ts";

const FIGURES: ReportFigures = {
  from: "2026-05-07T22:00:00.000Z",
  to: "2026-05-14T22:00:00.000Z",
  timeZone: "Europe/Madrid",
  total: 12,
  completed: 10,
  failed: 1,
  interrupted: 1,
  fromCache: 3,
  byTask: [
    { task: "resumir", count: 8 },
    { task: "traducir", count: 4 },
  ],
  byLanguage: [
    { language: "es", count: 11 },
    { language: null, count: 1 },
  ],
  byDay: [
    { day: "2026-05-08", count: 5 },
    { day: "2026-05-14", count: 7 },
  ],
  inputTokens: 1_234,
  outputTokens: 321,
  costUsd: 0.0123,
};
const ASKED = { type: "reporte", text: "¿Qué hice esta semana?", figures: FIGURES } as const;
const GOOD = "Del 8 al 14 de mayo de 2026 hiciste 12 peticiones: 8 resúmenes y 4 traducciones.";

const periodOf = (options: object, nowMs = NOW_MS, timeZone = "Europe/Madrid") => {
  const { period } = reporte.bind(options, { nowMs, timeZone });
  return `${period?.from.toISOString()} ${period?.to.toISOString()} ${period?.timeZone}`;
};

describe("the period of reporte", () => {
  it("defaults to the last seven local days, today included", () => {
    expect(periodOf({})).toBe("2026-05-07T22:00:00.000Z 2026-05-14T22:00:00.000Z Europe/Madrid");
    expect(periodOf({ zona_horaria: "America/Bogota" }, Date.UTC(2026, 4, 14, 3))).toBe(
      "2026-05-07T05:00:00.000Z 2026-05-14T05:00:00.000Z America/Bogota",
    );
  });

  it("counts days of 23 and 25 hours when the clocks change", () => {
    expect(periodOf({ desde: "2026-03-29", hasta: "2026-03-29" })).toBe(
      "2026-03-28T23:00:00.000Z 2026-03-29T22:00:00.000Z Europe/Madrid",
    );
    expect(periodOf({ desde: "2026-10-25", hasta: "2026-10-25" })).toBe(
      "2026-10-24T22:00:00.000Z 2026-10-25T23:00:00.000Z Europe/Madrid",
    );
  });

  it("completes a period that has only one end", () => {
    expect(periodOf({ hasta: "2026-05-10" })).toMatch(/^2026-05-03T22.*2026-05-10T22/u);
    expect(periodOf({ desde: "2026-05-01" })).toMatch(/^2026-04-30T22.*2026-05-14T22/u);
  });

  it.for([
    { desde: "2026-05-10", hasta: "2026-05-09" },
    { desde: "2024-01-01", hasta: "2026-01-01" },
    { desde: "2026-02-30" },
    { desde: "0000-01-01", hasta: "0000-01-02" },
    { hasta: "9999-12-31" },
    { desde: "ayer" },
    { zona_horaria: "Madrid" },
    { eventos: [{ titulo: "", inicio: "2026-05-12" }] },
    { eventos: Array.from({ length: 201 }, () => ({ titulo: "x", inicio: "2026-05-12" })) },
  ])("rejects %j", async (options) => {
    await expect(doTask({ ...ASKED, options })).rejects.toMatchObject({
      codigo: "entrada_invalida",
    });
  });
});

describe("reporte", () => {
  it("returns the model's narrative when its figures come from SQL", async () => {
    const { text, data, engine, prompts, work } = await doTask(ASKED, GOOD);
    expect(text).toBe(GOOD);
    expect(engine).toBe("openai");
    expect(data).toMatchObject({ total: 12, desde: "2026-05-08", hasta: "2026-05-14" });
    expect(prompts[0]?.input).toContain('"total": 12');
    expect(work.cacheTtlSeconds).toBe(0);
  });

  it.for([
    "Hiciste 13 peticiones.",
    "Subió un 20 %.",
    "Hiciste 12 peticiones, 6 al día.",
    "Del 8 al 14 de mayo de 2026 hiciste 14 peticiones.",
  ])("replaces a narrative with unknown figures by the plain report: «%s»", async (narrative) => {
    const { text, warnings, attempts } = await doTask(ASKED, narrative);
    expect(text).toMatch(/^Informe del 8 de mayo de 2026 al 14 de mayo de 2026/u);
    expect(warnings[0]).toContain("cifras que no están");
    expect(attempts).toBe(1);
  });

  it.for([
    "null",
    '{"total": 12}',
    "Hiciste 12 peticiones y la mayor parte de",
    "You made 12 requests in this period, and most of them were summaries of your own texts.",
  ])(
    "replaces an answer that is not a Spanish narrative by the plain report: «%s»",
    async (narrative) => {
      const { text, warnings } = await doTask(ASKED, narrative);
      expect(text).toMatch(/^Informe del 8 de mayo/u);
      expect(warnings[0]).toContain("no lo redactó como se le pidió");
    },
  );

  it("writes the plain report without a model", async () => {
    const { text, engine } = await doLocally(ASKED);
    expect(engine).toBe("local");
    expect(text).toBe(
      [
        "Informe del 8 de mayo de 2026 al 14 de mayo de 2026 (Europe/Madrid)",
        "",
        "Peticiones: 12 (10 completadas, 1 fallida, 1 interrumpida)",
        "Por tarea: resumir 8, traducir 4",
        "Por idioma: español (es) 11, sin determinar 1",
        "Día con más actividad: 14 de mayo de 2026, con 7",
        "Respondidas sin volver a pagar: 3",
        "Tokens: 1234 de entrada y 321 de salida",
        "Coste: 0.0123 USD",
      ].join("\n"),
    );
  });

  it("returns the plain report with a warning when the model fails", async () => {
    const { text, engine, warnings } = await doTask(ASKED, new AppError("modelo_error"));
    expect(engine).toBe("local");
    expect(text).toContain("Peticiones: 12");
    expect(warnings).toEqual(["El modelo no pudo redactarlo; estas son las cifras."]);
  });

  it("says that there were no requests, and leaves out an unknown cost", async () => {
    const none = { ...FIGURES, total: 0, byTask: [], byLanguage: [], costUsd: null };
    const empty = await doLocally({ ...ASKED, figures: none });
    expect(empty.text).toContain("No hubo ninguna petición en este periodo.");
    const free = await doLocally({ ...ASKED, figures: { ...FIGURES, costUsd: null } });
    expect(free.text).not.toContain("USD");
  });

  it("includes the events of a calendar", async () => {
    const eventos = [
      { titulo: "Revisión del proyecto", inicio: "2026-05-12T10:00:00+02:00", lugar: "Sala 2" },
      { titulo: "Festivo", inicio: "2026-05-15" },
      { titulo: "Sin fecha clara", inicio: "a media mañana" },
    ];
    const { text, data } = await doLocally({ ...ASKED, options: { eventos } });
    expect(text).toContain("- 12 de mayo de 2026, 10:00: Revisión del proyecto (Sala 2)");
    expect(text).toContain("- 15 de mayo de 2026: Festivo");
    expect(text).toContain("- a media mañana: Sin fecha clara");
    expect(data).toMatchObject({ eventos });
    const { warnings, prompts } = await doTask(
      { ...ASKED, options: { eventos } },
      "El 12 a las 10:00, revisión en la Sala 2.",
    );
    expect(warnings).toEqual([]);
    expect(prompts[0]?.input).toContain("Revisión del proyecto");
    expect(prompts[0]?.instructions).toContain("eventos de la agenda");
  });

  it("converts event times to the report's time zone and accepts null fields", async () => {
    const eventos = [
      {
        titulo: "Llamada",
        inicio: "2026-05-12T08:00:00Z",
        fin: "2026-05-12T08:30:00Z",
        lugar: null,
      },
    ];
    const narrative = "El 12 de mayo, de 10:00 a 10:30, llamada.";
    const { text, prompts } = await doTask({ ...ASKED, options: { eventos } }, narrative);
    expect(text).toBe(narrative);
    expect(prompts[0]?.input).toContain('"inicio": "12 de mayo de 2026, 10:00"');
    expect(prompts[0]?.input).not.toContain("08:00");
  });
});
