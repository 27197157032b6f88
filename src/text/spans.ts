/** Part of a text, in UTF-16 code units; `end` is exclusive. */
export type TextSpan = { start: number; end: number };

/** Up to `length` code units before the offset. */
export function textBefore(text: string, offset: number, length: number): string {
  return text.slice(Math.max(0, offset - length), offset);
}

/** Up to `length` code units from the offset on. */
export function textAfter(text: string, offset: number, length: number): string {
  return text.slice(offset, offset + length);
}

/** Replaces text that was already read: it is no letter, digit, white space or punctuation for any pattern. */
const BLANK_MARK = "\uFFFC";

/** Where a global pattern matches. */
export function matchSpans(text: string, pattern: RegExp): TextSpan[] {
  return Array.from(text.matchAll(pattern), ({ 0: written, index }) => ({
    start: index,
    end: index + written.length,
  }));
}

/** Replaces each span with marks. The text keeps its length, so all other offsets stay valid. */
export function blankOut(text: string, spans: readonly TextSpan[]): string {
  let blanked = "";
  let at = 0;
  for (const { start, end } of spans) {
    blanked += text.slice(at, start) + BLANK_MARK.repeat(end - start);
    at = end;
  }
  return blanked + text.slice(at);
}

/** Removes overlaps: the earliest start wins, then the longest. Sorted by start. */
export function withoutOverlaps<Span extends TextSpan>(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  let end = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < end) continue;
    kept.push(span);
    end = span.end;
  }
  return kept;
}
