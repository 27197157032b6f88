import { detectLanguage } from "../../text/language.ts";
import { blankOut, withoutOverlaps, type TextSpan } from "../../text/spans.ts";
import { findAccountNumbers } from "./account-numbers.ts";
import { findEmails, findUrls } from "./addresses.ts";
import { findAmounts } from "./amounts.ts";
import { findDates } from "./dates.ts";
import type { Entity, EntityKind, EntityValue } from "./entity.ts";
import { findNames } from "./names.ts";
import { findNumbers } from "./numbers.ts";
import { findInvalidPhones, findPhones } from "./phones.ts";
import { toReferenceClock } from "./reference-clock.ts";

type ExtractOptions = {
  kinds: readonly EntityKind[];
  /** ISO date-time from which «mañana» is counted; without an offset it is local to `timeZone`. */
  referenceDate: string;
  /** IANA name. */
  timeZone: string;
  /** ISO 3166 code in capitals, for phone numbers without a prefix and for «$» and «pesos». */
  defaultCountry: string;
};

/**
 * The entities of these kinds, in order and without overlaps. Rule-based, for Spanish and English; an English text
 * reads 03/05 month first and 1,500 as thousands. Linear in the text.
 *
 * When text could belong to two kinds, the first of url, correo, telefono, importe, fecha, numero and then names wins.
 * Except for names, all kinds are searched regardless of `kinds`, so the digits of a date are never numbers.
 * @throws {RangeError} for an unreadable reference date or time zone
 */
export function extractLocally(text: string, options: ExtractOptions): Entity[] {
  const { kinds, defaultCountry: country } = options;
  const clock = toReferenceClock(options.referenceDate, options.timeZone);
  const isEnglish = detectLanguage(text) === "en";
  const entities: Entity[] = [];
  let rest = text;

  /** Hides these spans from the later steps. */
  const skip = <Span extends TextSpan>(spans: readonly Span[]): Span[] => {
    const kept = withoutOverlaps(spans);
    rest = blankOut(rest, kept);
    return kept;
  };
  const take = <Span extends TextSpan>(
    spans: readonly Span[],
    toValue: (span: Span) => EntityValue,
  ): void => {
    for (const span of skip(spans)) {
      const value = toValue(span);
      if (!kinds.includes(value.kind)) continue;
      const { start, end } = span;
      entities.push({ ...value, text: text.slice(start, end), start, end });
    }
  };

  take(findUrls(rest), () => ({ kind: "url" }));
  take(findEmails(rest), () => ({ kind: "correo" }));
  skip(findAccountNumbers(rest));
  take(findPhones(rest, country), ({ value }) => ({ kind: "telefono", value }));
  skip(findInvalidPhones(rest));
  take(findAmounts(rest, { isEnglish, country }), ({ value }) => ({ kind: "importe", value }));
  take(findDates(rest, { clock, monthFirst: isEnglish }), ({ value }) => ({
    kind: "fecha",
    value,
  }));
  take(findNumbers(rest, { isEnglish }), ({ value }) => ({ kind: "numero", value }));
  if (kinds.some(isNameKind)) take(findNames(rest), ({ value }) => ({ kind: value }));
  return entities.toSorted((a, b) => a.start - b.start);
}

function isNameKind(kind: EntityKind): boolean {
  return kind === "persona" || kind === "organizacion" || kind === "lugar";
}
