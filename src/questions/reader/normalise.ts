/** Lower case, without accents and with signs as spaces: as long as its original, so that positions fit both. */
export function normalise(text: string): string {
  let normal = "";
  for (let index = 0; index < text.length; index += 1) normal += plain(text.charAt(index));
  return normal;
}

/** The sign of degrees is what many keyboards have for «nº». */
const ORDINAL_MARKS: Record<string, string> = { º: "o", "°": "o", ª: "a" };

function plain(unit: string): string {
  const base = ORDINAL_MARKS[unit] ?? unit.normalize("NFD").charAt(0).toLowerCase();
  // Letters, digits and what dates are written with.
  return /[\p{L}\p{N}/:-]/u.test(base) && base.length === 1 ? base : " ";
}

/** Stands where something was taken out, and in no folded text, so that what was around it does not become neighbours. */
const TAKEN = "·";

/** A question of which parts are taken out as they are understood. */
export class Remainder {
  #text: string;

  constructor(normal: string) {
    this.#text = ` ${normal} `;
  }

  /** Takes out the first part that fits and gives its groups. Patterns are wrapped in word borders. */
  take(pattern: string): RegExpExecArray | undefined {
    const match = compiled(pattern).exec(this.#text);
    if (!match) return undefined;
    const end = match.index + match[0].length;
    this.#text =
      this.#text.slice(0, match.index) + TAKEN.repeat(match[0].length) + this.#text.slice(end);
    return match;
  }

  /** Whether there is something that fits, without taking it. */
  has(pattern: string): boolean {
    return compiled(pattern).test(this.#text);
  }

  words(): string[] {
    return this.#text.split(/[ ·]+/).filter((word) => word !== "");
  }

  /** Where what was taken out begins, if all behind it was taken too; undefined when nothing or anything else was. */
  takenTail(): number | undefined {
    const tail = /(?<!·.*)·[· ]*$/.exec(this.#text);
    return tail ? tail.index - 1 : undefined;
  }
}

const patterns = new Map<string, RegExp>();

/** A blank in a pattern is as many as there are in the text: signs are blanks too. */
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const expression = new RegExp(`(?<= )(?:${pattern.replaceAll(" ", " +")})(?= )`, "u");
  patterns.set(pattern, expression);
  return expression;
}
