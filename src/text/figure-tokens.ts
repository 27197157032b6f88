import type { TextSpan } from "./spans.ts";

/** Digits with everything that is written together with them: «FRA-2026», «17:30», «25kg». */
export type FigureToken = TextSpan & {
  /** With ASCII digits and separators, in lower case. */
  plain: string;
};

const WORD_CHARACTER = /[\p{L}\p{M}\p{Nd}]/u;
const LINK = /[-‐‑_]/u;
/** Words and numbers joined by hyphens or underscores. Number separators count only between digits. */
const TOKEN =
  /[\p{L}\p{M}\p{Nd}]+(?:(?:[-‐‑_]|(?<=\p{Nd})[/.,:'’´٫٬．，：–×](?=\p{Nd}))[\p{L}\p{M}\p{Nd}]+)*/uy;

export function findFigureTokens(text: string): FigureToken[] {
  const digit = /\p{Nd}/gu;
  const token = new RegExp(TOKEN);
  const tokens: FigureToken[] = [];
  let end = 0;
  for (let found = digit.exec(text); found; found = digit.exec(text)) {
    const start = startOfToken(text, found.index, end);
    token.lastIndex = start;
    const written = token.exec(text)?.[0] ?? found[0];
    end = start + written.length;
    tokens.push({ start, end, plain: toPlain(written) });
    digit.lastIndex = end;
  }
  return tokens;
}

function startOfToken(text: string, digit: number, from: number): number {
  let start = digit;
  while (start > from) {
    if (WORD_CHARACTER.test(text.charAt(start - 1))) start -= 1;
    else if (
      start - 1 > from &&
      LINK.test(text.charAt(start - 1)) &&
      WORD_CHARACTER.test(text.charAt(start - 2))
    )
      start -= 2;
    else break;
  }
  return start;
}

function toPlain(written: string): string {
  if (/^[\d.,]+$/u.test(written)) return written;
  return written
    .normalize("NFKC")
    .replace(/(?!\d)\p{Nd}/gu, (digit) => String(digitValue(digit)))
    .replace(/[’´]/gu, "'")
    .replace(/٫/gu, ",")
    .replace(/٬/gu, ".")
    .replace(/[‐‑–]/gu, "-")
    .toLowerCase();
}

/** Unicode encodes the digits of each script as a run of ten, starting with zero. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}
