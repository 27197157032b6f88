import { findPhones } from "../engine/extract/phones.ts";
import { POSSIBLE_EMAIL } from "../text/email.ts";
import { isCard, isCif, isDni, isIban, isNie } from "../text/identifiers.ts";
import { withoutOverlaps, type TextSpan } from "../text/spans.ts";
import type { HiddenKind } from "./prompts/placeholder.ts";

/** Telephone numbers of this country are found without a prefix. */
const COUNTRY = "ES";

export type PersonalDatum = TextSpan & {
  kind: HiddenKind;
  /** The same for every way of writing the value: digits without separators, a telephone number as E.164. */
  canonical: string;
  /** Distinguishes values with the same canonical form and a different meaning: the extension of a telephone number. */
  variant?: string;
};

/**
 * Finds identity documents, bank accounts and cards (only those with valid check digits), telephone numbers and e-mail
 * addresses. Returns them in order and without overlaps.
 */
export function findPersonalData(text: string): PersonalDatum[] {
  const identifiers = IDENTIFIERS.flatMap((identifier) => [...findIdentifiers(text, identifier)]);
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
  // The digits of a document can look like a telephone number. Documents win, since they have check digits.
  const certain = withoutOverlaps<PersonalDatum>([...identifiers, ...emails]);
  const others = phones.filter((phone) => !certain.some((datum) => overlaps(datum, phone)));
  return withoutOverlaps<PersonalDatum>([...certain, ...others]);
}

type Identifier = { kind: HiddenKind; pattern: RegExp; isValid: (code: string) => boolean };

/** An optional separator between the digits of a number. The patterns below write it as «~». */
const GAP = "[ \\u00a0\\u2007\\u2009\\u202f.\\u2010\\u2011\\u2013/-]?";
/** A letter may precede the identifier («DNI12345678Z»); a digit may not. */
const identifier = (source: string): RegExp =>
  new RegExp(`(?<!\\p{N})${source.replaceAll("~", GAP)}(?![\\p{L}\\p{N}])`, "gu");
/** The letter before the digits. Only a single capital may be separate: «factura 12345674» is not «A-12345674». */
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
 * Finds the matches with valid check digits. The pattern may also match what follows the number (the next word, a card's
 * expiry date), so shorter beginnings of the match are tried too, longest first.
 */
function* findIdentifiers(
  text: string,
  { kind, pattern, isValid }: Identifier,
): Generator<PersonalDatum> {
  const search = new RegExp(pattern);
  for (let match = search.exec(text); match; match = search.exec(text)) {
    const start = match.index;
    const written = beginningsOf(match[0]).find((beginning) => isValid(toCode(beginning)));
    search.lastIndex = start + (written?.length ?? 1);
    if (written === undefined) continue;
    yield { start, end: start + written.length, kind, canonical: toCode(written) };
  }
}

/** The whole text, then the text without its last group, and so on. */
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

/** Every number of the right form, whatever its context: hiding too much does no harm. */
function findSpanishPhones(text: string): (TextSpan & { value: string })[] {
  return Array.from(text.matchAll(SPANISH_PHONE), ({ 0: written, 1: number = "", index }) => ({
    start: index,
    end: index + written.length,
    value: `+34${number.replaceAll(/\D/gu, "")}`,
  }));
}

function overlaps(a: TextSpan, b: TextSpan): boolean {
  return a.start < b.end && b.start < a.end;
}
