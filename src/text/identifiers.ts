/** Check digits. All take letters in capitals and digits, without blanks or points. */

const DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

/** Spanish identity card: a number and its letter (Orden INT/2058/2008). */
export function isDni(code: string): boolean {
  const [, digits = "", letter] = /^(\d{7,8})([A-Z])$/.exec(code) ?? [];
  return letter !== undefined && DNI_LETTERS[Number(digits) % 23] === letter;
}

/** Spanish number of a foreigner: X, Y, Z stand for 0, 1, 2, and the rest is as a DNI. */
export function isNie(code: string): boolean {
  const [, prefix = "", rest = ""] = /^([XYZ])(\d{7}[A-Z])$/.exec(code) ?? [];
  return rest !== "" && isDni(`${"XYZ".indexOf(prefix)}${rest}`);
}

const CIF_LETTERS = "JABCDEFGHI";

/** Spanish company number (Orden EHA/451/2008). */
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

/** Characters of an IBAN by country, from the registry of ISO 13616 (SWIFT). */
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

/** ISO 13616: as long as its country has them, and the rest of dividing by 97 is 1. */
export function isIban(code: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(code)) return false;
  if ((IBAN_LENGTHS.get(code.slice(0, 2)) ?? code.length) !== code.length) return false;
  const moved = `${code.slice(4)}${code.slice(0, 4)}`;
  let rest = 0;
  for (const character of moved) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** ISO/IEC 7812: 13 to 19 digits, Luhn's check. A run of one digit is no card. */
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
