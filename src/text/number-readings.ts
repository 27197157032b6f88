/** The possible numbers, as one part. When it cannot be a number, each group of digits is a part. */
export function readNumber(written: string): string[][] {
  const groups = written.split(/[.,']/u);
  const separators = written.replace(/\d/gu, "");
  const [first = "", ...rest] = groups;
  const last = groups.at(-1) ?? "";
  if (rest.length === 0) return [[canonical(first)]];
  if (rest.length === 1) {
    const decimal = separators === "'" ? [] : [canonical(first, last)];
    const readings = isGrouped(groups) ? [canonical(groups.join("")), ...decimal] : decimal;
    return readings.length > 0 ? [readings] : groups.map((group) => [canonical(group)]);
  }
  const hasOneSeparator = new Set(separators).size === 1;
  if (hasOneSeparator && isGrouped(groups)) return [[canonical(groups.join(""))]];
  const hasDecimals = !hasOneSeparator && new Set(separators.slice(0, -1)).size === 1;
  if (hasDecimals && isGrouped(groups.slice(0, -1))) {
    return [[canonical(groups.slice(0, -1).join(""), last)]];
  }
  return groups.map((group) => [canonical(group)]);
}

/** Groups of thousands, also with Indian grouping: 1,50,000. */
function isGrouped([first = "", ...rest]: readonly string[]): boolean {
  return (
    first.length <= 3 &&
    rest.at(-1)?.length !== 2 &&
    rest.every((group, index) =>
      index === rest.length - 1 || first.length === 3
        ? group.length === 3
        : group.length === 3 || group.length === 2,
    )
  );
}

/** Without redundant zeros, and with a decimal point. */
export function canonical(whole: string, decimals = ""): string {
  const integer = whole.replace(/^0+(?=\d)/u, "");
  const fraction = withoutEndZeros(decimals);
  return fraction === "" ? integer : `${integer}.${fraction}`;
}

function withoutEndZeros(digits: string): string {
  let end = digits.length;
  while (digits.charAt(end - 1) === "0") end -= 1;
  return digits.slice(0, end);
}

// ---- Other readings: «3 millones» is 3.000.000, «5 p. m.» is 17, «03/05/26» is in 2026

const SCALES: readonly (readonly [pattern: RegExp, zeros: number])[] = [
  [/^\s?(?:mil\s+(?:millones|m)|billions?|bn|milliards?|mrd)(?!\p{L})/iu, 9],
  [/^\s?(?:billones|trillions?)(?!\p{L})/iu, 12],
  [/^\s?(?:mill[oó]n(?:es)?|millions?|mill|mm|mio)(?!\p{L})/iu, 6],
  [/^\s?(?:mil|thousands?)(?!\p{L})/iu, 3],
  [/^\s?k(?!\p{L})/iu, 3],
  [/^M(?!\p{L})/u, 6],
];
const AFTERNOON = /^\s?p\.?\s?m(?!\p{L})/iu;
/** `following` is the text after the token, which may name a unit. */
export function withOtherReadings(
  parts: readonly (readonly string[])[],
  plain: string,
  following: string,
): (readonly string[])[] {
  const unit = /\d[kmb]n?$/u.test(plain) ? plain.replace(/^.*\d/u, "") : following;
  const zeros = SCALES.find(([pattern]) => pattern.test(unit === "m" ? "M" : unit))?.[1];
  const isAfternoon = AFTERNOON.test(plain.endsWith("pm") ? "pm" : following);
  return parts.map((readings, index) => {
    const scaled =
      zeros !== undefined && index === parts.length - 1
        ? readings.map((value) => shift(value, zeros))
        : [];
    const later =
      isAfternoon && index === 0
        ? readings.filter((value) => /^\d{1,2}$/u.test(value)).map((hour) => `${Number(hour) + 12}`)
        : [];
    return [...readings, ...scaled, ...later];
  });
}

function shift(value: string, zeros: number): string {
  const [whole = "", decimals = ""] = value.split(".");
  return canonical(whole + decimals.slice(0, zeros).padEnd(zeros, "0"), decimals.slice(zeros));
}

/** The last part is a year of two digits. */
export function withCenturies(parts: readonly (readonly string[])[]): (readonly string[])[] {
  return parts.map((readings, index) =>
    index === parts.length - 1
      ? readings.flatMap((year) => [
          year,
          `20${year.padStart(2, "0")}`,
          `19${year.padStart(2, "0")}`,
        ])
      : readings,
  );
}
