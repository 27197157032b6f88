import { z } from "zod";
import type { Prompt } from "../../llm/prompt.ts";
import { createLocator } from "../../text/locate.ts";
import type { TextSpan } from "../../text/spans.ts";
import { delimit, TEXT_IS_DATA } from "../prompts/delimit.ts";
import {
  ENTITY_KINDS,
  type Entity,
  type EntityKind,
  type EntityValue,
} from "../../engine/extract/entity.ts";
import { FOUND_BY_RULE } from "./entity-kinds.ts";
import { findEntities, type EntitySearch } from "./find-entities.ts";
import { isIsoDate } from "../answers/iso-date.ts";
import { readJson } from "../answers/read-json.ts";
import { todayRule } from "../prompts/today-rule.ts";

/** Bounds the answer of a model that repeats itself. */
const MAX_MENTIONS = 3_000;

const DATE_FORMAT =
  "`valor` es la fecha en ISO 8601: AAAA-MM-DD, AAAA-MM, AAAA, o AAAA-MM-DDThh:mm si el texto da la hora; un periodo es desde/hasta con una barra entre las dos";

/** Asks for the mentions of every kind that rules do not find. */
export function buildMentionsPrompt(text: string, search: EntitySearch): Prompt {
  const requestedKinds = search.kinds.filter((kind) => !FOUND_BY_RULE.has(kind));
  return {
    instructions: [
      `Encuentra en el texto todas las menciones de estos tipos: ${requestedKinds.join(", ")}.`,
      "En `texto` copia la mención letra por letra, tal como está en el texto y lo más corta posible. Si algo se menciona varias veces, repítelo. Da las menciones en el orden del texto. No deduzcas nada que no esté escrito.",
      ...(requestedKinds.includes("fecha")
        ? [`Fechas: ${DATE_FORMAT}. ${todayRule(search.referenceDate, search.timeZone)}`]
        : []),
      ...(requestedKinds.includes("importe")
        ? [
            "Importes (dinero): `valor` es la cantidad como 1250.5 y `moneda` su código ISO 4217, o nulo si no se sabe.",
          ]
        : []),
      ...(requestedKinds.includes("numero")
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
                tipo: { type: "string", enum: requestedKinds },
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

const Mention = z.object({
  tipo: z.string(),
  texto: z.string(),
  valor: z.union([z.string(), z.number()]).nullish(),
  moneda: z.string().nullish(),
});
const MentionsAnswer = z.object({
  extracciones: z
    .array(z.unknown())
    .nullable()
    .transform((list) => list ?? []),
});

/**
 * Reads the mentions of the model's answer and locates them in the text. Drops what is not in the text or has no
 * readable value. Entities that rules find come from the rules.
 */
export function readMentions(
  answer: string,
  text: string,
  search: EntitySearch,
): { entities: Entity[]; dropped: number } {
  const { extracciones } = MentionsAnswer.parse(readJson(answer));
  const ruled = findEntities(text, { ...search, kinds: ENTITY_KINDS });
  const { kinds } = search;
  const locator = createLocator(text);
  const entities = ruled.filter(({ kind }) => FOUND_BY_RULE.has(kind) && kinds.includes(kind));
  let dropped = 0;

  for (const given of extracciones.slice(0, MAX_MENTIONS)) {
    const mention = Mention.safeParse(given).data;
    const kind = kinds.find((known) => known === mention?.tipo && !FOUND_BY_RULE.has(known));
    const span = mention && kind && locator.next(mention.texto);
    const entity = span && kind && toEntity(text, span, kind, mention, ruled);
    if (!entity) dropped += 1;
    // «14 de mayo» and «10:00» can both be part of one date that a rule read, so they give the same entity twice.
    else if (!entities.some((other) => isSame(entity, other))) entities.push(entity);
  }
  return { entities: entities.toSorted((a, b) => a.start - b.start), dropped };
}

type Mention = z.output<typeof Mention>;

/** Takes the value from a rule that read the same place, since rules are more reliable than the model. */
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

/** Undefined when the value is unreadable, or when only rules find this kind. */
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
