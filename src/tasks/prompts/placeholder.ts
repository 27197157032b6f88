/** The kinds of personal data that are hidden from the provider. The names are part of the placeholders. */
export const HIDDEN_KINDS = ["DNI", "NIE", "CIF", "IBAN", "TARJETA", "TELEFONO", "CORREO"] as const;
export type HiddenKind = (typeof HIDDEN_KINDS)[number];

/** `[[CORREO_1]]`, or `[[TELEFONO_1=]]` for the canonical form of the value: E.164 for a telephone number. */
export function formatPlaceholder(kind: HiddenKind, number: number, form: "" | "=" = ""): string {
  return `[[${kind}_${number}${form}]]`;
}

const KINDS = HIDDEN_KINDS.join("|");

/** Placeholders as we write them. */
export const PLACEHOLDER = new RegExp(`\\[\\[(${KINDS})_(\\d{1,6})(=?)\\]\\]`, "gu");

/** Placeholders as models may return them: in lower case, with missing, single or escaped brackets. */
export const LOOSE_PLACEHOLDER = new RegExp(
  `(?:(?:\\\\?\\[){1,2}\\s?)?(?<![\\p{L}\\p{N}_])(${KINDS})\\\\?_(\\d{1,6})(=?)(?!\\p{N})(?:\\s?(?:\\\\?\\]){1,2})?`,
  "giu",
);

/** The rule for the model, sent with a text that contains placeholders. */
export const PLACEHOLDER_RULE =
  "Las marcas como [[DNI_1]] o [[CORREO_2]] están en lugar de datos que no se muestran: donde hagan falta, cópialas letra por letra.";
