import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { toReferenceClock } from "../../engine/extract/reference-clock.ts";
import { ENTITY_KINDS, type Entity, type EntityKind } from "../../engine/extract/entity.ts";
import { FOUND_BY_RULE } from "../extraction/entity-kinds.ts";
import { toExtractionReply, toQuoteReply } from "../extraction/extraction-reply.ts";
import { findEntities, type EntitySearch } from "../extraction/find-entities.ts";
import {
  buildFieldsPrompt,
  groundFields,
  readFields,
  type GroundedFields,
} from "../extraction/ground-fields.ts";
import { buildMentionsPrompt, readMentions } from "../extraction/mentions.ts";
import { SchemaOption } from "../options/schema-option.ts";
import { defineTask, type AnswerReading, type TaskOutput } from "./task.ts";
import { timeZoneOption } from "../options/time-zone-option.ts";
import { todayRule } from "../prompts/today-rule.ts";

const TITLES: Record<EntityKind, string> = {
  persona: "Personas",
  organizacion: "Organizaciones",
  lugar: "Lugares",
  fecha: "Fechas",
  numero: "Números",
  importe: "Importes",
  correo: "Correos",
  telefono: "Teléfonos",
  url: "Direcciones web",
};

const MAX_ENTITIES = 1_000;

const ExtractionOptions = z
  .strictObject({
    tipos: z
      .array(
        z.enum(ENTITY_KINDS, `cada uno debe ser ${ENTITY_KINDS.join(", ")}`),
        "debe ser una lista",
      )
      .min(1, "debe tener al menos un tipo")
      .max(ENTITY_KINDS.length * 2)
      .transform((kinds) => ENTITY_KINDS.filter((kind) => kinds.includes(kind)))
      .optional()
      .meta({
        type: "array",
        items: { type: "string", enum: [...ENTITY_KINDS] },
        description: "Qué se busca. Sin ellos, todo.",
        example: ["fecha", "importe"],
      }),
    esquema: SchemaOption.optional().meta({
      type: "object",
      properties: { type: { const: "object" }, properties: { type: "object" } },
      required: ["type", "properties"],
      description:
        "Tu propio JSON Schema, en lugar de `tipos`: lo que el texto diga de cada campo. Hasta 16 KiB y 6 niveles, sin $ref ni pattern.",
      example: { type: "object", properties: { pedido: { type: "string" } } },
    }),
    fecha_referencia: z
      .union(
        [z.iso.date(), z.iso.datetime({ local: true, offset: true })],
        "debe ser una fecha, como 2026-05-14 o 2026-05-14T09:00:00",
      )
      .optional()
      .meta({
        type: "string",
        description: "El día desde el que se entienden «mañana» o «el lunes». Sin ella, hoy.",
        example: "2026-05-14",
      }),
    zona_horaria: timeZoneOption("Zona horaria de las fechas. Sin ella, la del servicio."),
    pais: z
      .string("debe ser un texto")
      .toUpperCase()
      .regex(/^[A-Z]{2}$/, "debe ser un código de país, como ES o MX")
      .default("ES")
      .meta({
        description: "País de los teléfonos sin prefijo, y de «pesos» y «$».",
        example: "ES",
      }),
  })
  .refine(({ tipos, esquema }) => !tipos || !esquema, {
    path: ["esquema"],
    error: "no se puede enviar junto a tipos",
  });
type ExtractionOptions = z.output<typeof ExtractionOptions>;

export const extraer = defineTask({
  summary: "Extrae personas, fechas, importes y otros datos, con el sitio del texto en que están.",
  question: "¿De qué texto quieres extraer los datos?",
  doneMessage: "Extracción lista.",
  historyWords:
    "extraccion(?:es)?|extraid[oa]s?|extraj(?:e|iste|o|imos|eron)|extract(?:ions?|ed)|did (?:i|we) extract",
  example: {
    texto:
      "Reunión con Lucía Ferrer el 14 de mayo a las 10:00. Presupuesto: 1.250,00 €. Avisar en lucia@ejemplo.es.",
    opciones: { tipos: ["fecha", "importe", "correo"], fecha_referencia: "2026-05-04" },
  },
  version: 3,
  settings: { model: "OPENAI_MODEL_EXTRAER", cacheTtl: "EXTRACTION_CACHE_TTL" },
  options: ExtractionOptions,
  completeOptions(options, { nowMs, timeZone }) {
    const zona_horaria = options.zona_horaria ?? timeZone;
    const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toString();
    const { now: local, today } = toReferenceClock(options.fecha_referencia ?? now, zona_horaria);
    // Without the time, so that the same text has the same cache key all day.
    const reference = options.fecha_referencia?.includes("T") ? local : today;
    return { ...options, zona_horaria, fecha_referencia: reference.toString() };
  },
  needsModel: (_text, options) =>
    options.esquema !== undefined ||
    toSearch(options).kinds.some((kind) => !FOUND_BY_RULE.has(kind)),
  buildPrompt({ text }, options) {
    const search = toSearch(options);
    return options.esquema
      ? buildFieldsPrompt(text, options.esquema, todayRule(search.referenceDate, search.timeZone))
      : buildMentionsPrompt(text, search);
  },
  estimateOutputTokens: (textTokens) => Math.min(500 + textTokens * 2, 8_000),
  readAnswer({ texts: [answer] }, { text }, options): AnswerReading {
    if (!options.esquema) {
      const { entities, dropped } = readMentions(answer, text, toSearch(options));
      return { output: toEntitiesOutput(entities, dropped) };
    }
    const { fields, quotes } = readFields(answer, options.esquema);
    return { output: toFieldsOutput(groundFields(text, options.esquema, fields, quotes)) };
  },
  runLocally: ({ text }, options) => toEntitiesOutput(findEntities(text, toSearch(options)), 0),
  canRunLocally: (_text, { esquema }) => esquema === undefined,
});

function toSearch(options: ExtractionOptions): EntitySearch {
  const { tipos, fecha_referencia = "", zona_horaria = "", pais } = options;
  return {
    kinds: tipos ?? ENTITY_KINDS,
    referenceDate: fecha_referencia,
    timeZone: zona_horaria,
    country: pais,
  };
}

function toEntitiesOutput(entities: readonly Entity[], dropped: number): TaskOutput {
  const kept = entities.slice(0, MAX_ENTITIES);
  const lines = ENTITY_KINDS.map((kind) => {
    const named = kept.filter((entity) => entity.kind === kind).map(({ text }) => text);
    return named.length > 0 ? `${TITLES[kind]}: ${[...new Set(named)].join("; ")}` : undefined;
  }).filter((line) => line !== undefined);
  return {
    text: lines.length > 0 ? lines.join("\n") : "No se encontró nada de lo pedido en el texto.",
    data: { extracciones: kept.map(toExtractionReply), descartadas: dropped },
    truncated: entities.length > MAX_ENTITIES,
    warnings: droppedWarning(dropped),
  };
}

function toFieldsOutput({ fields, quotes, dropped }: GroundedFields): TaskOutput {
  return {
    text: JSON.stringify(fields, null, 2),
    data: { campos: fields, citas: quotes.map(toQuoteReply), descartadas: dropped },
    warnings: droppedWarning(dropped),
  };
}

function droppedWarning(dropped: number): string[] {
  if (dropped === 0) return [];
  return [
    dropped === 1
      ? "Se descartó un dato del modelo que no está en el texto o no se entiende."
      : `Se descartaron ${dropped} datos del modelo que no están en el texto o no se entienden.`,
  ];
}
