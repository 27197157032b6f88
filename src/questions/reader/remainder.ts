/** Replaces what was taken, so that the words around it do not become neighbours. Normalised text never has it. */
const TAKEN = "·";

/** The part of a question that is not understood yet. Each rule takes out what it understands. */
export class Remainder {
  #text: string;

  constructor(normal: string) {
    this.#text = ` ${normal} `;
  }

  /** Takes out the first match of a pattern of whole words, and returns it with its groups. */
  take(pattern: string): RegExpExecArray | undefined {
    const match = compile(pattern).exec(this.#text);
    if (!match) return undefined;
    const end = match.index + match[0].length;
    this.#text =
      this.#text.slice(0, match.index) + TAKEN.repeat(match[0].length) + this.#text.slice(end);
    return match;
  }

  /** Takes out the first match of the first pattern that has any. */
  takeFirst(patterns: readonly string[]): RegExpExecArray | undefined {
    for (const pattern of patterns) {
      const match = this.take(pattern);
      if (match) return match;
    }
    return undefined;
  }

  takeAll(pattern: string): string[] {
    const taken: string[] = [];
    for (let match = this.take(pattern); match; match = this.take(pattern)) taken.push(match[0]);
    return taken;
  }

  has(pattern: string): boolean {
    return compile(pattern).test(this.#text);
  }

  words(): string[] {
    return this.#text.split(/[ ·]+/).filter((word) => word !== "");
  }

  /** Start of the taken end of the text; undefined when the text does not end with taken parts. */
  takenTail(): number | undefined {
    const tail = /(?<!·.*)·[· ]*$/.exec(this.#text);
    return tail ? tail.index - 1 : undefined;
  }
}

/** Its keys are long, so patterns should be constants: the hash of a constant is computed only once. */
const compiled = new Map<string, RegExp>();

/** A space in a pattern matches several, because signs became spaces. */
function compile(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const expression = new RegExp(`(?<= )(?:${pattern.replaceAll(" ", " +")})(?= )`, "u");
  compiled.set(pattern, expression);
  return expression;
}
