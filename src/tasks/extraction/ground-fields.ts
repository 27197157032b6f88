import { z } from "zod";
import { isJsonObject, type JsonObject } from "../../lib/json-object.ts";
import type { Prompt } from "../../llm/prompt.ts";
import { findFigure, listUnknownFigures } from "../../text/figures.ts";
import { fold } from "../../text/fold.ts";
import { createLocator } from "../../text/locate.ts";
import type { TextSpan } from "../../text/spans.ts";
import { FUNCTION_WORDS } from "../../text/words.ts";
import { delimit, TEXT_IS_DATA } from "../prompts/delimit.ts";
import { readJson } from "../answers/read-json.ts";
import { toZodSchema } from "../options/schema-option.ts";

/** Asks for the client's fields, with a quote for each value. `today` is the rule that says what «hoy» is. */
export function buildFieldsPrompt(text: string, schema: object, today: string): Prompt {
  return {
    instructions: [
      "Rellena `datos`, según su esquema, con lo que dice el texto. Lo que el texto no diga es nulo, o no se pone: no deduzcas ni inventes nada.",
      "En `citas` da, por cada valor (también los de verdadero o falso), su `ruta` (JSON Pointer dentro de `datos`, como /cliente/nombre o /lineas/0/precio) y el `texto` de donde sale, copiado letra por letra.",
      `${today} Responde con un objeto JSON.`,
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimit(text),
    // Few client schemas meet the restrictions of the providers' strict mode.
    schema: { name: "campos", jsonSchema: toAnswerSchema(schema), strict: false },
  };
}

/** The schema of the model's answer: the client's fields, and a quote for each value. */
function toAnswerSchema(schema: object): JsonObject {
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

const FieldsAnswer = z.object({
  datos: z.record(z.string(), z.unknown()),
  citas: z.array(z.unknown()).nullish(),
});
const QuoteAnswer = z.object({ ruta: z.string(), texto: z.string() });
type QuoteAnswer = z.output<typeof QuoteAnswer>;

/**
 * Reads the fields and quotes of the model's answer. A field that the text does not mention may be null.
 * @throws {z.ZodError} when the answer does not match the client's schema
 */
export function readFields(
  answer: string,
  schema: JsonObject,
): { fields: JsonObject; quotes: QuoteAnswer[] } {
  const { datos, citas } = FieldsAnswer.parse(readJson(answer));
  const zodSchema = toZodSchema(schema);
  if (!zodSchema) throw new TypeError("The schema was validated with the options");
  const given = withoutNulls(datos);
  const { error } = zodSchema.safeParse(given);
  const wrong = (error?.issues ?? []).filter(({ path }) => valueAt(given, path) !== undefined);
  if (wrong.length > 0) throw new z.ZodError(wrong);
  const quotes = (citas ?? []).flatMap((quote) => QuoteAnswer.safeParse(quote).data ?? []);
  return { fields: datos, quotes };
}

/** `path` is a JSON Pointer (RFC 6901) to a value of the fields, and `text` is the piece that the value comes from. */
export type FieldQuote = TextSpan & { path: string; text: string };

export type GroundedFields = { fields: JsonObject; quotes: FieldQuote[]; dropped: number };

/**
 * Keeps the values that the text contains, each with its place in the text, and replaces the others with null. A value
 * that is written differently in the text needs a quote that it can come from. Items that are dropped from a list leave
 * no gap.
 */
export function groundFields(
  text: string,
  schema: JsonObject,
  fields: JsonObject,
  answerQuotes: readonly QuoteAnswer[],
): GroundedFields {
  const locator = createLocator(text);
  const quoteByPath = new Map(answerQuotes.map(({ ruta, texto }) => [ruta, texto]));
  const quotes: FieldQuote[] = [];
  let dropped = 0;

  const locate = (value: Leaf, answerPath: string, node: unknown): TextSpan | undefined => {
    const quote = quoteByPath.get(answerPath);
    const quoted = quote !== undefined && mayComeFrom(value, quote, node) && locator.find(quote);
    if (quoted) return quoted;
    if (typeof value === "boolean") return undefined;
    return (
      locator.find(String(value)) ??
      (typeof value === "number" ? findFigure(text, String(value)) : undefined)
    );
  };

  const groundItems = (items: unknown[], { answerPath, path, node }: FieldPlace): unknown[] => {
    const kept: unknown[] = [];
    for (const [index, item] of items.entries()) {
      const grounded = ground(item, {
        answerPath: `${answerPath}/${index}`,
        path: `${path}/${kept.length}`,
        node: childNode(node, "items"),
      });
      if (grounded !== null) kept.push(grounded);
    }
    return kept;
  };

  const groundObject = (object: JsonObject, { answerPath, path, node }: FieldPlace): JsonObject => {
    const properties = childNode(node, "properties");
    return Object.fromEntries(
      Object.entries(object).map(([key, item]) => {
        const step = `/${toPointerToken(key)}`;
        const place = {
          answerPath: answerPath + step,
          path: path + step,
          node: childNode(properties, key),
        };
        return [key, ground(item, place)];
      }),
    );
  };

  const ground = (value: unknown, place: FieldPlace): unknown => {
    if (Array.isArray(value)) return groundItems(value, place);
    if (isJsonObject(value)) return groundObject(value, place);
    if (!isLeaf(value) || value === "") return null;

    const span = locate(value, place.answerPath, place.node);
    if (!span) {
      dropped += 1;
      return null;
    }
    const { start, end } = span;
    quotes.push({ path: place.path, text: text.slice(start, end), start, end });
    return value;
  };

  const grounded = groundObject(fields, { answerPath: "", path: "", node: schema });
  return { fields: grounded, quotes, dropped };
}

/** The paths of a value in the model's answer and in the kept fields, and the schema node that describes it. */
type FieldPlace = { answerPath: string; path: string; node: unknown };

type Leaf = string | number | boolean;

function isLeaf(value: unknown): value is Leaf {
  return ["string", "number", "boolean"].includes(typeof value);
}

function childNode(node: unknown, name: string): unknown {
  return isJsonObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
}

/** ISO dates and times, and codes in capitals: a text writes these differently. */
const NORMALISED_VALUE = /^\d{4}-\d{2}(?:-\d{2})?(?:T.*)?$|^\d{2}:\d{2}(?::\d{2})?$|^[A-Z]{2,3}$/;

/**
 * Whether a value can come from its quote. Dates, times, codes and the values of an enum are written differently in a
 * text. Otherwise the quote contains all figures of the value, and shares a word with a value made of words.
 */
function mayComeFrom(value: Leaf, quote: string, node: unknown): boolean {
  if (typeof value === "boolean") return true;
  const isEnum = childNode(node, "enum") !== undefined || childNode(node, "const") !== undefined;
  if (typeof value === "string" && (isEnum || NORMALISED_VALUE.test(value))) return true;
  if (listUnknownFigures(String(value), [quote]).length > 0) return false;
  const stems = stemsOf(String(value));
  const quoteStems = new Set(stemsOf(quote));
  return (
    stems.length === 0 || /\d/u.test(String(value)) || stems.some((one) => quoteStems.has(one))
  );
}

/** Long enough to distinguish words, short enough to ignore their endings. */
const STEM_CHARS = 4;

function stemsOf(text: string): string[] {
  return Array.from(fold(text).match(/\p{L}+/gu) ?? [])
    .filter((word) => !FUNCTION_WORDS.has(word))
    .map((word) => word.slice(0, STEM_CHARS));
}

/** RFC 6901. */
function toPointerToken(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
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
