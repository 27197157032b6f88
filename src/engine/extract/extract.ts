import { detectLanguage } from "../../text/language.ts";
import { blankOut, withoutOverlaps, type TextSpan } from "../../text/spans.ts";
import { findAmounts } from "./amounts.ts";
import { clockAt } from "./calendar.ts";
import {
  findEmails,
  findIdentifiers,
  findPhones,
  findUnknownPhones,
  findUrls,
} from "./contacts.ts";
import { findDates } from "./dates.ts";
import type { Entity, EntityKind, EntityValue } from "./entity.ts";
import { findNames } from "./names.ts";
import { findNumbers } from "./numbers.ts";

export type ExtractOptions = {
  kinds: readonly EntityKind[];
  /** ISO date-time from which «mañana» is counted; without an offset it is local to `timeZone`. */
  referenceDate: string;
  /** IANA name. */
  timeZone: string;
  /** ISO 3166 code in capitals, for telephones without a prefix, and for «$» and «pesos». */
  defaultCountry: string;
};

/**
 * The entities of these kinds, in order. None share any text: of two that could, the first in url, correo, telefono,
 * importe, fecha, numero, and then names is kept. This holds whatever `kinds` asks for, so that the figures of a date
 * are never numbers. Rule-based, for Spanish and English; an English text reads 03/05 month first and 1,500 as
 * thousands. Linear in the text.
 * @throws {RangeError} for a reference date or time zone that cannot be read
 */
export function extractLocally(text: string, options: ExtractOptions): Entity[] {
  const { kinds, defaultCountry } = options;
  const clock = clockAt(options.referenceDate, options.timeZone);
  const english = detectLanguage(text) === "en";
  const entities: Entity[] = [];
  let rest = text;

  const take = <Span extends TextSpan>(
    spans: readonly Span[],
    toValue: (span: Span) => EntityValue | null,
  ): void => {
    const kept = withoutOverlaps(spans);
    rest = blankOut(rest, kept);
    for (const span of kept) {
      const value = toValue(span);
      if (value && kinds.includes(value.tipo)) {
        const texto = text.slice(span.start, span.end);
        entities.push({ ...value, texto, inicio: span.start, fin: span.end });
      }
    }
  };

  take(findUrls(rest), () => ({ tipo: "url" }));
  take(findEmails(rest), () => ({ tipo: "correo" }));
  take(findIdentifiers(rest), () => null);
  take(findPhones(rest, defaultCountry), ({ value }) => ({ tipo: "telefono", valor: value }));
  take(findUnknownPhones(rest), () => null);
  take(findAmounts(rest, { english, country: defaultCountry }), ({ value }) => ({
    tipo: "importe",
    valor: value,
  }));
  take(findDates(rest, { clock, monthFirst: english }), ({ value }) => ({
    tipo: "fecha",
    valor: value,
  }));
  take(findNumbers(rest, { english }), ({ value }) => ({ tipo: "numero", valor: value }));
  if (kinds.some(isNameKind)) take(findNames(rest), ({ value }) => ({ tipo: value }));
  return entities.toSorted((a, b) => a.inicio - b.inicio);
}

function isNameKind(kind: EntityKind): boolean {
  return kind === "persona" || kind === "organizacion" || kind === "lugar";
}
