import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isComplete, trimToComplete } from "./completeness.ts";

const COMPLETE: readonly (readonly [string, string])[] = [
  ["a full stop", "Todo salió bien."],
  ["a question", "¿Vienes?"],
  ["an exclamation", "¡Vamos!"],
  ["an ellipsis", "Ya veremos…"],
  ["three points", "Ya veremos..."],
  ["a closing quotation mark", "Dijo: «Vamos.»"],
  ["a full stop after the quotation mark", 'Dijo "vamos".'],
  ["a closing bracket", "(Véase el anexo.)"],
  ["emphasis", "**Es importante.**"],
  ["an emoji after the full stop", "¡Listo! 🎉"],
  ["an emoji instead of a full stop", "Nos vemos mañana 👋🏽"],
  ["a family of emoji", "Saluda a todos. 👨‍👩‍👧"],
  ["white space", "Todo bien. \n\n"],
  ["an abbreviation that may be last", "Vende mesas, sillas, etc."],
  ["the abbreviation of a country", "Vive en EE. UU."],
  ["the abbreviation of a company", "Trabaja en Telefónica, S.A."],
  ["a word that is also an abbreviation", "Dijo que no."],
  ["another word that is also an abbreviation", "Se fueron al mar."],
  ["a number", "Han venido 12."],
  ["a letter that is a name", "Toma vitamina C."],
  ["Japanese", "これは文です。"],
  ["Thai, which has no full stops", "สวัสดีครับ"],
  ["Hindi", "यह एक वाक्य है।"],
  ["a list without full stops", "Pendiente:\n\n- Comprar leche\n- Llamar a Ana"],
  ["a list with one item", "Pendiente:\n- Comprar leche"],
  ["a list with blank lines", "1. Comprar leche\n\n2. Llamar a Ana"],
  ["a list with wrapped items", "- Comprar leche\n  y pan\n- Llamar\n  a Ana"],
  ["a list with full stops", "- Comprar leche.\n- Llamar a Ana."],
  ["a row of a table", "| a | b |\n|---|---|\n| 1 | 2 |"],
  ["a closed code block", "Así:\n\n```js\nlet a = 1\n```"],
  ["HTML", "<p>Todo <b>bien.</b></p>\n<ul><li>Uno</li></ul>"],
  ["emphasis in HTML", "Todo <b>bien.</b>"],
  ["a signature", "Nos vemos el lunes.\n\nUn saludo,\nAna Pérez\nDirectora"],
  ["a signature to fill in", "Quedo a su disposición.\n\nAtentamente,\n\n[Tu nombre]"],
];

const INCOMPLETE: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["white space", " \n "],
  ["a word", "Todo salió bien. Pero lueg"],
  ["a comma", "Todo salió bien,"],
  ["a colon", "Estos son los puntos:"],
  ["a dash", "Todo salió bien —"],
  ["a heading", "Todo bien.\n\n## Conclusiones"],
  ["a title that a name must follow", "Habló el Sr."],
  ["an abbreviation before an example", "Muchos, p. ej."],
  ["an abbreviation before a page number", "Véase la pág."],
  ["an initial", "El autor es J."],
  ["initials", "El autor es J. R. R."],
  ["the number of a list item", "1. Comprar leche.\n2."],
  ["the marker of a list item", "- Comprar leche\n-"],
  ["an item without the full stop of the others", "- Comprar leche.\n- Llamar a"],
  ["an item that ends with a preposition", "- Comprar leche\n- Llamar a"],
  ["half a table row", "| a | b |\n|---|---|\n| 1 |"],
  ["an open code block", "Así:\n\n```js\nlet a = 1."],
  ["an open HTML paragraph", "<p>Todo bien, pero lueg"],
  ["an open bracket", "Todo salió bien ("],
  ["a sentence below a farewell", `Un saludo,\n${"y además ".repeat(10)}`],
];

describe("isComplete", () => {
  it.each(COMPLETE)("is true after %s", (_, text) => {
    expect(isComplete(text)).toBe(true);
  });

  it.each(INCOMPLETE)("is false after %s", (_, text) => {
    expect(isComplete(text)).toBe(false);
  });
});

describe("trimToComplete", () => {
  it.each(COMPLETE)("keeps the whole text after %s", (_, text) => {
    expect(trimToComplete(text)).toBe(text.trimEnd());
  });

  it.each([
    ["half a sentence", "Uno va. Dos tamb", "Uno va."],
    ["half a sentence after an abbreviation", "Uno va. El Sr. Pérez lleg", "Uno va."],
    ["half a sentence after a decimal point", "Uno va. Cuesta 3.5 eur", "Uno va."],
    ["half a sentence after initials", "Uno va. Lo dijo J. R. R. Tolk", "Uno va."],
    [
      "half a sentence after the abbreviation of a country",
      "Uno va. Exporta a EE. UU. y a As",
      "Uno va.",
    ],
    ["half a sentence after «p. ej.»", "Uno va. Muchos, p. ej. los de As", "Uno va."],
    ["a heading", "Uno va.\n\n## Dos", "Uno va."],
    ["an introduction without a list", "Uno va.\n\nLos puntos son:", "Uno va."],
    ["half a list item", "- Uno va.\n- Dos tamb", "- Uno va."],
    [
      "an item that ends with a preposition",
      "- Uno va\n- Dos va\n- Tres con",
      "- Uno va\n- Dos va",
    ],
    ["an open code block", "Uno va.\n\n```js\nlet a.", "Uno va."],
    ["the number of a list item", "1. Uno va.\n2.", "1. Uno va."],
    ["an open quotation", "Uno va. Dijo: «Vamos a ve", "Uno va."],
  ])("drops %s", (_, text, kept) => {
    expect(trimToComplete(text)).toBe(kept);
  });

  it.each(["", "  ", "Solo media fra", "# Título", "El Sr."])(
    "returns an empty text for %j",
    (text) => {
      expect(trimToComplete(text)).toBe("");
    },
  );

  it("returns a complete beginning of any text and does not change it again", () => {
    const piece = fc.constantFrom(
      "Uno", " ", " ", "\n", "\n\n", ".", ". ", "?", "…", ":", ",", "Sr.", "p. ej.", "J.", "3.5", "- ", "1. ", "## ",
      "|", "```", "«", "»", "(", ")", "🎉", "。", "EE. UU.", "Un saludo,", "y",
    ); // oxfmt-ignore
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const kept = trimToComplete(text);
        expect(text.startsWith(kept)).toBe(true);
        expect(kept).toBe(kept.trimEnd());
        expect(kept === "" || isComplete(kept)).toBe(true);
        expect(trimToComplete(kept)).toBe(kept);
        expect(isComplete(text)).toBe(kept !== "" && kept === text.trimEnd());
      }),
      { numRuns: 3_000 },
    );
  });

  it("handles large texts without any complete sentence", () => {
    expect(trimToComplete("palabra ".repeat(100_000))).toBe("");
    expect(trimToComplete("# Título\n".repeat(50_000))).toBe("");
  });
});
