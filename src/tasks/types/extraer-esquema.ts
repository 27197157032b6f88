import { z } from "zod";
import { unknownFigures } from "../checks/figures.ts";
import { createLocator } from "../checks/locate.ts";
import { readJson } from "./read-json.ts";
import type { JsonObject } from "./task.ts";

const MAX_SCHEMA_CHARS = 16_384;
const MAX_DEPTH = 6;

/** A caller's JSON Schema of an object: small, shallow, whole in itself, and one that can be checked. */
export const SchemaOption = z
  .record(z.string(), z.unknown(), "debe ser un JSON Schema")
  .refine((schema) => JSON.stringify(schema).length <= MAX_SCHEMA_CHARS, {
    error: "ocupa más de 16 KiB",
    abort: true,
  })
  .refine((schema) => depthOf(schema) <= MAX_DEPTH * 2 + 1, {
    error: `tiene más de ${MAX_DEPTH} niveles`,
    abort: true,
  })
  .refine((schema) => !holdsForbidden(schema), {
    error: "no puede llevar $ref ni pattern",
    abort: true,
  })
  .refine(({ type, properties }) => type === "object" && isObject(properties), {
    error: "debe ser de tipo object y tener properties",
    abort: true,
  })
  .refine(
    (schema) => checkerOf(schema) !== undefined,
    "no es un JSON Schema que se pueda comprobar",
  );

/** As the provider gets it: the caller's fields, and where each was read. */
export function toFieldsSchema(schema: object): JsonObject {
  return {
    type: "object",
    properties: {
      datos: schema,
      citas: {
        type: "array",
        items: {
          type: "object",
          properties: { ruta: { type: "string" }, texto: { type: "string" } },
          required: ["ruta", "texto"],
          additionalProperties: false,
        },
      },
    },
    required: ["datos", "citas"],
    additionalProperties: false,
  };
}

type Quote = { ruta: string; texto: string };
const Fields = z.object({
  datos: z.record(z.string(), z.unknown()),
  citas: z.array(z.unknown()).nullish(),
});
const Quote = z.object({ ruta: z.string(), texto: z.string() });

/** Throws when the answer does not fit the caller's schema; a field that the text does not tell of may be null. */
export function readFields(
  answer: string,
  schema: JsonObject,
): { fields: JsonObject; quotes: Quote[] } {
  const { datos, citas } = Fields.parse(readJson(answer));
  const checker = checkerOf(schema);
  if (!checker) throw new TypeError("The schema was checked before");
  const told = withoutNulls(datos);
  const { error } = checker.safeParse(told);
  const wrong = (error?.issues ?? []).filter(({ path }) => valueAt(told, path) !== undefined);
  if (wrong.length > 0) throw new z.ZodError(wrong);
  const quotes = (citas ?? []).flatMap((quote) => Quote.safeParse(quote).data ?? []);
  return { fields: datos, quotes };
}

export type GroundedFields = {
  campos: JsonObject;
  citas: { ruta: string; texto: string; inicio: number; fin: number }[];
  descartadas: number;
};

/** Keeps the values that the text holds, with their place in it. A quote shows where a value that is written otherwise comes from. */
export function groundFields(text: string, fields: JsonObject, quotes: Quote[]): GroundedFields {
  const locator = createLocator(text);
  const quoteOf = new Map(quotes.map(({ ruta, texto }) => [ruta, texto]));
  const citas: GroundedFields["citas"] = [];
  let descartadas = 0;

  const ground = (value: unknown, ruta: string): unknown => {
    if (Array.isArray(value)) {
      return value
        .map((item, index) => ground(item, `${ruta}/${index}`))
        .filter((item) => item !== null);
    }
    if (isObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, ground(item, `${ruta}/${toToken(key)}`)]),
      );
    }
    if (typeof value !== "string" && typeof value !== "number") return value;
    if (value === "") return null;

    const quote = quoteOf.get(ruta);
    const holds =
      quote !== undefined &&
      (typeof value === "string" || unknownFigures(String(value), [quote]).length === 0);
    const span = locator.find(holds ? quote : String(value)) ?? locator.find(String(value));
    if (!span) {
      descartadas += 1;
      return null;
    }
    citas.push({
      ruta,
      texto: text.slice(span.start, span.end),
      inicio: span.start,
      fin: span.end,
    });
    return value;
  };

  const campos = ground(fields, "");
  return { campos: isObject(campos) ? campos : {}, citas, descartadas };
}

/** RFC 6901. */
function toToken(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function checkerOf(schema: JsonObject): z.ZodType | undefined {
  try {
    return z.fromJSONSchema(schema);
  } catch {
    // Not a schema, or with something that cannot be checked: the caller is told so.
    return undefined;
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? Object.entries(inner).find(([name]) => name === String(key))?.[1]
        : undefined,
    value,
  );
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** References lead elsewhere, and a pattern may take forever. */
const FORBIDDEN = new Set(["$ref", "$dynamicRef", "pattern", "patternProperties"]);

/** The name of a property may be any of them: there it is no keyword. */
function holdsForbidden(value: unknown, areNames = false): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, item]) =>
      (!areNames && FORBIDDEN.has(key)) || holdsForbidden(item, !areNames && key === "properties"),
  );
}
