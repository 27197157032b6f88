/** Source of a pattern: the word before it is complete. */
export const WORD_END = "(?![\\p{L}\\p{M}\\p{N}_])";

/**
 * Pattern source for words as people type them: a space matches any short white space, and an accented letter also
 * matches without its accent or with a combining one.
 */
export function phrase(source: string): string {
  return source
    .replace(/[áéíóúüñ]/gu, (letter) => {
      const [base, mark] = letter.normalize("NFD");
      return `(?:${letter}|${base}${mark}?)`;
    })
    .replaceAll(" ", "(?:\\s{1,3})");
}

/** Sticky, case-insensitive pattern for a `phrase` of whole words; use it with `matchAt`. */
export function sticky(source: string): RegExp {
  return new RegExp(`${phrase(source)}${WORD_END}`, "iuy");
}

export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
