import type { TextSpan } from "../../text/spans.ts";

/**
 * An ISO 8601 day (`2026-05-03`), month (`2026-05`), year (`2026`) or local date-time without offset
 * (`2026-05-03T17:30`); or a span of them, both ends included.
 */
export type DateValue = string | { desde: string; hasta: string };
/** `moneda` is an ISO 4217 code, or null where the text leaves the currency open («1.500 pesos»). */
export type AmountValue = { cantidad: number; moneda: string | null };
export type NumberValue = { cantidad: number; unidad: "%" | null };

/** What is found and what it means. A telephone's `valor` is its E.164 form. */
export type EntityValue =
  | { tipo: "persona" | "organizacion" | "lugar" | "correo" | "url" }
  | { tipo: "fecha"; valor: DateValue }
  | { tipo: "numero"; valor: NumberValue }
  | { tipo: "importe"; valor: AmountValue }
  | { tipo: "telefono"; valor: string };

/** `texto` is exactly `source.slice(inicio, fin)`, counted in UTF-16 code units. */
export type Entity = EntityValue & { texto: string; inicio: number; fin: number };

export type EntityKind = Entity["tipo"];

/** A span of the text, and what it means. */
export type EntityMatch<Value> = TextSpan & { value: Value };
