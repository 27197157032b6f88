/** What stands for a piece of personal data while a text is with a provider. */
export const HIDDEN_KINDS = ["DNI", "NIE", "CIF", "IBAN", "TARJETA", "TELEFONO", "CORREO"] as const;
export type HiddenKind = (typeof HIDDEN_KINDS)[number];

/** `[[CORREO_1]]`. With `=` at the end it stands for the value's usual form: a telephone's E.164. */
export function placeholder(kind: HiddenKind, number: number, form: "" | "=" = ""): string {
  return `[[${kind}_${number}${form}]]`;
}

/** Placeholders, also as models spell them when they are careless. */
export const PLACEHOLDER = new RegExp(
  `\\[\\[\\s?(${HIDDEN_KINDS.join("|")})_(\\d{1,6})(=?)\\s?\\]\\]`,
  "giu",
);
