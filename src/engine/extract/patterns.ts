import type { Span } from "./entity.ts";

export const WORD_END = "(?![\\p{L}\\p{M}\\p{N}_])";

/** Stands where something was already found: neither letter, digit, blank nor punctuation of any rule. */
const FOUND_MARK = "\uFFFC";

/**
 * The source of a regular expression for words as people type them: a blank stands for any short white space, and an
 * accented letter also matches without its accent or with a combining one.
 */
export function phrase(source: string): string {
  return source
    .replace(/[áéíóúüñ]/gu, (letter) => {
      const [base, mark] = letter.normalize("NFD");
      return `(?:${letter}|${base}${mark}?)`;
    })
    .replaceAll(" ", "(?:\\s{1,3})");
}

/** Matches a `phrase` of whole words at one place only, whatever the case: see `matchAt`. */
export function sticky(source: string): RegExp {
  return new RegExp(`${phrase(source)}${WORD_END}`, "iuy");
}

export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** The alternatives of a pattern, from words with blanks between them. */
export function anyOf(words: string): string {
  return words.split(" ").join("|");
}

/** The text with every span blotted out. Its length stays, and so does every other offset. */
export function blot(text: string, spans: readonly Span[]): string {
  let blotted = "";
  let at = 0;
  for (const { start, end } of spans) {
    blotted += text.slice(at, start) + FOUND_MARK.repeat(end - start);
    at = end;
  }
  return blotted + text.slice(at);
}

/** Of spans that share some text, the one that begins first; of those, the longest. */
export function withoutOverlaps<Some extends Span>(spans: readonly Some[]): Some[] {
  const kept: Some[] = [];
  let end = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < end) continue;
    kept.push(span);
    end = span.end;
  }
  return kept;
}
