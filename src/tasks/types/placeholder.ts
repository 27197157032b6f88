/** What stands for a piece of personal data while a text is with a provider. */
export const HIDDEN_KINDS = ["DNI", "NIE", "CIF", "IBAN", "TARJETA", "TELEFONO", "CORREO"] as const;
export type HiddenKind = (typeof HIDDEN_KINDS)[number];

/** `[[CORREO_1]]`. With `=` at the end it stands for the value's usual form: a telephone's E.164. */
export function placeholder(kind: HiddenKind, number: number, form: "" | "=" = ""): string {
  return `[[${kind}_${number}${form}]]`;
}

const KINDS = HIDDEN_KINDS.join("|");

/** Placeholders as we write them. */
export const PLACEHOLDER = new RegExp(`\\[\\[(${KINDS})_(\\d{1,6})(=?)\\]\\]`, "gu");

/** The same as models spell them when they are careless: in small letters, with other brackets or escaped ones. */
export const CARELESS_PLACEHOLDER = new RegExp(
  `(?:(?:\\\\?\\[){1,2}\\s?)?(?<![\\p{L}\\p{N}_])(${KINDS})\\\\?_(\\d{1,6})(=?)(?!\\p{N})(?:\\s?(?:\\\\?\\]){1,2})?`,
  "giu",
);

/** Told to the model with a text that holds some. */
export const PLACEHOLDERS_STAY =
  "Las marcas como [[DNI_1]] o [[CORREO_2]] están en lugar de datos que no se muestran: donde hagan falta, cópialas letra por letra.";
