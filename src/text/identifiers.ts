/** Check digits of identity, tax, bank and card numbers. Every code is in capital letters and digits, without separators. */

const DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

/** Spanish identity card number with its check letter (Orden INT/2058/2008). */
export function isDni(code: string): boolean {
  const [, digits = "", letter] = /^(\d{7,8})([A-Z])$/.exec(code) ?? [];
  return letter !== undefined && DNI_LETTERS[Number(digits) % 23] === letter;
}

/** Spanish identity number of foreigners: a DNI whose first digit is written X, Y or Z for 0, 1 or 2. */
export function isNie(code: string): boolean {
  const [, prefix = "", suffix = ""] = /^([XYZ])(\d{7}[A-Z])$/.exec(code) ?? [];
  return suffix !== "" && isDni(`${"XYZ".indexOf(prefix)}${suffix}`);
}

const CIF_LETTERS = "JABCDEFGHI";

/** Spanish tax number of organisations (Orden EHA/451/2008). */
export function isCif(code: string): boolean {
  const [, kind = "", digits = "", control = ""] =
    /^([A-HJNP-SUVW])(\d{7})([A-J\d])$/.exec(code) ?? [];
  if (control === "") return false;
  const sum = Array.from(digits, Number).reduce((total, digit, index) => {
    if (index % 2 === 1) return total + digit;
    const doubled = digit * 2;
    return total + Math.floor(doubled / 10) + (doubled % 10);
  }, 0);
  const check = (10 - (sum % 10)) % 10;
  if ("NPQRSW".includes(kind)) return control === CIF_LETTERS[check];
  if ("ABEH".includes(kind)) return control === String(check);
  return control === String(check) || control === CIF_LETTERS[check];
}

/** IBAN length by country, from the ISO 13616 registry (SWIFT). */
const IBAN_LENGTHS = new Map(
  Object.entries({
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE KZ LT LU XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "PT",
    26: "IS TR",
    27: "FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB PL",
    29: "BR EG PS QA UA",
    30: "JO KW MU",
    31: "MT",
  }).flatMap(([length, countries]) =>
    countries.split(" ").map((country) => [country, Number(length)] as const),
  ),
);

/** ISO 13616: the length fits the country and the remainder modulo 97 is 1. */
export function isIban(code: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(code)) return false;
  if ((IBAN_LENGTHS.get(code.slice(0, 2)) ?? code.length) !== code.length) return false;
  const moved = `${code.slice(4)}${code.slice(0, 4)}`;
  let remainder = 0;
  for (const character of moved) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** ISO/IEC 7812: 13 to 19 digits that pass Luhn's check. One repeated digit is rejected. */
export function isCard(code: string): boolean {
  if (!/^\d{13,19}$/.test(code) || /^(\d)\1+$/.test(code)) return false;
  const sum = code
    .split("")
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}
