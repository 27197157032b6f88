import { isJsonObject, type JsonObject } from "../lib/json-object.ts";
import type { TextSpan } from "../text/spans.ts";
import { findPersonalData, type PersonalDatum } from "./personal-data.ts";
import { mapTexts } from "./answers/map-texts.ts";
import { formatPlaceholder, LOOSE_PLACEHOLDER, type HiddenKind } from "./prompts/placeholder.ts";
import type { WorkResult } from "./work-result.ts";

/** How a text was masked, as plain data: enough to mask it again and to undo it, without a second search. */
export type Mask = {
  /** The hidden pieces of the text, in order. */
  pieces: readonly HiddenPiece[];
  /** The original value of each placeholder, in the text or in the options. */
  originals: ReadonlyMap<string, string>;
};

type HiddenPiece = TextSpan & { placeholder: string };

/**
 * Replaces the personal data of a text and its options with placeholders. Equal values get equal placeholders, so that
 * the text keeps its meaning. A placeholder never equals one that the text or the options already contain.
 */
export function maskPersonalData(
  text: string,
  options: JsonObject = {},
): { text: string; options: JsonObject; mask: Mask } {
  const originals = new Map<string, string>();
  const nextPlaceholder = createPlaceholderSource(`${text}\n${JSON.stringify(options)}`);
  const known = new Map<string, string>();

  const placeholderFor = (datum: PersonalDatum, written: string): string => {
    const { kind, canonical, variant = "" } = datum;
    const key = `${kind} ${canonical} ${variant}`;
    const existing = known.get(key);
    if (existing) return existing;
    const number = nextPlaceholder(kind);
    const placeholder = formatPlaceholder(kind, number);
    known.set(key, placeholder);
    originals.set(placeholder, written);
    originals.set(formatPlaceholder(kind, number, "="), canonical);
    return placeholder;
  };

  const findPieces = (source: string): HiddenPiece[] =>
    findPersonalData(source).map((datum) => {
      const { start, end } = datum;
      return { start, end, placeholder: placeholderFor(datum, source.slice(start, end)) };
    });

  const pieces = findPieces(text);
  return {
    text: replacePieces(text, pieces),
    options: mapTexts(options, (option) => replacePieces(option, findPieces(option))),
    mask: { pieces, originals },
  };
}

/** Masks the text that `mask` was made for. */
export function applyMask(text: string, { pieces }: Mask): string {
  return replacePieces(text, pieces);
}

/** Puts the personal data back into the result of the masked text. Offsets become those of the original `text`. */
export function removeMask(
  result: WorkResult,
  text: string,
  { pieces, originals }: Mask,
): WorkResult {
  const restore = (masked: string): string =>
    masked.replaceAll(
      LOOSE_PLACEHOLDER,
      (written, kind: string, number: string, form: string) =>
        originals.get(normalisePlaceholder(kind, number, form)) ?? written,
    );
  return {
    ...result,
    text: restore(result.text),
    warnings: result.warnings.map(restore),
    data: result.data && restoreOffsets(mapTexts(result.data, restore), text, pieces),
  };
}

/** Counts from 1 for each kind and skips the numbers that `given` already contains. */
function createPlaceholderSource(given: string): (kind: HiddenKind) => number {
  const taken = new Set(
    Array.from(given.matchAll(LOOSE_PLACEHOLDER), ([, kind = "", number = ""]) =>
      normalisePlaceholder(kind, number),
    ),
  );
  const counts = new Map<HiddenKind, number>();
  return (kind) => {
    let number = counts.get(kind) ?? 0;
    do number += 1;
    while (taken.has(formatPlaceholder(kind, number)));
    counts.set(kind, number);
    return number;
  };
}

function replacePieces(text: string, pieces: readonly HiddenPiece[]): string {
  let masked = "";
  let at = 0;
  for (const { start, end, placeholder } of pieces) {
    masked += text.slice(at, start) + placeholder;
    at = end;
  }
  return masked + text.slice(at);
}

/** A placeholder as we write it, from one in any spelling. */
function normalisePlaceholder(kind: string, number: string, form = ""): string {
  return `[[${kind.toUpperCase()}_${Number(number)}${form}]]`;
}

/** Moves every piece of the text (an object with `inicio`, `fin` and `texto`) to its place in the original text. */
function restoreOffsets(
  data: JsonObject,
  original: string,
  pieces: readonly HiddenPiece[],
): JsonObject {
  const restore = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(restore);
    return isJsonObject(value) ? restoreObject(value) : value;
  };
  const restoreObject = (object: JsonObject): JsonObject => {
    const restored = Object.fromEntries(
      Object.entries(object).map(([key, item]) => [key, restore(item)]),
    );
    const { inicio, fin, texto } = restored;
    if (typeof inicio !== "number" || typeof fin !== "number" || typeof texto !== "string") {
      return restored;
    }
    const start = toOriginalOffset(inicio, pieces, "start");
    const end = toOriginalOffset(fin, pieces, "end");
    return { ...restored, inicio: start, fin: end, texto: original.slice(start, end) };
  };
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, restore(item)]));
}

/** An offset inside a placeholder becomes the start or the end of the value that it hides. */
function toOriginalOffset(
  offset: number,
  pieces: readonly HiddenPiece[],
  side: "start" | "end",
): number {
  let shift = 0;
  for (const piece of pieces) {
    const maskedStart = piece.start - shift;
    const maskedEnd = maskedStart + piece.placeholder.length;
    if (offset < maskedStart || (offset === maskedStart && side === "start")) break;
    if (offset < maskedEnd) return piece[side];
    shift = piece.end - maskedEnd;
  }
  return offset + shift;
}
