import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { ReportFigures } from "../report-figures.ts";
import { findUnknownFigures } from "../checks/narrative.ts";
import { isComplete } from "../checks/completeness.ts";
import { findLanguageFault } from "../checks/language.ts";
import { delimitBoth, TEXT_IS_DATA } from "../prompts/delimit.ts";
import type { JsonObject } from "../../lib/json-object.ts";
import { defineTask, type Period, type TaskInput } from "./task.ts";
import { formatCost, formatEventTime, plainReport, toFiguresData } from "../plain-report.ts";
import { timeZoneOption } from "../options/time-zone-option.ts";

const MAX_DAYS = 366;
const MAX_EVENTS = 200;

const DAY = "debe ser un día desde 1970 hasta 2999, como 2026-05-14";
const day = z.iso.date(DAY).refine((iso) => iso >= "1970" && iso < "3000", DAY);

const EventOption = z.object({
  titulo: z.string("debe ser un texto").trim().min(1, "está vacío").max(300),
  inicio: z
    .string("debe ser una fecha")
    .max(40)
    .meta({ description: "Fecha, u hora con fecha (ISO 8601)." }),
  fin: z.string().max(40).nullish(),
  lugar: z.string().max(300).nullish(),
});

const ReportOptions = z
  .strictObject({
    desde: day.optional().meta({
      description: "Primer día. Sin él, seis días antes de `hasta`.",
      example: "2026-05-11",
    }),
    hasta: day
      .optional()
      .meta({ description: "Último día, incluido. Sin él, hoy.", example: "2026-05-17" }),
    zona_horaria: timeZoneOption("Zona horaria de los días. Sin ella, la del servicio."),
    eventos: z
      .array(EventOption, "debe ser una lista")
      .max(MAX_EVENTS, `debe tener como mucho ${MAX_EVENTS} eventos`)
      .default([])
      .meta({
        description: "Eventos del periodo, por ejemplo de Google Calendar.",
        example: [{ titulo: "Revisión del proyecto", inicio: "2026-05-12T10:00:00" }],
      }),
  })
  .refine(({ desde, hasta }) => !desde || !hasta || desde <= hasta, {
    path: ["hasta"],
    error: "es anterior a desde",
  })
  .refine(({ desde, hasta }) => !desde || !hasta || daysBetween(desde, hasta) < MAX_DAYS, {
    path: ["desde"],
    error: `abarca más de ${MAX_DAYS} días`,
  });
type ReportOptions = z.output<typeof ReportOptions>;

export const reporte = defineTask({
  summary:
    "Informe de lo que se ha hecho en el chat en un periodo. Las cifras salen de la base de datos.",
  question: "¿Sobre qué quieres el reporte?",
  doneMessage: "Reporte listo.",
  historyWords: "reportes?|reports?",
  example: { texto: "Resumen de la semana", opciones: {} },
  version: 3,
  settings: { model: "OPENAI_MODEL_REPORTE" },
  isCacheable: false,
  hasLocalFallback: true,
  options: ReportOptions,
  completeOptions(options, { nowMs, timeZone }) {
    const zona_horaria = options.zona_horaria ?? timeZone;
    const today = Temporal.Instant.fromEpochMilliseconds(nowMs)
      .toZonedDateTimeISO(zona_horaria)
      .toPlainDate();
    const hasta = options.hasta ?? latest(options.desde, today.toString());
    const desde = options.desde ?? Temporal.PlainDate.from(hasta).subtract({ days: 6 }).toString();
    return { ...options, desde, hasta, zona_horaria };
  },
  period: toPeriod,
  buildPrompt: (input, options) => ({
    instructions: [
      "Redacta en español un informe breve (como mucho 150 palabras) de la actividad de un chat con un asistente, para la persona que lo usa.",
      "Entre marcas <CIFRAS…> están todas las cifras, calculadas ya. Cuenta lo que dicen; no calcules ninguna otra (ni sumas, ni porcentajes, ni medias) ni escribas ninguna cifra que no esté ahí.",
      "Di el periodo y el total de peticiones. Las fechas, escríbelas con las mismas cifras que te dan.",
      ...(options.eventos.length > 0 ? ["Menciona los eventos de la agenda que importan."] : []),
      "El texto entre marcas <TEXTO…> dice qué le interesa a la persona.",
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimitBoth(
      input.text,
      JSON.stringify(toPromptData(requireFigures(input), options), null, 1),
      "CIFRAS",
    ),
  }),
  estimateOutputTokens: () => 1_000,
  readAnswer({ texts: [answer] }, input, options) {
    const narrative = answer.trim();
    const plain = plainReport(requireFigures(input), options);
    const fault = findNarrativeFault(narrative, requireFigures(input), options);
    if (fault === undefined) return { output: { ...plain, text: narrative } };
    const warnings = [`${fault}; este es el informe sin redactar.`];
    return { output: { ...plain, warnings } };
  },
  runLocally: (input, options) => plainReport(requireFigures(input), options),
});

/** The figures for the model. The times of events are local, so that the model does not convert them. */
function toPromptData(figures: ReportFigures, options: ReportOptions): JsonObject {
  const { zona_horaria = "" } = options;
  const eventos = options.eventos.map(({ inicio, fin, ...event }) => ({
    ...event,
    inicio: formatEventTime(inicio, zona_horaria),
    ...(fin && { fin: formatEventTime(fin, zona_horaria) }),
  }));
  return { ...toFiguresData(figures, options), eventos };
}

function toPeriod({ desde = "", hasta = "", zona_horaria = "" }: ReportOptions): Period {
  const startOf = (date: Temporal.PlainDate): Date =>
    new Date(date.toZonedDateTime(zona_horaria).epochMilliseconds);
  return {
    from: startOf(Temporal.PlainDate.from(desde)),
    to: startOf(Temporal.PlainDate.from(hasta).add({ days: 1 })),
    timeZone: zona_horaria,
  };
}

/** Why the narrative of the model cannot be used, in Spanish; undefined when it can. */
function findNarrativeFault(
  narrative: string,
  figures: ReportFigures,
  options: ReportOptions,
): string | undefined {
  if (findInventedFigures(narrative, figures, options).length > 0)
    return "El modelo escribió cifras que no están en el historial";
  if (!isComplete(narrative) || findLanguageFault(narrative, "es") !== undefined)
    return "El modelo no lo redactó como se le pidió";
  return undefined;
}

/** The figures in the narrative that neither the history nor the events contain. */
function findInventedFigures(
  narrative: string,
  figures: ReportFigures,
  { desde = "", hasta = "", zona_horaria = "", eventos }: ReportOptions,
): string[] {
  const days = [desde, hasta, ...figures.byDay.map((one) => one.day)];
  const known = {
    counts: [
      ...listCounts(figures),
      ...eventos.flatMap(({ titulo, lugar }) => [titulo, lugar ?? ""]),
    ],
    dates: [
      ...days,
      `${daysBetween(desde, hasta) + 1}`,
      ...eventos.flatMap(({ inicio, fin }) =>
        [inicio, fin ?? ""].flatMap((given) => [given, formatEventTime(given, zona_horaria)]),
      ),
    ],
  };
  return findUnknownFigures(narrative, known, { today: hasta, timeZone: zona_horaria });
}

function listCounts(figures: ReportFigures): string[] {
  const { total, completed, failed, interrupted, fromCache, inputTokens, outputTokens } = figures;
  const groups = [figures.byTask, figures.byLanguage, figures.byDay].flat();
  return [
    ...[total, completed, failed, interrupted, fromCache, inputTokens, outputTokens],
    ...groups.map(({ count }) => count),
    ...(figures.costUsd === null ? [] : [figures.costUsd, formatCost(figures.costUsd)]),
  ].map(String);
}

/** The later of two ISO days. */
function latest(a: string | undefined, b: string): string {
  return a !== undefined && a > b ? a : b;
}

function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days;
}

function requireFigures({ figures }: TaskInput): ReportFigures {
  if (!figures) throw new Error("A report needs the figures of its period");
  return figures;
}
