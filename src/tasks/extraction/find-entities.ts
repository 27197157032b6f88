import type { Entity, EntityKind } from "../../engine/extract/entity.ts";
import { extractLocally } from "../../engine/extract/extract.ts";
import { blankOut, type TextSpan } from "../../text/spans.ts";
import { HIDDEN_KINDS, PLACEHOLDER, type HiddenKind } from "../prompts/placeholder.ts";

/** Which entities to find, and how to understand dates, telephone numbers and currencies. */
export type EntitySearch = {
  kinds: readonly EntityKind[];
  /** ISO day or local date-time from which «mañana» counts. */
  referenceDate: string;
  timeZone: string;
  /** ISO 3166 code, for telephone numbers without a prefix and for «pesos» and «$». */
  country: string;
};

/** Finds entities with rules, without a model. A placeholder is found as the personal data that it hides. */
export function findEntities(text: string, search: EntitySearch): Entity[] {
  const { kinds, referenceDate, timeZone, country } = search;
  const placeholders = findPlaceholders(text);
  const found = extractLocally(blankOut(text, placeholders), {
    kinds,
    referenceDate,
    timeZone,
    defaultCountry: country,
  });
  const hidden = placeholders
    .map((placeholder) => toHiddenEntity(text, placeholder))
    .filter((entity) => entity !== undefined)
    .filter(({ kind }) => kinds.includes(kind));
  return [...found, ...hidden].toSorted((a, b) => a.start - b.start);
}

type PlaceholderSpan = TextSpan & { hides: HiddenKind };

function findPlaceholders(text: string): PlaceholderSpan[] {
  return Array.from(text.matchAll(PLACEHOLDER), ({ 0: placeholder, 1: kind = "", index }) => ({
    start: index,
    end: index + placeholder.length,
    hides: HIDDEN_KINDS.find((known) => known === kind) ?? "DNI",
  }));
}

/** Its value is a second placeholder, for the canonical form of the data. Documents and accounts are not entities. */
function toHiddenEntity(
  source: string,
  { start, end, hides }: PlaceholderSpan,
): Entity | undefined {
  const text = source.slice(start, end);
  if (hides === "CORREO") return { kind: "correo", text, start, end };
  if (hides === "TELEFONO") {
    return { kind: "telefono", value: text.replace("]]", "=]]"), text, start, end };
  }
  return undefined;
}
