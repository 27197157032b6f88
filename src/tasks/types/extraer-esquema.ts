import { z } from "zod";
import { fold } from "../../text/fold.ts";
import { FUNCTION_WORDS } from "../../text/words.ts";
import { findFigure, unknownFigures } from "../../text/figures.ts";
import { createLocator, type QuotePlace } from "../../text/locate.ts";
import { readJson } from "./read-json.ts";
import { isJsonObject, type JsonObject } from "../../lib/json-object.ts";

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
  .refine(({ type, properties }) => type === "object" && isJsonObject(properties), {
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

/**
 * Keeps the values that the text holds, with their place in it. A quote shows where a value that is written otherwise
 * comes from; one that has nothing to do with its value shows nothing. Items of a list that are dropped leave no gap.
 */
export function groundFields(
  text: string,
  schema: JsonObject,
  fields: JsonObject,
  quotes: Quote[],
): GroundedFields {
  const locator = createLocator(text);
  const quoteOf = new Map(quotes.map(({ ruta, texto }) => [ruta, texto]));
  const citas: GroundedFields["citas"] = [];
  let descartadas = 0;

  const placeOf = (value: Leaf, asked: string, node: unknown): QuotePlace | undefined => {
    const quote = quoteOf.get(asked);
    const quoted = quote !== undefined && mayComeFrom(value, quote, node) && locator.find(quote);
    if (quoted) return quoted;
    if (typeof value === "boolean") return undefined;
    return (
      locator.find(String(value)) ??
      (typeof value === "number" ? findFigure(text, String(value)) : undefined)
    );
  };

  /** `asked` is its place in what the model said, `ruta` in what is kept. */
  const ground = (value: unknown, asked: string, ruta: string, node: unknown): unknown => {
    if (Array.isArray(value)) {
      const kept: unknown[] = [];
      value.forEach((item, index) => {
        const grounded = ground(
          item,
          `${asked}/${index}`,
          `${ruta}/${kept.length}`,
          partOf(node, "items"),
        );
        if (grounded !== null) kept.push(grounded);
      });
      return kept;
    }
    if (isJsonObject(value)) {
      const properties = partOf(node, "properties");
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => {
          const step = `/${toToken(key)}`;
          return [key, ground(item, asked + step, ruta + step, partOf(properties, key))];
        }),
      );
    }
    if (!isLeaf(value) || value === "") return null;

    const place = placeOf(value, asked, node);
    if (!place) {
      descartadas += 1;
      return null;
    }
    const { start, end } = place;
    citas.push({ ruta, texto: text.slice(start, end), inicio: start, fin: end });
    return value;
  };

  const campos = ground(fields, "", "", schema);
  return { campos: isJsonObject(campos) ? campos : {}, citas, descartadas };
}

type Leaf = string | number | boolean;

function isLeaf(value: unknown): value is Leaf {
  return ["string", "number", "boolean"].includes(typeof value);
}

function partOf(node: unknown, name: string): unknown {
  return isJsonObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
}

const WRITTEN_OTHERWISE = /^\d{4}-\d{2}(?:-\d{2})?(?:T.*)?$|^\d{2}:\d{2}(?::\d{2})?$|^[A-Z]{2,3}$/;

/**
 * Whether a value may have been read in a quote. Dates, hours, codes and what the schema names itself are written
 * otherwise in a text; other words share one with it, and figures are all in it.
 */
function mayComeFrom(value: Leaf, quote: string, node: unknown): boolean {
  if (typeof value === "boolean") return true;
  const isNamed = partOf(node, "enum") !== undefined || partOf(node, "const") !== undefined;
  if (typeof value === "string" && (isNamed || WRITTEN_OTHERWISE.test(value))) return true;
  if (unknownFigures(String(value), [quote]).length > 0) return false;
  const words = stemsOf(String(value));
  const inQuote = new Set(stemsOf(quote));
  return words.length === 0 || /\d/u.test(String(value)) || words.some((word) => inQuote.has(word));
}

/** Long enough to tell words apart, short enough for their endings not to count. */
const STEM_CHARS = 4;

function stemsOf(text: string): string[] {
  return Array.from(fold(text).match(/\p{L}+/gu) ?? [])
    .filter((word) => !FUNCTION_WORDS.has(word))
    .map((word) => word.slice(0, STEM_CHARS));
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
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
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
