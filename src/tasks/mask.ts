import type { WorkResult } from "./work-result.ts";
import { findPhones } from "../engine/extract/contacts.ts";
import { POSSIBLE_EMAIL } from "../text/email.ts";
import { isCard, isCif, isDni, isIban, isNie } from "../text/identifiers.ts";
import { withoutOverlaps } from "../text/spans.ts";
import { mapTexts } from "./types/map-texts.ts";
import { CARELESS_PLACEHOLDER, placeholder, type HiddenKind } from "./types/placeholder.ts";
import type { JsonObject } from "./types/task.ts";

/** Spanish numbers need no prefix to be found. */
const COUNTRY = "ES";

/** How a text was masked, as plain data: enough to mask it again and to undo it, without a second search. */
export type Mask = {
  /** The pieces of the text that are hidden, in order. */
  pieces: readonly HiddenPiece[];
  /** What each placeholder stands for, in the text or in the options. */
  originals: ReadonlyMap<string, string>;
};

type HiddenPiece = { start: number; end: number; placeholder: string };
type Found = {
  start: number;
  end: number;
  kind: HiddenKind;
  canonical: string;
  /** Values of one canonical form that are written to mean different things: a telephone number's extension. */
  variant?: string;
};

/**
 * Hides identity documents, bank accounts and cards (those whose check digits are right), telephone numbers and e-mail
 * addresses. The same value is always the same placeholder, so that a text keeps its sense. No placeholder is one that
 * the text or the options have of their own.
 */
export function maskPersonalData(
  text: string,
  options: JsonObject = {},
): { text: string; options: JsonObject; mask: Mask } {
  const names = new Map<string, string>();
  const originals = new Map<string, string>();
  const counts = new Map<HiddenKind, number>();
  const taken = new Set(
    Array.from(
      `${text}\n${JSON.stringify(options)}`.matchAll(CARELESS_PLACEHOLDER),
      ([, kind = "", number = ""]) => usualName(kind, number),
    ),
  );

  const nameOf = ({ kind, canonical, variant = "" }: Found, written: string): string => {
    const key = `${kind} ${canonical} ${variant}`;
    const known = names.get(key);
    if (known) return known;
    let number = counts.get(kind) ?? 0;
    do number += 1;
    while (taken.has(placeholder(kind, number)));
    counts.set(kind, number);
    const name = placeholder(kind, number);
    names.set(key, name);
    originals.set(name, written);
    originals.set(placeholder(kind, number, "="), canonical);
    return name;
  };

  const piecesOf = (source: string): HiddenPiece[] =>
    findPersonalData(source).map((found) => {
      const { start, end } = found;
      return { start, end, placeholder: nameOf(found, source.slice(start, end)) };
    });

  const pieces = piecesOf(text);
  return {
    text: withPlaceholders(text, pieces),
    options: mapTexts(options, (option) => withPlaceholders(option, piecesOf(option))),
    mask: { pieces, originals },
  };
}

/** Masks the text that `mask` was made for. */
export function applyMask(text: string, { pieces }: Mask): string {
  return withPlaceholders(text, pieces);
}

/** Puts the personal data back into the result of the masked text. Offsets become those of the original `text`. */
export function removeMask(
  result: WorkResult,
  text: string,
  { pieces, originals }: Mask,
): WorkResult {
  const show = (made: string): string =>
    made.replaceAll(
      CARELESS_PLACEHOLDER,
      (given, kind: string, number: string, form: string) =>
        originals.get(usualName(kind, number, form)) ?? given,
    );
  return {
    ...result,
    text: show(result.text),
    warnings: result.warnings.map(show),
    data: result.data && placePieces(mapTexts(result.data, show), text, pieces),
  };
}

function withPlaceholders(text: string, pieces: readonly HiddenPiece[]): string {
  let masked = "";
  let at = 0;
  for (const { start, end, placeholder: name } of pieces) {
    masked += text.slice(at, start) + name;
    at = end;
  }
  return masked + text.slice(at);
}

function usualName(kind: string, number: string, form = ""): string {
  return `[[${kind.toUpperCase()}_${Number(number)}${form}]]`;
}

/** In order, none within another. */
function findPersonalData(text: string): Found[] {
  const figures = IDENTIFIERS.flatMap((identifier) => [...findIdentifiers(text, identifier)]);
  const emails = Array.from(text.matchAll(POSSIBLE_EMAIL), ({ 0: email, index }) => ({
    start: index,
    end: index + email.length,
    kind: "CORREO" as const,
    canonical: email,
  }));
  const spanishPhones = findSpanishPhones(text).map((phone) => ({ ...phone, extension: null }));
  const phones = [...spanishPhones, ...findPhones(text, COUNTRY)].map(
    ({ start, end, value, extension }) => ({
      start,
      end,
      kind: "TELEFONO" as const,
      canonical: value,
      variant: extension ?? "",
    }),
  );
  // A document's figures may look like a telephone's: documents have check digits.
  const sure = withoutOverlaps<Found>([...figures, ...emails]);
  const others = phones.filter((phone) => !sure.some((found) => overlaps(found, phone)));
  return withoutOverlaps<Found>([...sure, ...others]);
}

type Identifier = { kind: HiddenKind; pattern: RegExp; isValid: (code: string) => boolean };

/** What may stand between the figures of a number, once. */
const GAP = "[ \\u00a0\\u2007\\u2009\\u202f.\\u2010\\u2011\\u2013/-]?";
/** A label may stand right before it («DNI12345678Z»), and no figure. */
const identifier = (source: string): RegExp =>
  new RegExp(`(?<!\\p{N})${source.replaceAll("~", GAP)}(?![\\p{L}\\p{N}])`, "gu");
/** A letter before figures: apart from them only in capitals and by itself, for «factura 12345674» is no «A-12345674». */
const initial = (letters: string): string =>
  `(?:(?<!\\p{L})[${letters}]~|[${letters}${letters.toLowerCase()}](?=\\d))`;

const IDENTIFIERS: readonly Identifier[] = [
  {
    kind: "DNI",
    pattern: identifier("\\d{1,2}~\\d{3}~\\d{3}(?:~[A-Z]|[\\u2010\\u2011-]?[a-z])"),
    isValid: isDni,
  },
  {
    kind: "NIE",
    pattern: identifier(`${initial("XYZ")}\\d~\\d{3}~\\d{3}~[A-Za-z]`),
    isValid: isNie,
  },
  {
    kind: "CIF",
    pattern: identifier(`${initial("ABCDEFGHJNPQRSUVW")}\\d{2}~\\d{3}~\\d{2}~[A-Ja-j\\d]`),
    isValid: isCif,
  },
  {
    kind: "IBAN",
    pattern: identifier("[A-Za-z]{2}\\d{2}(?:~[A-Za-z\\d]){11,30}"),
    isValid: isIban,
  },
  { kind: "TARJETA", pattern: identifier("\\d(?:~\\d){12,18}"), isValid: isCard },
];

/**
 * Those whose check digits are right. What follows a number may look like more of it (the next word, a card's expiry),
 * so its beginnings are tried too, the longest first.
 */
function* findIdentifiers(text: string, { kind, pattern, isValid }: Identifier): Generator<Found> {
  const search = new RegExp(pattern);
  for (let found = search.exec(text); found; found = search.exec(text)) {
    const start = found.index;
    const written = beginningsOf(found[0]).find((beginning) => isValid(toCode(beginning)));
    search.lastIndex = start + (written?.length ?? 1);
    if (written === undefined) continue;
    yield { start, end: start + written.length, kind, canonical: toCode(written) };
  }
}

/** The whole, then without its last group, and so on. */
function beginningsOf(written: string): string[] {
  const gaps = Array.from(written.matchAll(/[^\p{L}\p{N}]/gu), ({ index }) => index);
  return [written.length, ...gaps.toReversed()].map((end) => written.slice(0, end));
}

function toCode(written: string): string {
  return written.replaceAll(/[^\p{L}\p{N}]/gu, "").toUpperCase();
}

const SPANISH_PHONE = new RegExp(
  "(?<![\\p{L}\\p{N}+])(?:(?:\\+|00)34~)?([679]\\d{2}(?:(?:~\\d{3}){2}|(?:~\\d{2}){3}))(?![\\p{L}\\p{N}])".replaceAll(
    "~",
    GAP,
  ),
  "gu",
);

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

/** A piece of the text (`inicio`, `fin`, `texto`) gets its place in the original. */
function placePieces(
  object: JsonObject,
  original: string,
  hidden: readonly HiddenPiece[],
): JsonObject {
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
function originalOffset(
  offset: number,
  hidden: readonly HiddenPiece[],
  side: "start" | "end",
): number {
  let shift = 0;
  for (const piece of hidden) {
    const maskedStart = piece.start - shift;
    const maskedEnd = maskedStart + piece.placeholder.length;
    if (offset < maskedStart || (offset === maskedStart && side === "start")) break;
    if (offset < maskedEnd) return piece[side];
    shift = piece.end - maskedEnd;
  }
  return offset + shift;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
