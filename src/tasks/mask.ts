import type { WorkResult } from "../cache/result-cache.ts";
import { findEmails, findPhones } from "../llm/local/extract/contacts.ts";
import { withoutOverlaps } from "../llm/local/extract/patterns.ts";
import { isCard, isCif, isDni, isIban, isNie } from "./identifiers.ts";
import { PLACEHOLDER, placeholder, type HiddenKind } from "./types/placeholder.ts";
import type { JsonObject } from "./types/task.ts";

/** Spanish numbers need no prefix to be found. */
const COUNTRY = "ES";

/** A text and its options without the personal data in them, and the way back. */
export type Mask = {
  text: string;
  options: JsonObject | undefined;
  /** Puts the data back into what was made of the masked text. Offsets become those of the original text. */
  restore: (result: WorkResult) => WorkResult;
};

type Found = { start: number; end: number; kind: HiddenKind; canonical: string };
type Hidden = { start: number; end: number; maskedStart: number; maskedEnd: number };

/**
 * Hides identity documents, bank accounts and cards (those whose check digits are right), telephone numbers and e-mail
 * addresses. The same value is always the same placeholder, so that a text keeps its sense.
 */
export function maskPersonalData(text: string, options: JsonObject | undefined): Mask {
  const names = new Map<string, string>();
  const originals = new Map<string, string>();
  const counts = new Map<HiddenKind, number>();
  const taken = new Set(
    [...`${text}${JSON.stringify(options)}`.matchAll(PLACEHOLDER)].map(([given]) =>
      given.toUpperCase(),
    ),
  );

  const nameOf = ({ kind, canonical }: Found, written: string): string => {
    const known = names.get(`${kind} ${canonical}`);
    if (known) return known;
    let number = counts.get(kind) ?? 0;
    do number += 1;
    while (taken.has(placeholder(kind, number)));
    counts.set(kind, number);
    const name = placeholder(kind, number);
    names.set(`${kind} ${canonical}`, name);
    originals.set(name, written);
    originals.set(placeholder(kind, number, "="), canonical);
    return name;
  };

  const hide = (source: string): { masked: string; hidden: Hidden[] } => {
    const hidden: Hidden[] = [];
    let masked = "";
    let at = 0;
    for (const found of findPersonalData(source)) {
      masked += source.slice(at, found.start);
      const maskedStart = masked.length;
      masked += nameOf(found, source.slice(found.start, found.end));
      hidden.push({ start: found.start, end: found.end, maskedStart, maskedEnd: masked.length });
      at = found.end;
    }
    return { masked: masked + source.slice(at), hidden };
  };

  const { masked, hidden } = hide(text);
  const show = (made: string): string =>
    made.replaceAll(
      PLACEHOLDER,
      (given, kind: string, number: string, form: string) =>
        originals.get(`[[${kind.toUpperCase()}_${Number(number)}${form}]]`) ?? given,
    );
  return {
    text: masked,
    options: options && mapObject(options, (value) => hide(value).masked),
    restore: (result) => ({
      ...result,
      text: show(result.text),
      warnings: result.warnings.map(show),
      data: result.data && placePieces(mapObject(result.data, show), text, hidden),
    }),
  };
}

/** In order, none within another. */
function findPersonalData(text: string): Found[] {
  const figures = IDENTIFIERS.flatMap(({ kind, pattern, isValid }) =>
    Array.from(text.matchAll(pattern), ({ 0: written, index }) => ({
      start: index,
      end: index + written.length,
      kind,
      canonical: written.replaceAll(/[^\p{L}\p{N}]/gu, "").toUpperCase(),
    })).filter(({ canonical }) => isValid(canonical)),
  );
  const emails = findEmails(text).map(({ start, end }) => ({
    start,
    end,
    kind: "CORREO" as const,
    canonical: text.slice(start, end),
  }));
  const phones = [...findSpanishPhones(text), ...findPhones(text, COUNTRY)].map(
    ({ start, end, value }) => ({ start, end, kind: "TELEFONO" as const, canonical: value }),
  );
  // A document's figures may look like a telephone's: documents have check digits.
  const sure = withoutOverlaps<Found>([...figures, ...emails]);
  const others = phones.filter((phone) => !sure.some((found) => overlaps(found, phone)));
  return withoutOverlaps<Found>([...sure, ...others]);
}

const IDENTIFIERS: { kind: HiddenKind; pattern: RegExp; isValid: (code: string) => boolean }[] = [
  {
    kind: "DNI",
    pattern: /(?<![\p{L}\p{N}])\d{1,2}\.?\d{3}\.?\d{3}[ -]?[A-Z](?![\p{L}\p{N}])/giu,
    isValid: isDni,
  },
  {
    kind: "NIE",
    pattern: /(?<![\p{L}\p{N}])[XYZ][ -]?\d{7}[ -]?[A-Z](?![\p{L}\p{N}])/giu,
    isValid: isNie,
  },
  {
    kind: "CIF",
    pattern:
      /(?<![\p{L}\p{N}])[A-HJNP-SUVW][ -]?\d{2}\.?\d{3}\.?\d{2}[ -]?[A-J\d](?![\p{L}\p{N}])/giu,
    isValid: isCif,
  },
  {
    kind: "IBAN",
    pattern:
      /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{4}){2,7}(?:[ -]?[A-Z\d]{1,4})?(?![\p{L}\p{N}])/giu,
    isValid: isIban,
  },
  {
    kind: "TARJETA",
    pattern: /(?<![\p{L}\p{N}.,-])\d(?:[ -]?\d){12,18}(?![\p{L}\p{N}]|[.,-]\d)/gu,
    isValid: isCard,
  },
];

const SPANISH_PHONE =
  /(?<![\p{L}\p{N}+])(?:(?:\+|00)34[ .-]?)?([679]\d{2}(?:(?:[ .-]?\d{3}){2}|(?:[ .-]?\d{2}){3}))(?![\p{L}\p{N}])/gu;

/** Every number with a telephone's form, also where its context says otherwise: hiding one too many does no harm. */
function findSpanishPhones(text: string): { start: number; end: number; value: string }[] {
  return Array.from(text.matchAll(SPANISH_PHONE), ({ 0: written, 1: number = "", index }) => ({
    start: index,
    end: index + written.length,
    value: `+34${number.replaceAll(/\D/gu, "")}`,
  }));
}

function overlaps(a: { start: number; end: number }, b: { start: number; end: number }): boolean {
  return a.start < b.end && b.start < a.end;
}

function mapObject(object: JsonObject, change: (text: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [change(key), mapValue(value, change)]),
  );
}

function mapValue(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapValue(item, change));
  return isObject(value) ? mapObject(value, change) : value;
}

/** A piece of the text (`inicio`, `fin`, `texto`) gets its place in the original. */
function placePieces(object: JsonObject, original: string, hidden: readonly Hidden[]): JsonObject {
  const place = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(place);
    if (!isObject(value)) return value;
    const placed = Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, place(item)]),
    );
    const { inicio, fin, texto } = placed;
    if (typeof inicio !== "number" || typeof fin !== "number" || typeof texto !== "string")
      return placed;
    const start = originalOffset(inicio, hidden, "start");
    const end = originalOffset(fin, hidden, "end");
    return { ...placed, inicio: start, fin: end, texto: original.slice(start, end) };
  };
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, place(item)]));
}

/** An offset within a placeholder becomes that side of what it stands for. */
function originalOffset(offset: number, hidden: readonly Hidden[], side: "start" | "end"): number {
  let shift = 0;
  for (const piece of hidden) {
    if (offset < piece.maskedStart || (offset === piece.maskedStart && side === "start")) break;
    if (offset < piece.maskedEnd) return piece[side];
    shift = piece.end - piece.maskedEnd;
  }
  return offset + shift;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
