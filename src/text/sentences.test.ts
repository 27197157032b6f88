import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitSentences } from "./sentences.ts";

const texts = (source: string) => splitSentences(source).map(({ text }) => text);

/** Splitting the joined sentences must return the same sentences. */
const PROSE: readonly (readonly [string, readonly string[]])[] = [
  [
    "titles before names",
    ["El Sr. Pérez y la Dra. López llegaron tarde.", "Luego habló D. Juan con Dña. Ana."],
  ],
  [
    "countries, companies and lists that trail off",
    [
      "Exporta a EE. UU. y a Asia.",
      "Trabaja en Telefónica, S.A. desde 2019.",
      "Vende mesas, sillas, etc.",
      "También camas, etc., y más.",
    ],
  ],
  ["an abbreviation that ends its sentence", ["Viven en EE. UU.", "La empresa crece."]],
  [
    "numbers, decimals and references",
    [
      "Véase el art. 12 y la pág. 3.",
      "Cuesta 1.234,56 € o 3.5 USD.",
      "Núm. 4.",
      "El resto no.",
      "Fin.",
    ],
  ],
  [
    "addresses",
    ["Visita https://example.com/a.b?c=d.", "Escribe a ana.p@example.com.", "Gracias."],
  ],
  ["initials", ["J. R. R. Tolkien escribió mucho.", "A. Machado también."]],
  ["ellipses", ["No sé… quizá mañana.", "Bueno...", "Ya veremos [...] si eso."]],
  [
    "Spanish questions and exclamations",
    ["¿Vienes?", "¡Claro que sí!", "¿Quién? ¿cuándo? ¿dónde?", "Vale."],
  ],
  [
    "quotations and asides with stops inside",
    [
      "«No puedo. Es imposible.»",
      "Luego dijo “No. Nunca.” y salió.",
      "(Véase el anexo. También el índice.)",
      "Después, nada.",
    ],
  ],
  ["dialogue", ["—¿Vienes? —preguntó Ana.", "—No."]],
  [
    "English abbreviations",
    [
      "Mr. Smith lives in the U.S. and works for Acme Inc. in Ohio.",
      "He left at 5 p.m. on Monday, e.g. for Fig. 3.",
      "The end.",
    ],
  ],
  ["times and centuries", ["Nació en el s. XX a las 10.30 h.", "Murió a las 5 p. m. en casa."]],
  ["messages without any capital", ["hola.", "no puedo entrar, p. ej. ayer.", "¿podéis mirarlo?"]],
];

describe("splitSentences", () => {
  it.each(PROSE)("splits and keeps whole: %s", (_, sentences) => {
    expect(texts(sentences.join(" "))).toEqual(sentences);
  });

  it("returns each list item as a sentence, without its marker", () => {
    expect(texts("Temas:\n- primero\n• segundo.\n3. Tercero\n4) Cuarto")).toEqual([
      "Temas:",
      "primero",
      "segundo.",
      "Tercero",
      "Cuarto",
    ]);
  });

  it("separates a heading from the text below it, also without a blank line", () => {
    const body = "Las ventas subieron un 12 % en el primer trimestre del año en curso.";
    expect(texts(`Resumen ejecutivo\n${body}\n\nConclusión\nSeguimos.`)).toEqual([
      "Resumen ejecutivo",
      body,
      "Conclusión",
      "Seguimos.",
    ]);
  });

  it("joins the wrapped lines of a mail", () => {
    const wrapped =
      "El comité se reunió ayer por la tarde en la sede de la empresa en\nMadrid para hablar del presupuesto. La próxima reunión será el martes\nque viene.";
    expect(texts(wrapped)).toEqual([
      "El comité se reunió ayer por la tarde en la sede de la empresa en\nMadrid para hablar del presupuesto.",
      "La próxima reunión será el martes\nque viene.",
    ]);
  });

  it("splits short lines that start with a capital", () => {
    expect(texts("Comprar leche\nLlamar a Ana\nPagar la luz")).toHaveLength(3);
  });

  it("splits Chinese and Japanese, which have no spaces", () => {
    expect(texts("これは文です。次の文です！「はい。」と言った。")).toEqual([
      "これは文です。",
      "次の文です！",
      "「はい。」と言った。",
    ]);
  });

  it("covers any text in order, except for white space and list markers", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom(
        "Hola",
        "Sr",
        "etc",
        "3",
        "a",
        ".",
        "…",
        "?",
        "¿",
        "(",
        ")",
        "«",
        '"',
        " ",
        "\n",
        "\n\n",
        "。",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const source = pieces.join("");
        let reached = 0;
        for (const { text, start, end } of splitSentences(source)) {
          expect(source.slice(start, end)).toBe(text);
          expect(text).toBe(text.trim());
          expect(source.slice(reached, start)).toMatch(
            /^\s*(?:(?:[-*+•◦▪‣·–—>]|#{1,6}|\(?\w{1,3}[.)])\s*)?$/u,
          );
          expect(end).toBeGreaterThan(start);
          reached = end;
        }
        expect(source.slice(reached).trim()).toBe("");
      }),
    );
  });
});
