import { matchSpans, type TextSpan } from "../../text/spans.ts";

const IBAN =
  /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z\d]{4}){3,7}(?:[ \u00a0-]?[A-Z\d]{1,4})?(?![\p{L}\p{N}])/gu;
const CARD = /(?<![\p{L}\p{N}.,-])\d{4}(?:[ \u00a0-]?\d{4}){3}(?![\p{L}\p{N}]|[.,-]\d)/gu;
/** Spanish account number from before the IBAN. */
const ACCOUNT = /(?<![\p{L}\p{N}.,-])\d{4}[ -]\d{4}[ -]\d{2}[ -]\d{10}(?![\p{L}\p{N}])/gu;

/** IBANs, card and account numbers. They are never phone numbers, amounts or numbers. */
export function findAccountNumbers(text: string): TextSpan[] {
  return [IBAN, CARD, ACCOUNT].flatMap((pattern) => matchSpans(text, pattern));
}
