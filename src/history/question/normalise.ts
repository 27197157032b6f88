/** Lower case, without accents and with signs as spaces: as long as its original, so that positions fit both. */
export function normalise(text: string): string {
  let normal = "";
  for (let index = 0; index < text.length; index += 1) normal += plain(text.charAt(index));
  return normal;
}

function plain(unit: string): string {
  const base = unit.normalize("NFD").charAt(0).toLowerCase();
  // Letters, digits and what dates are written with.
  return /[\p{L}\p{N}/:-]/u.test(base) && base.length === 1 ? base : " ";
}

/** A question of which parts are taken out as they are understood. */
export class Remainder {
  #text: string;

  constructor(normal: string) {
    this.#text = ` ${normal} `;
  }

  /** Takes out the first part that fits and gives its groups. Patterns are wrapped in word borders. */
  take(pattern: string): (string | undefined)[] | undefined {
    const match = new RegExp(`(?<= )(?:${pattern})(?= )`, "u").exec(this.#text);
    if (!match) return undefined;
    const end = match.index + match[0].length;
    this.#text =
      this.#text.slice(0, match.index) + " ".repeat(match[0].length) + this.#text.slice(end);
    return match;
  }

  /** Whether there is something that fits, without taking it. */
  has(pattern: string): boolean {
    return new RegExp(`(?<= )(?:${pattern})(?= )`, "u").test(this.#text);
  }

  words(): string[] {
    return this.#text.split(" ").filter((word) => word !== "");
  }

  /** What is left, with everything at the places it had in the question. */
  text(): string {
    return this.#text.slice(1, -1);
  }
}
