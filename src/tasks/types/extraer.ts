import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { Entity, EntityKind, EntityMatch, EntityValue } from "../../engine/extract/entity.ts";
import { extractLocally } from "../../engine/extract/extract.ts";
import { toReferenceClock } from "../../engine/extract/reference-clock.ts";
import { createLocator } from "../../text/locate.ts";
import { blankOut, type TextSpan } from "../../text/spans.ts";
import { delimit, TEXT_IS_DATA } from "./delimit.ts";
import { toExtractionReply } from "./extraer-reply.ts";
import { groundFields, readFields, SchemaOption, toFieldsSchema } from "./extraer-esquema.ts";
import { HIDDEN_KINDS, PLACEHOLDER, type HiddenKind } from "./placeholder.ts";
import { isIsoDate } from "./iso-date.ts";
import { readJson } from "./read-json.ts";
import { defineTask, type AnswerReading, type TaskInput, type TaskOutput } from "./task.ts";
import { timeZoneOption } from "./time-zone-option.ts";

const KINDS = [
  "persona",
  "organizacion",
  "lugar",
  "fecha",
  "numero",
  "importe",
  "correo",
  "telefono",
  "url",
] as const satisfies readonly EntityKind[];

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

/** Rules find these better than any model, and at no cost. */
const BY_RULE: ReadonlySet<EntityKind> = new Set(["correo", "telefono", "url"]);

const MAX_EXTRACTIONS = 1_000;
/** A model that goes round in circles names the same things over and over. */
const MAX_MENTIONS = 3_000;

const Options = z
  .strictObject({
    tipos: z
      .array(z.enum(KINDS, `cada uno debe ser ${KINDS.join(", ")}`), "debe ser una lista")
      .min(1, "debe tener al menos un tipo")
      .max(KINDS.length * 2)
      .transform((kinds) => KINDS.filter((kind) => kinds.includes(kind)))
      .optional()
      .meta({
        type: "array",
        items: { type: "string", enum: [...KINDS] },
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
type Options = z.output<typeof Options>;

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
  options: Options,
  completeOptions(options, { nowMs, timeZone }) {
    const zona_horaria = options.zona_horaria ?? timeZone;
    const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toString();
    const { now: local, today } = toReferenceClock(options.fecha_referencia ?? now, zona_horaria);
    // To the day, so that the same text asked for twice in a day is the same work.
    const reference = options.fecha_referencia?.includes("T") ? local : today;
    return { ...options, zona_horaria, fecha_referencia: reference.toString() };
  },
  needsModel: (_text, options) =>
    options.esquema !== undefined || kindsOf(options).some((kind) => !BY_RULE.has(kind)),
  buildPrompt: (input, options) =>
    options.esquema
      ? fieldsPrompt(input, options, options.esquema)
      : entitiesPrompt(input, options),
  estimateOutputTokens: (textTokens) => Math.min(500 + textTokens * 2, 8_000),
  readAnswer({ texts: [answer] }, { text }, options): AnswerReading {
    if (!options.esquema) return { output: readEntities(answer, text, options) };
    const { fields, quotes } = readFields(answer, options.esquema);
    const { campos, citas, descartadas } = groundFields(text, options.esquema, fields, quotes);
    return {
      output: {
        text: JSON.stringify(campos, null, 2),
        data: { campos, citas, descartadas },
        warnings: droppedWarning(descartadas),
      },
    };
  },
  runLocally: ({ text }, options) => toOutput(findByRule(text, options), 0),
  canRunLocally: (_text, { esquema }) => esquema === undefined,
});

function kindsOf({ tipos }: Options): readonly EntityKind[] {
  return tipos ?? KINDS;
}

function findByRule(text: string, options: Options): Entity[] {
  const { fecha_referencia = "", zona_horaria = "", pais } = options;
  const kinds = kindsOf(options);
  const hidden = findHidden(text);
  const found = extractLocally(blankOut(text, hidden), {
    kinds,
    referenceDate: fecha_referencia,
    timeZone: zona_horaria,
    defaultCountry: pais,
  });
  const known = hidden
    .map(({ start, end, value }) => toHiddenEntity(text, start, end, value))
    .filter((entity) => entity !== undefined)
    .filter(({ kind }) => kinds.includes(kind));
  return [...found, ...known].toSorted((a, b) => a.start - b.start);
}

/** What stands for personal data in a masked text. */
function findHidden(text: string): EntityMatch<HiddenKind>[] {
  return Array.from(text.matchAll(PLACEHOLDER), ({ 0: name, 1: kind = "", index }) => ({
    start: index,
    end: index + name.length,
    value: HIDDEN_KINDS.find((known) => known === kind) ?? "DNI",
  }));
}

/** Its own value is not known here: a name stands for it until the data are put back. */
function toHiddenEntity(
  source: string,
  start: number,
  end: number,
  kind: HiddenKind,
): Entity | undefined {
  const text = source.slice(start, end);
  if (kind === "CORREO") return { kind: "correo", text, start, end };
  if (kind === "TELEFONO") {
    return { kind: "telefono", value: text.replace("]]", "=]]"), text, start, end };
  }
  return undefined;
}

const DATE_FORM =
  "`valor` es la fecha en ISO 8601: AAAA-MM-DD, AAAA-MM, AAAA, o AAAA-MM-DDThh:mm si el texto da la hora; un periodo es desde/hasta con una barra entre las dos";

function entitiesPrompt({ text }: TaskInput, options: Options) {
  const asked = kindsOf(options).filter((kind) => !BY_RULE.has(kind));
  return {
    instructions: [
      `Encuentra en el texto todas las menciones de estos tipos: ${asked.join(", ")}.`,
      "En `texto` copia la mención letra por letra, tal como está en el texto y lo más corta posible. Si algo se menciona varias veces, repítelo. Da las menciones en el orden del texto. No deduzcas nada que no esté escrito.",
      ...(asked.includes("fecha") ? [`Fechas: ${DATE_FORM}. ${todayRule(options)}`] : []),
      ...(asked.includes("importe")
        ? [
            "Importes (dinero): `valor` es la cantidad como 1250.5 y `moneda` su código ISO 4217, o nulo si no se sabe.",
          ]
        : []),
      ...(asked.includes("numero")
        ? ["Números que no son fechas, importes ni teléfonos: `valor` es la cantidad como 1250.5."]
        : []),
      "En lo demás, `valor` y `moneda` son nulos. Responde con un objeto JSON.",
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimit(text),
    schema: {
      name: "extracciones",
      jsonSchema: {
        type: "object",
        properties: {
          extracciones: {
            type: "array",
            items: {
              type: "object",
              properties: {
                tipo: { type: "string", enum: asked },
                texto: { type: "string" },
                valor: { type: ["string", "null"] },
                moneda: { type: ["string", "null"] },
              },
              required: ["tipo", "texto", "valor", "moneda"],
              additionalProperties: false,
            },
          },
        },
        required: ["extracciones"],
        additionalProperties: false,
      },
    },
  };
}

/** With the day of the week, which models reckon badly. */
function todayRule({ fecha_referencia = "", zona_horaria = "" }: Options): string {
  const day = Temporal.PlainDate.from(fecha_referencia);
  const weekday = day.toLocaleString("es", { weekday: "long" });
  return `«Hoy» es ${weekday}, ${fecha_referencia}, en ${zona_horaria}.`;
}

function fieldsPrompt({ text }: TaskInput, options: Options, schema: object) {
  return {
    instructions: [
      "Rellena `datos`, según su esquema, con lo que dice el texto. Lo que el texto no diga es nulo, o no se pone: no deduzcas ni inventes nada.",
      "En `citas` da, por cada valor (también los de verdadero o falso), su `ruta` (JSON Pointer dentro de `datos`, como /cliente/nombre o /lineas/0/precio) y el `texto` de donde sale, copiado letra por letra.",
      `${todayRule(options)} Responde con un objeto JSON.`,
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimit(text),
    // A caller's schema seldom keeps to what providers take in strict mode.
    schema: { name: "campos", jsonSchema: toFieldsSchema(schema), strict: false },
  };
}

const Mention = z.object({
  tipo: z.string(),
  texto: z.string(),
  valor: z.union([z.string(), z.number()]).nullish(),
  moneda: z.string().nullish(),
});
const Mentions = z.object({
  extracciones: z
    .array(z.unknown())
    .nullable()
    .transform((list) => list ?? []),
});

/** What the model found, where it stands in the text; what does not is dropped. Rules add what they know better. */
function readEntities(answer: string, text: string, options: Options): TaskOutput {
  const { extracciones } = Mentions.parse(readJson(answer));
  const ruled = findByRule(text, { ...options, tipos: undefined });
  const kinds = kindsOf(options);
  const locator = createLocator(text);
  const found: Entity[] = ruled.filter(({ kind }) => BY_RULE.has(kind) && kinds.includes(kind));
  let dropped = 0;

  for (const given of extracciones.slice(0, MAX_MENTIONS)) {
    const mention = Mention.safeParse(given).data;
    const kind = kinds.find((known) => known === mention?.tipo && !BY_RULE.has(known));
    const span = mention && kind && locator.next(mention.texto);
    const entity = span && kind && toEntity(text, span, kind, mention, ruled);
    if (!entity) dropped += 1;
    // «14 de mayo» and «10:00» may both lie in one that a rule read whole.
    else if (!found.some((other) => isSame(entity, other))) found.push(entity);
  }
  return toOutput(
    found.toSorted((a, b) => a.start - b.start),
    dropped,
  );
}

type Mention = z.output<typeof Mention>;

/** A rule that read the same place gives a value that can be trusted more than the model's. */
function toEntity(
  text: string,
  { start, end }: TextSpan,
  kind: EntityKind,
  mention: Mention,
  ruled: readonly Entity[],
): Entity | undefined {
  const same = ruled.find(
    (other) => other.kind === kind && other.start <= start && end <= other.end,
  );
  if (same) return same;
  const value = toValue(kind, mention);
  return value && { ...value, text: text.slice(start, end), start, end };
}

function toValue(kind: EntityKind, { valor, moneda }: Mention): EntityValue | undefined {
  switch (kind) {
    case "persona":
    case "organizacion":
    case "lugar":
      return { kind };
    case "fecha": {
      const [from = "", to] = String(valor ?? "").split("/", 2);
      if (!isIsoDate(from) || (to !== undefined && !isIsoDate(to))) return undefined;
      return { kind, value: to === undefined ? from : { from, to } };
    }
    case "importe":
    case "numero": {
      const amount =
        typeof valor === "string" && valor.trim() === "" ? Number.NaN : Number(valor ?? Number.NaN);
      if (!Number.isFinite(amount)) return undefined;
      if (kind === "numero") return { kind, value: { amount, unit: null } };
      const code = moneda?.trim().toUpperCase() ?? "";
      return { kind, value: { amount, currency: /^[A-Z]{3}$/.test(code) ? code : null } };
    }
    case "correo":
    case "telefono":
    case "url":
      return undefined;
  }
}

function isSame(a: Entity, b: Entity): boolean {
  return a.kind === b.kind && a.start === b.start && a.end === b.end;
}

function toOutput(entities: readonly Entity[], dropped: number): TaskOutput {
  const kept = entities.slice(0, MAX_EXTRACTIONS);
  const lines = KINDS.map((kind) => {
    const named = kept.filter((entity) => entity.kind === kind).map(({ text }) => text);
    return named.length > 0 ? `${TITLES[kind]}: ${[...new Set(named)].join("; ")}` : undefined;
  }).filter((line) => line !== undefined);
  return {
    text: lines.length > 0 ? lines.join("\n") : "No se encontró nada de lo pedido en el texto.",
    data: { extracciones: kept.map(toExtractionReply), descartadas: dropped },
    truncated: entities.length > MAX_EXTRACTIONS,
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
