const MAX_PIECES = 5;
const MAX_PIECE_CHARS = 80;

/** «uno», «dos» (2 veces), y 3 más. */
export function listPieces(pieces: readonly string[]): string {
  const distinct = [...countEach(pieces)].map(
    ([piece, count]) => `${quotePiece(piece)}${count > 1 ? ` (${count} veces)` : ""}`,
  );
  const rest = distinct.length - MAX_PIECES;
  return [...distinct.slice(0, MAX_PIECES), ...(rest > 0 ? [`y ${rest} más`] : [])].join(", ");
}

/** On one line, shortened, between quotation marks. */
export function quotePiece(piece: string): string {
  const line = piece.trim().replace(/\s*[\n\r]\s*/gu, " ⏎ ");
  const isLong = line.length > MAX_PIECE_CHARS;
  return `«${isLong ? `${line.slice(0, MAX_PIECE_CHARS).toWellFormed()}…` : line}»`;
}

export function countEach(pieces: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return counts;
}
