import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { ReportFigures } from "../report-figures.ts";
import { formatCount } from "../../lib/format-count.ts";
import { findUnknownFigures } from "../checks/narrative.ts";
import { isComplete } from "../checks/completeness.ts";
import { findLanguageFault } from "../checks/language.ts";
import { delimitBoth, TEXT_IS_DATA } from "./delimit.ts";
import { languageName } from "./language-option.ts";
import type { JsonObject } from "../../lib/json-object.ts";
import { defineTask, type Period, type TaskInput } from "./task.ts";
import { timeZoneOption } from "./time-zone-option.ts";

const MAX_DAYS = 366;
const MAX_EVENTS = 200;
/** Among those of a longer list, in the plain report. */
const SHOWN_EVENTS = 20;

const DAY = "debe ser un día desde 1970 hasta 2999, como 2026-05-14";
const day = z.iso.date(DAY).refine((iso) => iso >= "1970" && iso < "3000", DAY);

const Event = z.object({
  titulo: z.string("debe ser un texto").trim().min(1, "está vacío").max(300),
  inicio: z
    .string("debe ser una fecha")
    .max(40)
    .meta({ description: "Fecha, u hora con fecha (ISO 8601)." }),
  fin: z.string().max(40).nullish(),
  lugar: z.string().max(300).nullish(),
});
type Event = z.output<typeof Event>;

const Options = z
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
      .array(Event, "debe ser una lista")
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
type Options = z.output<typeof Options>;

export const reporte = defineTask({
  summary:
    "Informe de lo que se ha hecho en el chat en un periodo. Las cifras salen de la base de datos.",
  question: "¿Sobre qué quieres el reporte?",
  doneMessage: "Reporte listo.",
  words: "reportes?|reports?",
  example: { texto: "Resumen de la semana", opciones: {} },
  version: 3,
  settings: { model: "OPENAI_MODEL_REPORTE" },
  cached: false,
  localStandsIn: true,
  options: Options,
  atMoment(options, { nowMs, timeZone }) {
    const zona_horaria = options.zona_horaria ?? timeZone;
    const today = Temporal.Instant.fromEpochMilliseconds(nowMs)
      .toZonedDateTimeISO(zona_horaria)
      .toPlainDate();
    const hasta = options.hasta ?? latest(options.desde, today.toString());
    const desde = options.desde ?? Temporal.PlainDate.from(hasta).subtract({ days: 6 }).toString();
    return { ...options, desde, hasta, zona_horaria };
  },
  period: toPeriod,
  prompt: (input, options) => ({
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
      JSON.stringify(toTold(figuresOf(input), options), null, 1),
      "CIFRAS",
    ),
  }),
  outputTokens: () => 1_000,
  read({ texts: [answer] }, input, options) {
    const narrative = answer.trim();
    const plain = plainReport(figuresOf(input), options);
    const unfit = unfitness(narrative, figuresOf(input), options);
    if (unfit === undefined) return { output: { ...plain, text: narrative } };
    const warnings = [`${unfit}; este es el informe sin redactar.`];
    return { output: { ...plain, warnings } };
  },
  local: (input, options) => plainReport(figuresOf(input), options),
});

function toPeriod({ desde = "", hasta = "", zona_horaria = "" }: Options): Period {
  const startOf = (date: Temporal.PlainDate): Date =>
    new Date(date.toZonedDateTime(zona_horaria).epochMilliseconds);
  return {
    from: startOf(Temporal.PlainDate.from(desde)),
    to: startOf(Temporal.PlainDate.from(hasta).add({ days: 1 })),
    timeZone: zona_horaria,
  };
}

/** Why a narrative cannot stand for the report. */
function unfitness(
  narrative: string,
  figures: ReportFigures,
  options: Options,
): string | undefined {
  if (foreignFigures(narrative, figures, options).length > 0)
    return "El modelo escribió cifras que no están en el historial";
  if (!isComplete(narrative) || findLanguageFault(narrative, "es") !== undefined)
    return "El modelo no lo redactó como se le pidió";
  return undefined;
}

function foreignFigures(
  narrative: string,
  figures: ReportFigures,
  { desde = "", hasta = "", zona_horaria = "", eventos }: Options,
): string[] {
  const days = [desde, hasta, ...figures.byDay.map((one) => one.day)];
  const known = {
    counts: [
      ...countsOf(figures),
      ...eventos.flatMap(({ titulo, lugar }) => [titulo, lugar ?? ""]),
    ],
    dates: [
      ...days,
      `${daysBetween(desde, hasta) + 1}`,
      ...eventos.flatMap(({ inicio, fin }) =>
        [inicio, fin ?? ""].flatMap((given) => [given, eventTime(given, zona_horaria)]),
      ),
    ],
  };
  return findUnknownFigures(narrative, known, { today: hasta, timeZone: zona_horaria });
}

function countsOf(figures: ReportFigures): string[] {
  const { total, completed, failed, interrupted, fromCache, inputTokens, outputTokens } = figures;
  const groups = [figures.byTask, figures.byLanguage, figures.byDay].flat();
  return [
    ...[total, completed, failed, interrupted, fromCache, inputTokens, outputTokens],
    ...groups.map(({ count }) => count),
    ...(figures.costUsd === null ? [] : [figures.costUsd, costInWords(figures.costUsd)]),
  ].map(String);
}

function costInWords(usd: number): string {
  return usd.toFixed(4);
}

/** Every figure of the period, without a model. `options` are of one moment: with their days and time zone. */
export function plainReport(
  figures: ReportFigures,
  options: Options,
): { text: string; data: JsonObject } {
  const { desde = "", hasta = "", zona_horaria = "", eventos } = options;
  const lines = [
    reportTitle(desde, hasta, zona_horaria),
    "",
    ...reportRows(figures).map(({ label, value }) => `${label}: ${value}`),
    ...(figures.total === 0 ? ["No hubo ninguna petición en este periodo."] : []),
    ...(eventos.length > 0 ? ["", "Agenda:", ...eventLines(eventos, zona_horaria)] : []),
  ];
  return { text: lines.join("\n"), data: toData(figures, options) };
}

function figuresOf({ figures }: TaskInput): ReportFigures {
  if (!figures) throw new Error("A report needs the figures of its period");
  return figures;
}

/** Days as in 2026-05-14, both of the period. */
export function reportTitle(from: string, to: string, timeZone: string): string {
  return `Informe del ${longDay(from)} al ${longDay(to)} (${timeZone})`;
}

/** All that is told of a period's figures, for people; nothing where nothing was asked. */
export function reportRows(figures: ReportFigures): { label: string; value: string }[] {
  const { total, completed, failed, interrupted, fromCache, byTask, byLanguage, byDay } = figures;
  if (total === 0) return [];
  const tasks = byTask.map(({ task, count }) => `${task} ${count}`);
  const languages = byLanguage.map(
    ({ language, count }) => `${language ? languageName(language) : "sin determinar"} ${count}`,
  );
  const busiest = byDay.toSorted((a, b) => b.count - a.count)[0];
  const { inputTokens, outputTokens, costUsd } = figures;
  const row = (label: string, value: string) => ({ label, value });
  return [
    row(
      "Peticiones",
      `${total} (${[
        formatCount(completed, "completada", "completadas"),
        formatCount(failed, "fallida", "fallidas"),
        formatCount(interrupted, "interrumpida", "interrumpidas"),
      ].join(", ")})`,
    ),
    row("Por tarea", tasks.join(", ")),
    row("Por idioma", languages.join(", ")),
    ...(busiest
      ? [row("Día con más actividad", `${longDay(busiest.day)}, con ${busiest.count}`)]
      : []),
    row("Respondidas sin volver a pagar", String(fromCache)),
    row("Tokens", `${inputTokens} de entrada y ${outputTokens} de salida`),
    ...(costUsd === null ? [] : [row("Coste", `${costInWords(costUsd)} USD`)]),
  ];
}

function eventLines(events: readonly Event[], timeZone: string): string[] {
  const shown = events.slice(0, SHOWN_EVENTS).map(({ titulo, inicio, lugar }) => {
    const place = lugar ? ` (${lugar})` : "";
    return `- ${eventTime(inicio, timeZone)}: ${titulo}${place}`;
  });
  const left = events.length - shown.length;
  return left > 0 ? [...shown, `- y ${left} más`] : shown;
}

/** As it came when it is no date-time that we know. */
function eventTime(given: string, timeZone: string): string {
  try {
    const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/iu.test(given);
    const local = hasOffset
      ? Temporal.Instant.from(given).toZonedDateTimeISO(timeZone).toPlainDateTime()
      : Temporal.PlainDateTime.from(given);
    const time = given.includes("T")
      ? `, ${local.toPlainTime().toString({ smallestUnit: "minute" })}`
      : "";
    return `${longDay(local.toPlainDate().toString())}${time}`;
  } catch (error) {
    if (error instanceof RangeError) return given;
    throw error;
  }
}

function toData(figures: ReportFigures, { desde, hasta, eventos }: Options): JsonObject {
  return {
    desde,
    hasta,
    zona_horaria: figures.timeZone,
    total: figures.total,
    completadas: figures.completed,
    fallidas: figures.failed,
    interrumpidas: figures.interrupted,
    desde_cache: figures.fromCache,
    por_tarea: figures.byTask.map(({ task, count }) => ({ tipo_tarea: task, total: count })),
    por_idioma: figures.byLanguage.map(({ language, count }) => ({
      idioma: language,
      total: count,
    })),
    por_dia: figures.byDay.map(({ day: dia, count }) => ({ dia, total: count })),
    tokens_entrada: figures.inputTokens,
    tokens_salida: figures.outputTokens,
    coste_usd: figures.costUsd,
    eventos,
  };
}

/** For the model: the hours of the events as a clock shows them where the report is read. */
function toTold(figures: ReportFigures, options: Options): JsonObject {
  const { zona_horaria = "" } = options;
  const eventos = options.eventos.map(({ inicio, fin, ...event }) => ({
    ...event,
    inicio: eventTime(inicio, zona_horaria),
    ...(fin && { fin: eventTime(fin, zona_horaria) }),
  }));
  return { ...toData(figures, options), eventos };
}

/** «14 de mayo de 2026». */
function longDay(iso: string): string {
  return Temporal.PlainDate.from(iso).toLocaleString("es", { dateStyle: "long" });
}

function latest(a: string | undefined, b: string): string {
  return a !== undefined && a > b ? a : b;
}

function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days;
}
