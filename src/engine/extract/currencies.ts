import { phrase } from "./patterns.ts";

/** Currencies called peso and written «$», by country. */
const PESO_CODES: Readonly<Record<string, string>> = {
  MX: "MXN",
  AR: "ARS",
  CO: "COP",
  CL: "CLP",
  UY: "UYU",
  DO: "DOP",
  CU: "CUP",
};

const CODES =
  "EUR USD GBP MXN ARS COP CLP PEN BRL CHF JPY CNY UYU BOB VES DOP CRC GTQ HNL NIO PAB PYG CUP CAD AUD NZD SEK NOK DKK PLN CZK HUF RON INR MAD TRY".split(
    " ",
  );

/** Longer symbols first; null is the peso or dollar of the country. */
const SYMBOLS: readonly (readonly [symbol: string, code: string | null])[] = [
  ["US$", "USD"],
  ["MX$", "MXN"],
  ["AR$", "ARS"],
  ["CLP$", "CLP"],
  ["COP$", "COP"],
  ["A$", "AUD"],
  ["C$", "CAD"],
  ["R$", "BRL"],
  ["S/.", "PEN"],
  ["S/", "PEN"],
  ["€", "EUR"],
  ["£", "GBP"],
  ["¥", "JPY"],
  ["₹", "INR"],
  ["₡", "CRC"],
  ["$", null],
];

/** Names in words, as patterns. `share` is the value of a subunit; a null code is the peso of the country. */
const NAMES: readonly (readonly [pattern: string, code: string | null, share?: number])[] = [
  ["euros?", "EUR"],
  ["céntimos?(?: de euro)?", "EUR", 0.01],
  ["euro cents?", "EUR", 0.01],
  ["dólar(?:es)? canadienses?|canadian dollars?", "CAD"],
  ["dólar(?:es)? australianos?|australian dollars?", "AUD"],
  ["dólar(?:es)?(?: estadounidenses?| americanos?)?|(?:us )?dollars?", "USD"],
  ["libras? esterlinas?|pounds? sterling", "GBP"],
  ["pesos? mexicanos?|mexican pesos?", "MXN"],
  ["pesos? argentinos?|argentine pesos?", "ARS"],
  ["pesos? colombianos?|colombian pesos?", "COP"],
  ["pesos? chilenos?|chilean pesos?", "CLP"],
  ["pesos? uruguayos?", "UYU"],
  ["pesos? dominicanos?", "DOP"],
  ["pesos? cubanos?", "CUP"],
  ["pesos?", null],
  ["centavos?|cents?", null, 0.01],
  ["nuevos soles|soles", "PEN"],
  ["bolívares", "VES"],
  ["bolivianos?", "BOB"],
  ["quetzal(?:es)?", "GTQ"],
  ["lempiras?", "HNL"],
  ["córdobas?", "NIO"],
  ["colones", "CRC"],
  ["guaraní(?:es)?", "PYG"],
  ["reales brasileños|brazilian reais", "BRL"],
  ["francos? suizos?|swiss francs?", "CHF"],
  ["yen(?:es)?", "JPY"],
  ["yuan(?:es)?", "CNY"],
  ["rupias?|rupees?", "INR"],
];

const escapeSymbol = (symbol: string): string => symbol.replace(/[$./]/gu, "\\$&");

/** A symbol, or a code in capitals, before a numeral. */
export const CURRENCY_BEFORE = [...SYMBOLS.map(([symbol]) => escapeSymbol(symbol)), ...CODES].join(
  "|",
);
export const CURRENCY_SYMBOL = "[€£¥₹₡$]";
export const CURRENCY_CODE = CODES.join("|");
/** Currency words after a numeral, as a pattern source: pass it to `phrase`. */
export const CURRENCY_NAME = NAMES.map(([pattern]) => pattern).join("|");

const NAME_READERS = NAMES.map(([pattern]) => new RegExp(`^(?:${phrase(pattern)})$`, "iu"));

/** `share` is the part of the currency unit that the name stands for: 0.01 for a cent. */
type CurrencyReading = { code: string | null; share: number };

/**
 * The currency of a symbol, code or name. «$» and «pesos» are the peso of `country`; in a country without pesos, «$» is
 * the US dollar and the code of «pesos» is null.
 */
export function readCurrency(written: string, country: string): CurrencyReading {
  const peso = PESO_CODES[country] ?? null;
  const symbol = SYMBOLS.find(([one]) => one === written.toUpperCase());
  if (symbol) return { code: symbol[1] ?? peso ?? "USD", share: 1 };
  if (CODES.includes(written.toUpperCase())) return { code: written.toUpperCase(), share: 1 };
  const name = NAMES[NAME_READERS.findIndex((pattern) => pattern.test(written))];
  if (!name) return { code: null, share: 1 };
  const [, code, share = 1] = name;
  return { code: code ?? peso, share };
}
