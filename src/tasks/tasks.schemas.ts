import { z } from "zod";
import { CACHE_LEVELS } from "../cache/result-cache.ts";
import { ChatId } from "../lib/chat-id.ts";
import { findUnstorableText, nonBlankText } from "../text/clean.ts";
import type { TokenUsage } from "../llm/bill.ts";
import { shownResult, type TaskOutcome } from "./task-outcome.ts";
import { TASK_TYPES, taskOf, type TaskType } from "./types/registry.ts";
import type { JsonObject } from "../lib/json-object.ts";

export const OptionalTaskType = z
  .union([z.enum(TASK_TYPES), z.literal(""), z.null()], {
    error: `debe ser ${TASK_TYPES.join(", ")}, o quedar sin poner`,
  })
  .optional()
  .transform((type) => type || null);

/** `opciones` of any task. The task validates them, because the valid options depend on it. */
export const OptionsField = z
  .record(z.string(), z.unknown(), "debe ser un objeto")
  .superRefine((options, context) => {
    const found = findUnstorableText(options);
    if (found) context.addIssue({ code: "custom", ...found });
  })
  .nullish()
  .transform((options) => options ?? undefined)
  .meta({ anyOf: TASK_TYPES.map(optionsSchema) });

/** The options of a task as JSON Schema, before defaults are filled in. */
export function optionsSchema(type: TaskType): JsonObject {
  const { $schema: _, ...schema } = z.toJSONSchema(taskOf(type).options, { io: "input" });
  return { title: `Opciones de ${type}`, ...schema };
}

export const ProcesarBody = z
  .object({
    chat_id: ChatId,
    texto: nonBlankText("El texto, tal como se quiere tratar. Hasta 1 MiB de cuerpo."),
    tipo_tarea: OptionalTaskType.meta({
      type: "string",
      enum: [...TASK_TYPES],
      description: "Qué hacer con el texto. Sin ella decide el modo del chat.",
    }),
    opciones: OptionsField.describe("Opciones de la tarea; cada tarea tiene las suyas."),
    proteger_datos: z
      .boolean("debe ser true o false")
      .nullish()
      .meta({
        type: ["boolean", "null"],
        description:
          "true: DNI, NIE, CIF, IBAN, tarjetas, teléfonos y correos se ocultan antes de que el texto salga hacia el proveedor, y se devuelven en la respuesta.",
      }),
    guardar_texto: z
      .boolean("debe ser true o false")
      .nullish()
      .meta({
        type: ["boolean", "null"],
        description:
          "false: ni el texto ni el resultado se guardan en el historial o en la caché; queda constancia de que se hizo.",
      }),
  })
  .meta({
    example: {
      chat_id: 12345,
      tipo_tarea: "resumir",
      texto:
        "La reunión de hoy trató tres asuntos. El presupuesto de 2027 sube un 4 %. La mudanza se aplaza a junio por las obras del edificio. Marta coordinará el nuevo horario con los equipos.",
    },
  });

/** The body for OpenAPI. It lists the options of each task, which the validating schema cannot express. */
export const PROCESAR_BODY_SCHEMA = describeBody();

function describeBody(): JsonObject {
  const { properties, required, example } = z.toJSONSchema(ProcesarBody, { io: "input" });
  // `anyOf` holds what a field tolerates (empty text, null); the document shows only its declared type.
  const fields = Object.entries(properties ?? {}).map(([name, field]): [string, JsonObject] => {
    const { anyOf: _, ...plain } = typeof field === "boolean" ? {} : field;
    return [name, plain];
  });
  const { tipo_tarea: task, opciones: options, ...rest } = Object.fromEntries(fields);
  const withTask = TASK_TYPES.map((type) => ({
    title: `Con la tarea ${type}`,
    type: "object",
    properties: {
      ...rest,
      tipo_tarea: { ...task, enum: [type] },
      opciones: { description: options?.["description"], ...optionsSchema(type) },
    },
    required: [...(required ?? []), "tipo_tarea"],
  }));
  const byMode = {
    title: "Con la tarea que diga el modo del chat",
    description: "También admite `opciones`, las de esa tarea.",
    type: "object",
    properties: {
      ...rest,
      tipo_tarea: { type: ["string", "null"], enum: ["", null], description: "Nada, o nulo." },
    },
    required,
  };
  return { anyOf: [...withTask, byMode], example };
}

export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "debe tener entre 1 y 255 caracteres visibles de ASCII");

const UsageReply = z.strictObject({
  tokens_entrada: z.int(),
  tokens_salida: z.int(),
  coste_usd: z.number().nullable().describe("Nulo si no se conoce el precio del modelo."),
});

export const ProcesarReply = z.strictObject({
  chat_id: z.int(),
  resultado: z.string().describe("Siempre un texto que se puede enviar a una persona."),
  tipo_tarea: z.enum(TASK_TYPES),
  success: z.literal(true),
  mensaje: z.string(),
  datos: z.record(z.string(), z.unknown()).optional().describe("El resultado con su estructura."),
  motor: z.enum(["openai", "local"]).describe("Quién hizo el trabajo: un modelo o el motor local."),
  modelo: z.string().nullable(),
  prompt_version: z.int(),
  idioma: z.string().nullable().describe("Idioma del texto (ISO 639-1); nulo si no está claro."),
  cache: z.enum(CACHE_LEVELS).describe("De dónde salió la respuesta; `miss` es trabajo nuevo."),
  intentos: z.int().describe("Llamadas al modelo que hicieron falta."),
  uso: UsageReply.nullable().describe("Lo gastado en esta petición; nulo si no se gastó nada."),
  solicitud_id: z.uuid(),
  duracion_ms: z.int(),
  truncado: z.boolean().describe("true si el resultado no cabe entero: hay más de lo que se da."),
  avisos: z.array(z.string()).optional(),
});

export function toProcesarReply(
  outcome: TaskOutcome,
  warnings: string[],
): z.input<typeof ProcesarReply> {
  const { caller, work } = outcome;
  const task = taskOf(work.type);
  const result = shownResult(outcome);
  const allWarnings = [...result.warnings, ...warnings];
  return {
    chat_id: caller.chatId,
    resultado: result.text,
    tipo_tarea: work.type,
    success: true,
    mensaje: task.doneMessage,
    ...(result.data && { datos: result.data }),
    motor: result.engine,
    modelo: result.model,
    prompt_version: task.version,
    idioma: result.language,
    cache: outcome.cache,
    intentos: outcome.attempts,
    uso: outcome.usage && toUsage(outcome.usage),
    solicitud_id: outcome.requestId,
    duracion_ms: outcome.durationMs,
    truncado: result.truncated,
    ...(allWarnings.length > 0 && { avisos: allWarnings }),
  };
}

function toUsage({ inputTokens, outputTokens, costUsd }: TokenUsage): z.input<typeof UsageReply> {
  return { tokens_entrada: inputTokens, tokens_salida: outputTokens, coste_usd: costUsd };
}
