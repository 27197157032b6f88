import type { TextSpan } from "../../text/spans.ts";

/** Every kind, as on the wire. */
export const ENTITY_KINDS = [
  "persona",
  "organizacion",
  "lugar",
  "fecha",
  "numero",
  "importe",
  "correo",
  "telefono",
  "url",
] as const;

export type EntityKind = (typeof ENTITY_KINDS)[number];

/**
 * An ISO 8601 day (`2026-05-03`), month (`2026-05`), year (`2026`) or local date-time without offset
 * (`2026-05-03T17:30`); or a range of them, both ends included.
 */
export type DateValue = string | { from: string; to: string };
/** `currency` is an ISO 4217 code, or null where the text leaves it open («1.500 pesos»). */
export type AmountValue = { amount: number; currency: string | null };
export type NumberValue = { amount: number; unit: "%" | null };

/** The value of a phone number is its E.164 form. */
export type EntityValue =
  | { kind: "persona" | "organizacion" | "lugar" | "correo" | "url" }
  | { kind: "fecha"; value: DateValue }
  | { kind: "numero"; value: NumberValue }
  | { kind: "importe"; value: AmountValue }
  | { kind: "telefono"; value: string };

/** `text` is exactly `source.slice(start, end)`. */
export type Entity = EntityValue & TextSpan & { text: string };

/** A span and its meaning. */
export type EntityMatch<Value> = TextSpan & { value: Value };
