import { findPhoneNumbersInText, isSupportedCountry } from "libphonenumber-js/min";
import { matchSpans, textAfter, textBefore, type TextSpan } from "../../text/spans.ts";
import type { EntityMatch } from "./entity.ts";
import { phrase } from "./patterns.ts";

const LIKE_A_PHONE =
  /(?<![\p{L}\p{N}])(?:\+\d{1,3}|\(\+?\d{1,4}\))[ .-]?[\d .()-]{4,20}\d(?![\p{L}\p{N}])/gu;

/** Texts that look like a phone number. The ones that `findPhones` does not confirm are invalid, and are not numbers either. */
export function findInvalidPhones(text: string): TextSpan[] {
  return matchSpans(text, LIKE_A_PHONE);
}

/** Text before a number that names it as something else than a phone number. */
const NUMBERED = new RegExp(
  `(?:${phrase(
    "pedidos?|factura|facturas|recibo|expediente|referencia|ref|albarán|contrato|póliza|ticket|tique|incidencia|reserva|localizador|seguimiento|envío|código|cuenta|tarjeta|dni|nif|nie|cif|rfc|curp|iban|isbn|serie|lote|id|modelo|matrícula|order|invoice|tracking|booking|account|case|reference|serial|code|folio|cédula|pasaporte|passport|registro|cliente|colegiado|nº de [a-z]{3,12}",
  )})(?: (?:n[.º°o]{0,2}|núm(?:ero)?|num|number|no|es|is|de [a-zé]{3,14}))?\\s{0,3}[.:#nº°"'()]{0,4}\\s{0,3}$`,
  "iu",
);
const CONTEXT_LENGTH = 50;

/** The value is the E.164 form, without the extension. */
type PhoneMatch = EntityMatch<string> & { extension: string | null };

/**
 * Phone numbers that are valid in the numbering plan of their country (libphonenumber). Numbers without a prefix belong
 * to `defaultCountry`; when that is no ISO 3166 code in capitals, they are not found.
 */
export function findPhones(text: string, defaultCountry: string): PhoneMatch[] {
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

/** Digits and the separators of phone numbers. */
const DIGIT_RUN = /[+(]?\d[\d \u00a0.()/+-]*/gu;
const MIN_PHONE_DIGITS = 7;
/** Three phone numbers in a row. Longer runs are tables, and would take the library seconds. */
const MAX_PHONE_DIGITS = 48;
/** Room for an extension after the number, and for a word before it that shows it is no phone number. */
const WINDOW_MARGIN = 16;

/** The parts of a text that may contain phone numbers: the library is slow on long texts. */
function phoneWindows(text: string): TextSpan[] {
  const windows: TextSpan[] = [];
  for (const { 0: run, index } of text.matchAll(DIGIT_RUN)) {
    const digits = run.replaceAll(/\D/gu, "").length;
    if (digits < MIN_PHONE_DIGITS || digits > MAX_PHONE_DIGITS) continue;
    const start = Math.max(0, index - WINDOW_MARGIN, windows.at(-1)?.end ?? 0);
    windows.push({ start, end: Math.min(text.length, index + run.length + WINDOW_MARGIN) });
  }
  return windows;
}

const PART_OF_CODE_BEFORE = /[\p{L}\p{N}_#/\\-]$|\d[.,:]$/u;
const PART_OF_CODE_AFTER = /^(?:[\p{L}\p{N}_/\\-]|[.,:]\d|\s?(?:€|%|EUR\b|euros?\b))/u;
const CALLED_PHONE =
  /(?:tel|tfno|tlf|m[óo]vil|fax|whatsapp|llam|phone|call)\p{L}{0,12}(?:[^\p{L}]{0,25}|[\s.:]{0,4}al )$/iu;

/** A code, an amount of money or a large count with the digits of a phone number. */
function isOtherNumber(text: string, { start, end }: TextSpan): boolean {
  const written = text.slice(start, end);
  if (/^(?:\+|00)/u.test(written)) return false;
  if (PART_OF_CODE_BEFORE.test(textBefore(text, start, 2))) return true;
  if (/[€$£%]\s?$/u.test(textBefore(text, start, 2))) return true;
  if (PART_OF_CODE_AFTER.test(textAfter(text, end, 6))) return true;
  const hasThousands = /^\d{1,3}(?:[.,]\d{3}){2,}$/u.test(written);
  if (hasThousands) return !CALLED_PHONE.test(textBefore(text, start, 45));
  return NUMBERED.test(textBefore(text, start, CONTEXT_LENGTH));
}
