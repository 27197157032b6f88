/**
 * Foldings make texts equal that differ only in how they are written. Each one tolerates different things:
 * `fold` compares words, `foldCodeUnit` keeps every offset, `foldLookAlikes` also catches disguised letters, and
 * `foldWithOffsets` (fold-with-offsets.ts) finds quotes in any script.
 */

const MARKS = /\p{M}+/gu;

/** Lower case without accents: «Nómina», «nomina» and «NÓMINA» become the same word. The length may change. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(MARKS, "").toLowerCase();
}

/** Lower case without its accent, for one UTF-16 code unit. */
export function foldCodeUnit(unit: string): string {
  return unit.normalize("NFD").charAt(0).toLowerCase();
}

/** Upper case without accents, invisible characters and compatibility forms such as «ﬁ» or «Ａ». */
export function foldLookAlikes(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[\p{M}\p{Cf}]/gu, "")
    .toUpperCase();
}
