import { z } from "zod";
import { isJsonObject, type JsonObject } from "../../lib/json-object.ts";

const MAX_SCHEMA_CHARS = 16_384;
const MAX_DEPTH = 6;

/** The client's JSON Schema of an object: small, shallow, without references, and of a kind that zod can check. */
export const SchemaOption = z
  .record(z.string(), z.unknown(), "debe ser un JSON Schema")
  .refine((schema) => JSON.stringify(schema).length <= MAX_SCHEMA_CHARS, {
    error: "ocupa más de 16 KiB",
    abort: true,
  })
  // Each level of the data takes two of the schema: `properties`, or `items`, and the schema below it.
  .refine((schema) => depthOf(schema) <= MAX_DEPTH * 2 + 1, {
    error: `tiene más de ${MAX_DEPTH} niveles`,
    abort: true,
  })
  .refine((schema) => !hasForbiddenKeyword(schema), {
    error: "no puede llevar $ref ni pattern",
    abort: true,
  })
  .refine(({ type, properties }) => type === "object" && isJsonObject(properties), {
    error: "debe ser de tipo object y tener properties",
    abort: true,
  })
  .refine(
    (schema) => toZodSchema(schema) !== undefined,
    "no es un JSON Schema que se pueda comprobar",
  );

/** Undefined when it is not a JSON Schema, or uses something that zod cannot check. */
export function toZodSchema(schema: JsonObject): z.ZodType | undefined {
  try {
    return z.fromJSONSchema(schema);
  } catch {
    return undefined;
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** References can point outside the schema, and a pattern can take exponential time. */
const FORBIDDEN_KEYWORDS = new Set(["$ref", "$dynamicRef", "pattern", "patternProperties"]);

/** The keys of `properties` are names of the client's fields, not keywords. */
function hasForbiddenKeyword(value: unknown, areFieldNames = false): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, item]) =>
      (!areFieldNames && FORBIDDEN_KEYWORDS.has(key)) ||
      hasForbiddenKeyword(item, !areFieldNames && key === "properties"),
  );
}
