import { Temporal } from "temporal-polyfill";
import { formatCount } from "../lib/format-count.ts";
import type { JsonObject } from "../lib/json-object.ts";
import type { ReportFigures } from "./report-figures.ts";
import { languageName } from "./options/language-option.ts";

/** How many events of a longer agenda the report lists. */
const MAX_EVENTS = 20;

/** An event of a calendar. `inicio` and `fin` are what the client sent: usually ISO 8601. */
type ReportEvent = {
  titulo: string;
  inicio: string;
  fin?: string | null | undefined;
  lugar?: string | null | undefined;
};

/** `desde` and `hasta` are local days (2026-05-14), both inclusive. All three are set once the options are complete. */
type ReportPeriod = {
  desde?: string | undefined;
  hasta?: string | undefined;
  zona_horaria?: string | undefined;
  eventos: readonly ReportEvent[];
};

/** Builds the report without a model: every figure of the period, as text and as data. */
export function plainReport(
  figures: ReportFigures,
  options: ReportPeriod,
): { text: string; data: JsonObject } {
  const { desde = "", hasta = "", zona_horaria = "", eventos } = options;
  const lines = [
    reportTitle(desde, hasta, zona_horaria),
    "",
    ...reportRows(figures).map(({ label, value }) => `${label}: ${value}`),
    ...(figures.total === 0 ? ["No hubo ninguna petición en este periodo."] : []),
    ...(eventos.length > 0 ? ["", "Agenda:", ...listEvents(eventos, zona_horaria)] : []),
  ];
  return { text: lines.join("\n"), data: toFiguresData(figures, options) };
}

/** `from` and `to` are local days (2026-05-14), both inclusive. */
export function reportTitle(from: string, to: string, timeZone: string): string {
  return `Informe del ${formatDay(from)} al ${formatDay(to)} (${timeZone})`;
}

/** The figures of a period as labelled values for people; empty without requests. */
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
      ? [row("Día con más actividad", `${formatDay(busiest.day)}, con ${busiest.count}`)]
      : []),
    row("Respondidas sin volver a pagar", String(fromCache)),
    row("Tokens", `${inputTokens} de entrada y ${outputTokens} de salida`),
    ...(costUsd === null ? [] : [row("Coste", `${formatCost(costUsd)} USD`)]),
  ];
}

function listEvents(events: readonly ReportEvent[], timeZone: string): string[] {
  const shown = events.slice(0, MAX_EVENTS).map(({ titulo, inicio, lugar }) => {
    const place = lugar ? ` (${lugar})` : "";
    return `- ${formatEventTime(inicio, timeZone)}: ${titulo}${place}`;
  });
  const rest = events.length - shown.length;
  return rest > 0 ? [...shown, `- y ${rest} más`] : shown;
}

/** «14 de mayo de 2026, 10:00» in the time zone; the given text itself when it is not an ISO 8601 date. */
export function formatEventTime(given: string, timeZone: string): string {
  try {
    const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/iu.test(given);
    const local = hasOffset
      ? Temporal.Instant.from(given).toZonedDateTimeISO(timeZone).toPlainDateTime()
      : Temporal.PlainDateTime.from(given);
    const time = given.includes("T")
      ? `, ${local.toPlainTime().toString({ smallestUnit: "minute" })}`
      : "";
    return `${formatDay(local.toPlainDate().toString())}${time}`;
  } catch (error) {
    if (error instanceof RangeError) return given;
    throw error;
  }
}

/** The data of the answer, with the words of the wire. */
export function toFiguresData(
  figures: ReportFigures,
  { desde, hasta, eventos }: ReportPeriod,
): JsonObject {
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

export function formatCost(usd: number): string {
  return usd.toFixed(4);
}

/** «14 de mayo de 2026». */
function formatDay(iso: string): string {
  return Temporal.PlainDate.from(iso).toLocaleString("es", { dateStyle: "long" });
}
