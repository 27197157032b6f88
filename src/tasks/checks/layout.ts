import { removeAnswerFrame } from "./answer-frame.ts";
import { countEach, listPieces } from "./pieces-in-words.ts";
import { findTermProblems, type TermRules } from "./term-problems.ts";
import { PIECE_KINDS, readLayout, type PieceKind, type TextLayout } from "./text-layout.ts";

const MAX_PROBLEMS = 20;

/**
 * Compares a translation with its source and says what changed besides the language: pieces that must stay (code,
 * links, placeholders), Markdown, lines and terms. Returns Spanish sentences that the model can act on. A frame around
 * the answer («Aquí tienes la traducción:», a code block, quotation marks) is reported once and then ignored. Linear in
 * both texts.
 */
export function findLayoutProblems(source: string, answer: string, rules: TermRules): string[] {
  const frame = removeAnswerFrame(source, answer);
  const expected = readLayout(source);
  const actual = readLayout(frame.text);
  return [
    ...frame.problems,
    ...comparePieces(expected, actual),
    ...compareMarkdown(expected, actual),
    ...compareLines(expected, actual),
    ...findTermProblems(source, frame.text, rules),
  ].slice(0, MAX_PROBLEMS);
}

const PIECE_NAMES: Record<PieceKind, string> = {
  code: "Bloques de código",
  inline: "Fragmentos de código",
  link: "Destinos de enlaces o imágenes",
  url: "Direcciones web",
  email: "Direcciones de correo",
  tag: "Etiquetas",
  placeholder: "Marcadores",
};

function comparePieces(expected: TextLayout, actual: TextLayout): string[] {
  return PIECE_KINDS.flatMap((kind) => {
    const missing = difference(expected.pieces[kind], actual.pieces[kind]);
    const extra = difference(actual.pieces[kind], expected.pieces[kind]);
    const name = PIECE_NAMES[kind];
    return [
      ...(missing.length > 0 ? [`${name} que faltan o han cambiado: ${listPieces(missing)}.`] : []),
      ...(extra.length > 0 ? [`${name} que no están en el original: ${listPieces(extra)}.`] : []),
    ];
  });
}

/** Multiset difference: the pieces that occur more often than in `others`. */
function difference(pieces: readonly string[], others: readonly string[]): string[] {
  const left = countEach(others);
  return pieces.filter((piece) => {
    const count = left.get(piece) ?? 0;
    left.set(piece, count - 1);
    return count <= 0;
  });
}

function compareMarkdown(expected: TextLayout, actual: TextLayout): string[] {
  return [
    ...compareHeadings(expected.headings, actual.headings),
    ...compareItems(expected.items, actual.items),
    ...compareRows(expected.rows, actual.rows),
    ...compareCounts("Líneas de cita («>»)", expected.quotes, actual.quotes),
    ...compareCounts("Líneas de separación («---»)", expected.rules, actual.rules),
    ...compareCounts("Imágenes («![»)", expected.images, actual.images),
    ...compareCounts("Fragmentos en negrita", expected.bold, actual.bold),
    ...compareCounts("Fragmentos en cursiva", expected.italic, actual.italic),
  ];
}

function compareHeadings(expected: readonly string[], actual: readonly string[]): string[] {
  if (expected.join(" ") === actual.join(" ")) return [];
  return [
    `Los títulos deben ser ${listHeadings(expected)}, en ese orden, y son ${listHeadings(actual)}.`,
  ];
}

const MAX_HEADINGS = 30;

function listHeadings(levels: readonly string[]): string {
  if (levels.length === 0) return "ninguno";
  const shown = levels.slice(0, MAX_HEADINGS).join(" ");
  return `«${shown}${levels.length > MAX_HEADINGS ? " …" : ""}» (${levels.length})`;
}

function compareItems(expected: readonly string[], actual: readonly string[]): string[] {
  const [expectedCounts, actualCounts] = [countEach(expected), countEach(actual)];
  return [...new Set([...expected, ...actual])].flatMap((marker) =>
    compareCounts(
      `Elementos de lista con «${marker}»`,
      expectedCounts.get(marker) ?? 0,
      actualCounts.get(marker) ?? 0,
    ),
  );
}

function compareRows(expected: readonly number[], actual: readonly number[]): string[] {
  if (expected.length !== actual.length) {
    return compareCounts("Filas de tabla", expected.length, actual.length);
  }
  const row = expected.findIndex((columns, index) => columns !== actual[index]);
  if (row === -1) return [];
  return [
    `La fila ${row + 1} de la tabla debe tener ${expected[row]} columnas y tiene ${actual[row]}.`,
  ];
}

function compareLines(expected: TextLayout, actual: TextLayout): string[] {
  return [
    ...compareCounts("Líneas con texto", expected.lines, actual.lines),
    ...compareCounts("Separaciones de párrafo (líneas en blanco)", expected.breaks, actual.breaks),
  ];
}

function compareCounts(name: string, expected: number, actual: number): string[] {
  if (expected === actual) return [];
  return [`${name}: ${expected} en el original y ${actual} en la traducción.`];
}
