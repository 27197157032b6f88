import { findPhoneNumbersInText, isSupportedCountry } from "libphonenumber-js/min";
import { EMAIL } from "../../text/email.ts";
import { matchSpans, type TextSpan } from "../../text/spans.ts";
import type { EntityMatch } from "./entity.ts";
import { phrase } from "./patterns.ts";

// ---- Addresses

/** Top-level domains that make an address of something without «http» or «www», when a path follows. */
const KNOWN_DOMAINS =
  "com|org|net|edu|gov|gob|info|io|ai|app|dev|eu|es|cat|gal|eus|mx|ar|co|cl|pe|uy|ve|ec|bo|cr|gt|pa|do|uk|us|de|fr|it|pt|br|me|ly|gl|be";
const URL_CHARACTER = '[^\\s<>"«»“”\\uFFFC]';
const URL = new RegExp(
  `(?<![\\p{L}\\p{N}@._-])(?:https?://(?=[\\p{L}\\p{N}\\[])|www\\.(?=[\\p{L}\\p{N}])|(?:[a-z0-9][a-z0-9-]{0,62}\\.){1,4}(?:${KNOWN_DOMAINS})(?::\\d{1,5})?/(?=[\\p{L}\\p{N}]))${URL_CHARACTER}{0,2048}`,
  "giu",
);

/** Web addresses, without the punctuation of the sentence around them. */
export function findUrls(text: string): TextSpan[] {
  return Array.from(text.matchAll(URL), ({ 0: url, index }) => ({
    start: index,
    end: index + withoutClosing(url).length,
  })).filter(({ start, end }) =>
    /[\p{L}\p{N}]\.[\p{L}\p{N}]|\/\/[\p{L}\p{N}[]/u.test(text.slice(start, end)),
  );
}

const CLOSERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Drops trailing punctuation, and closing brackets that the address did not open. */
function withoutClosing(url: string): string {
  const open = new Map<string, number>();
  for (const character of url) {
    if (/[()[\]{}]/u.test(character)) open.set(character, (open.get(character) ?? 0) + 1);
  }
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1);
    const opener = CLOSERS[last];
    if (opener) {
      const closed = open.get(last) ?? 0;
      if (closed <= (open.get(opener) ?? 0)) break;
      open.set(last, closed - 1);
    } else if (!/[.,;:!?¡¿…'’‘`*_~|]/u.test(last)) break;
  }
  return url.slice(0, end);
}

export function findEmails(text: string): TextSpan[] {
  return matchSpans(text, EMAIL);
}

// ---- Telephones

const LIKE_A_PHONE =
  /(?<![\p{L}\p{N}])(?:\+\d{1,3}|\(\+?\d{1,4}\))[ .-]?[\d .()-]{4,20}\d(?![\p{L}\p{N}])/gu;

/** What is written as a telephone and is none that exists: its figures are not numbers either. */
export function findUnknownPhones(text: string): TextSpan[] {
  return matchSpans(text, LIKE_A_PHONE);
}

/** Account and card numbers, identity documents: figures that are nothing else. */
const IDENTIFIERS = [
  /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z\d]{4}){3,7}(?:[ \u00a0-]?[A-Z\d]{1,4})?(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}.,-])\d{4}(?:[ \u00a0-]?\d{4}){3}(?![\p{L}\p{N}]|[.,-]\d)/gu,
  /(?<![\p{L}\p{N}.,-])\d{4}[ -]\d{4}[ -]\d{2}[ -]\d{10}(?![\p{L}\p{N}])/gu,
];

/** IBANs, account and card numbers. Nothing of them is a telephone, an amount or a number. */
export function findIdentifiers(text: string): TextSpan[] {
  return IDENTIFIERS.flatMap((pattern) => matchSpans(text, pattern));
}

/** What stands before a number that is no telephone, up to the number itself. */
const NUMBERED = new RegExp(
  `(?:${phrase(
    "pedidos?|factura|facturas|recibo|expediente|referencia|ref|albarán|contrato|póliza|ticket|tique|incidencia|reserva|localizador|seguimiento|envío|código|cuenta|tarjeta|dni|nif|nie|cif|rfc|curp|iban|isbn|serie|lote|id|modelo|matrícula|order|invoice|tracking|booking|account|case|reference|serial|code|folio|cédula|pasaporte|passport|registro|cliente|colegiado|nº de [a-z]{3,12}",
  )})(?: (?:n[.º°o]{0,2}|núm(?:ero)?|num|number|no|es|is|de [a-zé]{3,14}))?\\s{0,3}[.:#nº°"'()]{0,4}\\s{0,3}$`,
  "iu",
);
const CONTEXT_CHARACTERS = 50;

/**
 * Telephone numbers that exist in the numbering plan of their country (libphonenumber); those without a prefix are of
 * `defaultCountry`, or not found when that is no ISO 3166 code in capitals. The value is E.164, without the extension.
 */
export function findPhones(
  text: string,
  defaultCountry: string,
): (EntityMatch<string> & { extension: string | null })[] {
  const country = isSupportedCountry(defaultCountry) ? { defaultCountry } : {};
  return phoneWindows(text)
    .flatMap(({ start, end }) =>
      findPhoneNumbersInText(text.slice(start, end), country).map(
        ({ startsAt, endsAt, number }) => ({
          start: start + startsAt,
          end: start + endsAt,
          value: number.number,
          extension: number.ext ?? null,
        }),
      ),
    )
    .filter((phone) => !isOtherNumber(text, phone));
}

/** Figures with what parts them in a telephone. */
const FIGURES = /[+(]?\d[\d \u00a0.()/+-]*/gu;
const LEAST_PHONE_DIGITS = 7;
/** Three telephones side by side; more figures than that are a table's, and would take the library seconds. */
const MOST_PHONE_DIGITS = 48;
/** What an extension may take behind a number, and a word that makes it no telephone before it. */
const WINDOW_MARGIN = 16;

/** The places of a text where a telephone may stand. */
function phoneWindows(text: string): TextSpan[] {
  const windows: TextSpan[] = [];
  for (const { 0: figures, index } of text.matchAll(FIGURES)) {
    const digits = figures.replaceAll(/\D/gu, "").length;
    if (digits < LEAST_PHONE_DIGITS || digits > MOST_PHONE_DIGITS) continue;
    const start = Math.max(0, index - WINDOW_MARGIN, windows.at(-1)?.end ?? 0);
    windows.push({ start, end: Math.min(text.length, index + figures.length + WINDOW_MARGIN) });
  }
  return windows;
}

function isOtherNumber(text: string, { start, end }: TextSpan): boolean {
  const written = text.slice(start, end);
  if (/^(?:\+|00)/u.test(written)) return false;
  if (/[\p{L}\p{N}_#/\\-]$|\d[.,:]$/u.test(text.slice(Math.max(0, start - 2), start))) return true;
  if (/[€$£%]\s?$/u.test(text.slice(Math.max(0, start - 2), start))) return true;
  if (/^(?:[\p{L}\p{N}_/\\-]|[.,:]\d|\s?(?:€|%|EUR\b|euros?\b))/u.test(text.slice(end, end + 6)))
    return true;
  if (/^\d{1,3}(?:[.,]\d{3}){2,}$/u.test(written)) {
    return !/(?:tel|tfno|tlf|m[óo]vil|fax|whatsapp|llam|phone|call)\p{L}{0,12}(?:[^\p{L}]{0,25}|[\s.:]{0,4}al )$/iu.test(
      text.slice(Math.max(0, start - 45), start),
    );
  }
  return NUMBERED.test(text.slice(Math.max(0, start - CONTEXT_CHARACTERS), start));
}
