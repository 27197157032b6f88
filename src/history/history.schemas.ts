import { z } from "zod";
import { AppError } from "../errors.ts";
import { ChatId } from "../lib/chat-id.ts";
import { parseEndInstant, parseStartInstant } from "../lib/local-days.ts";
import { storableText } from "../text/clean.ts";
import { describeFieldProblems } from "../http/field-problems.ts";
import { OptionalTaskType } from "../tasks/tasks.schemas.ts";
import { TASK_TYPES } from "../tasks/types/registry.ts";
import { RECORD_STATES } from "../tasks/history-record.ts";
import type { HistoryFilter, HistoryRow } from "./history-store.ts";

const DEFAULT_LIMIT = 5;
const LIMIT_EXPECTED = "debe ser un número entero entre 1 y 100";

const INSTANT = "debe ser un instante como 2026-05-14T09:00:00Z, o un día como 2026-05-14";

const instant = (description: string, example: string) =>
  z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], INSTANT)
    .refine((given) => given >= "1970", "debe ser de 1970 o después")
    .nullish()
    .meta({ type: ["string", "null"], description, example });

/** Fields that select records of a chat. */
export const FilterFields = {
  chat_id: ChatId,
  tipo_tarea: OptionalTaskType.meta({
    type: ["string", "null"],
    enum: [...TASK_TYPES, null],
    description: "Solo los registros de esta tarea.",
  }),
  desde: instant(
    "Desde este instante, o desde el comienzo de este día en la zona horaria del servicio.",
    "2026-05-01",
  ),
  hasta: instant("Hasta este instante, sin incluirlo, o hasta el final de este día.", "2026-05-31"),
  buscar: storableText()
    .max(200, "debe tener como mucho 200 caracteres")
    .nullish()
    .transform((search) => search?.trim() || null)
    .meta({
      type: ["string", "null"],
      description:
        "Palabras que dicen el texto o el resultado, en español o en inglés; no importan los acentos ni las terminaciones. «Entre comillas», juntas; con un guion delante, las que no.",
      example: "facturas",
    }),
  idioma: z
    .string("debe ser un código como es o en")
    .regex(/^[a-z]{2,3}$/, "debe ser un código como es o en")
    .nullish()
    .meta({
      type: ["string", "null"],
      description: "Solo los textos en este idioma.",
      example: "es",
    }),
};

export const ConsultarBody = z
  .object({
    ...FilterFields,
    limit: z
      .union([z.int(), z.string().regex(/^\d{1,3}$/)], { error: LIMIT_EXPECTED })
      .transform(Number)
      .pipe(z.int().min(1, LIMIT_EXPECTED).max(100, LIMIT_EXPECTED))
      .nullish()
      .transform((limit) => limit ?? DEFAULT_LIMIT)
      .meta({
        type: ["integer", "null"],
        minimum: 1,
        maximum: 100,
        default: DEFAULT_LIMIT,
        description: "Cuántos registros.",
      }),
    orden: z
      .enum(["desc", "asc"], "debe ser desc o asc")
      .nullish()
      .transform((order) => order ?? "desc")
      .meta({
        type: ["string", "null"],
        enum: ["desc", "asc", null],
        default: "desc",
        description: "`desc`: los más nuevos primero; `asc`: los más antiguos.",
      }),
    cursor: z
      .string("debe ser el cursor de una respuesta")
      .max(200, "debe ser el cursor de una respuesta")
      .nullish()
      .transform((cursor) => cursor || null)
      .meta({
        type: ["string", "null"],
        description:
          "El `cursor` de la respuesta anterior, con lo demás igual: da la página siguiente, sin repetir ni saltar registros aunque lleguen otros.",
      }),
  })
  .meta({ example: { chat_id: 12345, limit: 5 } });

export const RecordReply = z.strictObject({
  id: z.int(),
  tipo_tarea: z.string(),
  texto_original: z.string(),
  resultado: z.string(),
  fecha: z.iso.datetime().describe("En UTC."),
  idioma: z.string().nullable(),
  estado: z
    .enum(RECORD_STATES)
    .describe("`interrumpida`: el trabajo se cortó y no se sabe si se cobró."),
  solicitud_id: z.uuid(),
  fragmento: z.string().optional().describe("Lo que se buscó, en su contexto y «entre comillas»."),
});

/** Fields of every reply that lists records. */
export const RecordListFields = {
  consultas: z.array(RecordReply),
  total: z.int().describe("Cuántos registros cumplen lo pedido, se muestren o no."),
};

export const ConsultarReply = z.strictObject({
  consultas: RecordListFields.consultas,
  total: RecordListFields.total
    .optional()
    .describe("Cuántos cumplen lo pedido; solo en la primera página."),
  cursor: z.string().nullable().describe("Pide con él la página siguiente; nulo si no hay más."),
  success: z.literal(true),
  mensaje: z.string(),
  chat_id: z.int(),
  pendientes: z.int().describe("Registros que todavía no han llegado a la base de datos."),
  avisos: z.array(z.string()).optional(),
});

type FilterOutput = Pick<
  z.output<typeof ConsultarBody>,
  "chat_id" | "tipo_tarea" | "desde" | "hasta" | "buscar" | "idioma"
>;

/**
 * Converts the filter fields of a request. A day begins and ends in `timeZone`.
 * @throws {AppError} entrada_invalida when the period ends before it begins
 */
export function toHistoryFilter(
  client: string,
  data: FilterOutput,
  timeZone: string,
): HistoryFilter {
  const from = data.desde ? parseStartInstant(data.desde, timeZone) : null;
  const to = data.hasta ? parseEndInstant(data.hasta, timeZone) : null;
  if (from && to && from >= to) {
    const fields = [{ campo: "hasta", mensaje: "debe ser posterior a desde" }];
    throw new AppError("entrada_invalida", { detail: describeFieldProblems(fields), fields });
  }
  return {
    client,
    chatId: data.chat_id,
    task: data.tipo_tarea,
    from,
    to,
    search: data.buscar,
    language: data.idioma ?? null,
  };
}

const INTERRUPTED = "(Se interrumpió antes de tener respuesta; no se sabe si se cobró.)";

export function toRecordReply(row: HistoryRow): z.input<typeof RecordReply> {
  return {
    id: row.id,
    tipo_tarea: row.task,
    texto_original: row.text,
    resultado: row.state === "interrumpida" ? INTERRUPTED : row.output,
    fecha: row.at.toISOString(),
    idioma: row.language,
    estado: row.state,
    solicitud_id: row.requestId,
    ...(row.fragment !== null && { fragmento: row.fragment }),
  };
}
