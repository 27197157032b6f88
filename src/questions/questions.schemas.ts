import { z } from "zod";
import { RecordListFields, RecordReply } from "../history/history.schemas.ts";
import { ChatId } from "../lib/chat-id.ts";
import { isTimeZone } from "../lib/time-zone.ts";
import { TASK_TYPES } from "../tasks/types/registry.ts";
import { nonBlankText } from "../text/clean.ts";
import type { QuestionFilter } from "./reader/question-filter.ts";

export const ConsultarInteligenteBody = z
  .object({
    chat_id: ChatId,
    texto: nonBlankText("La pregunta, como se le haría a una persona."),
    fecha_referencia: z
      .union(
        [z.iso.date(), z.iso.datetime({ local: true, offset: true })],
        "debe ser una fecha, como 2026-05-14 o 2026-05-14T09:00:00",
      )
      .refine((given) => given >= "1970", "debe ser de 1970 o después")
      .nullish()
      .meta({
        type: ["string", "null"],
        description:
          "El momento desde el que se entienden «hoy» o «la semana pasada». Sin ella, ahora.",
        example: "2026-05-14T09:00:00",
      }),
    zona_horaria: z
      .string("debe ser un texto")
      .refine(isTimeZone, "debe ser una zona horaria IANA, como Europe/Madrid")
      .nullish()
      .meta({
        type: ["string", "null"],
        description: "Zona horaria de las fechas. Sin ella, la del servicio.",
        example: "Europe/Madrid",
      }),
  })
  .meta({ example: { chat_id: 12345, texto: "¿Cuántos textos resumí la semana pasada?" } });

const Interpretation = z.strictObject({
  accion: z.enum(["listar", "contar", "campo"]),
  tipo_tarea: z.enum(TASK_TYPES).nullable(),
  limit: z.int().nullable(),
  orden: z.enum(["desc", "asc"]),
  posicion: z.int().nullable().describe("1 es el primero, -1 el último, -2 el penúltimo."),
  campo: z.string().nullable(),
  desde: z.iso.datetime().nullable(),
  hasta: z.iso.datetime().nullable().describe("Sin incluir este instante."),
  buscar: z.string().nullable(),
  idioma: z.string().nullable(),
});

export const ConsultarInteligenteReply = z.strictObject({
  success: z.boolean(),
  chat_id: z.int(),
  mensaje: z.string(),
  consultas: RecordListFields.consultas.optional(),
  total: RecordListFields.total.optional(),
  registro: RecordReply.optional(),
  fecha: z.iso.datetime().optional(),
  resultado: z.string().optional(),
  texto_original: z.string().optional(),
  tipo_tarea: z.string().optional(),
  idioma: z.string().nullable().optional(),
  id: z.int().optional(),
  interpretacion: Interpretation.optional().describe("Cómo se entendió la pregunta."),
  origen: z
    .enum(["reglas", "modelo"])
    .optional()
    .describe("Quién entendió la pregunta; las reglas no cuestan nada."),
  pendientes: z.int().optional(),
  avisos: z.array(z.string()).optional(),
});

export function toInterpretation(filter: QuestionFilter): z.input<typeof Interpretation> {
  return {
    accion: filter.action,
    tipo_tarea: filter.task,
    limit: filter.limit,
    orden: filter.order,
    posicion: filter.position,
    campo: filter.field,
    desde: filter.from?.toISOString() ?? null,
    hasta: filter.to?.toISOString() ?? null,
    buscar: filter.search,
    idioma: filter.language,
  };
}
