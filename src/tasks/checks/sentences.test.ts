import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endsWhole, untilLastSentence } from "./sentences.ts";

const WHOLE: readonly (readonly [string, string])[] = [
  ["a full stop", "Todo salió bien."],
  ["a question", "¿Vienes?"],
  ["an exclamation", "¡Vamos!"],
  ["an ellipsis", "Ya veremos…"],
  ["three points", "Ya veremos..."],
  ["a closing quotation mark", "Dijo: «Vamos.»"],
  ["a stop behind the quotation mark", 'Dijo "vamos".'],
  ["a closing bracket", "(Véase el anexo.)"],
  ["emphasis", "**Es importante.**"],
  ["an emoji behind the stop", "¡Listo! 🎉"],
  ["an emoji instead of a stop", "Nos vemos mañana 👋🏽"],
  ["a family of emoji", "Saluda a todos. 👨‍👩‍👧"],
  ["white space", "Todo bien. \n\n"],
  ["an abbreviation that may be last", "Vende mesas, sillas, etc."],
  ["a country", "Vive en EE. UU."],
  ["a company", "Trabaja en Telefónica, S.A."],
  ["a word that is also an abbreviation", "Dijo que no."],
  ["another such word", "Se fueron al mar."],
  ["a number", "Han venido 12."],
  ["a letter that is a name", "Toma vitamina C."],
  ["Japanese", "これは文です。"],
  ["Thai, which has no stops", "สวัสดีครับ"],
  ["Hindi", "यह एक वाक्य है।"],
  ["a list without stops", "Pendiente:\n\n- Comprar leche\n- Llamar a Ana"],
  ["a list of one", "Pendiente:\n- Comprar leche"],
  ["a loose list", "1. Comprar leche\n\n2. Llamar a Ana"],
  ["a list with wrapped items", "- Comprar leche\n  y pan\n- Llamar\n  a Ana"],
  ["a list with stops", "- Comprar leche.\n- Llamar a Ana."],
  ["a row of a table", "| a | b |\n|---|---|\n| 1 | 2 |"],
  ["a closed block of code", "Así:\n\n```js\nlet a = 1\n```"],
  ["HTML", "<p>Todo <b>bien.</b></p>\n<ul><li>Uno</li></ul>"],
  ["emphasis in HTML", "Todo <b>bien.</b>"],
  ["a signature", "Nos vemos el lunes.\n\nUn saludo,\nAna Pérez\nDirectora"],
  ["a signature to fill in", "Quedo a su disposición.\n\nAtentamente,\n\n[Tu nombre]"],
];

const CUT: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["white space", " \n "],
  ["a word", "Todo salió bien. Pero lueg"],
  ["a comma", "Todo salió bien,"],
  ["a colon", "Estos son los puntos:"],
  ["a dash", "Todo salió bien —"],
  ["a heading", "Todo bien.\n\n## Conclusiones"],
  ["a title before a name", "Habló el Sr."],
  ["an example to come", "Muchos, p. ej."],
  ["a reference to come", "Véase la pág."],
  ["an initial", "El autor es J."],
  ["initials", "El autor es J. R. R."],
  ["the number of an item", "1. Comprar leche.\n2."],
  ["the marker of an item", "- Comprar leche\n-"],
  ["an item without the stop of the others", "- Comprar leche.\n- Llamar a"],
  ["an item on a joining word", "- Comprar leche\n- Llamar a"],
  ["half a row", "| a | b |\n|---|---|\n| 1 |"],
  ["an open block of code", "Así:\n\n```js\nlet a = 1."],
  ["half a paragraph of HTML", "<p>Todo bien, pero lueg"],
  ["an open bracket", "Todo salió bien ("],
  ["a sentence below a farewell", `Un saludo,\n${"y además ".repeat(10)}`],
];

describe("endsWhole", () => {
  it.each(WHOLE)("takes %s as an end", (_, text) => {
    expect(endsWhole(text)).toBe(true);
  });

  it.each(CUT)("does not take %s as an end", (_, text) => {
    expect(endsWhole(text)).toBe(false);
  });
});

describe("untilLastSentence", () => {
  it.each(WHOLE)("keeps all of a text that ends on %s", (_, text) => {
    expect(untilLastSentence(text)).toBe(text.trimEnd());
  });

  it.each([
    ["half a sentence", "Uno va. Dos tamb", "Uno va."],
    ["half a sentence behind an abbreviation", "Uno va. El Sr. Pérez lleg", "Uno va."],
    ["half a sentence behind a decimal", "Uno va. Cuesta 3.5 eur", "Uno va."],
    ["half a sentence behind initials", "Uno va. Lo dijo J. R. R. Tolk", "Uno va."],
    ["half a sentence behind a country", "Uno va. Exporta a EE. UU. y a As", "Uno va."],
    ["half a sentence behind an example", "Uno va. Muchos, p. ej. los de As", "Uno va."],
    ["a heading", "Uno va.\n\n## Dos", "Uno va."],
    ["an introduction to nothing", "Uno va.\n\nLos puntos son:", "Uno va."],
    ["half an item", "- Uno va.\n- Dos tamb", "- Uno va."],
    ["a joining word in an item", "- Uno va\n- Dos va\n- Tres con", "- Uno va\n- Dos va"],
    ["an open block of code", "Uno va.\n\n```js\nlet a.", "Uno va."],
    ["the number of an item", "1. Uno va.\n2.", "1. Uno va."],
    ["a quotation that nothing closes", "Uno va. Dijo: «Vamos a ve", "Uno va."],
  ])("drops %s", (_, text, kept) => {
    expect(untilLastSentence(text)).toBe(kept);
  });

  it.each(["", "  ", "Solo media fra", "# Título", "El Sr."])("has nothing of %j", (text) => {
    expect(untilLastSentence(text)).toBe("");
  });

  it("gives the beginning of any text, which ends whole and stays as it is", () => {
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
        const kept = untilLastSentence(text);
        expect(text.startsWith(kept)).toBe(true);
        expect(kept).toBe(kept.trimEnd());
        expect(kept === "" || endsWhole(kept)).toBe(true);
        expect(untilLastSentence(kept)).toBe(kept);
        expect(endsWhole(text)).toBe(kept !== "" && kept === text.trimEnd());
      }),
      { numRuns: 3_000 },
    );
  });

  it("finds the end of a large text without one", () => {
    expect(untilLastSentence("palabra ".repeat(100_000))).toBe("");
    expect(untilLastSentence("# Título\n".repeat(50_000))).toBe("");
  });
});
