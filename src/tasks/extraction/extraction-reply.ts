import type { DateValue, Entity, EntityKind } from "../../engine/extract/entity.ts";
import type { FieldQuote } from "./ground-fields.ts";

/** An entity as `extraer` answers it; `texto` is exactly `source.slice(inicio, fin)`. */
type ExtractionReply = {
  tipo: EntityKind;
  valor?: DateReply | AmountReply | NumberReply;
  texto: string;
  inicio: number;
  fin: number;
};
type DateReply = string | { desde: string; hasta: string };
type AmountReply = { cantidad: number; moneda: string | null };
type NumberReply = { cantidad: number; unidad: "%" | null };

export function toQuoteReply({ path, text, start, end }: FieldQuote): {
  ruta: string;
  texto: string;
  inicio: number;
  fin: number;
} {
  return { ruta: path, texto: text, inicio: start, fin: end };
}

export function toExtractionReply(entity: Entity): ExtractionReply {
  const valor = toValueReply(entity);
  const { kind: tipo, text: texto, start: inicio, end: fin } = entity;
  return { tipo, ...(valor !== undefined && { valor }), texto, inicio, fin };
}

function toValueReply(entity: Entity): ExtractionReply["valor"] {
  switch (entity.kind) {
    case "fecha":
      return toDateReply(entity.value);
    case "importe":
      return { cantidad: entity.value.amount, moneda: entity.value.currency };
    case "numero":
      return { cantidad: entity.value.amount, unidad: entity.value.unit };
    case "telefono":
      return entity.value;
    case "persona":
    case "organizacion":
    case "lugar":
    case "correo":
    case "url":
      return undefined;
  }
}

function toDateReply(value: DateValue): DateReply {
  return typeof value === "string" ? value : { desde: value.from, hasta: value.to };
}
