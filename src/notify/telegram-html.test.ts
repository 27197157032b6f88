import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHtml } from "../../tests/support/fake-telegram.ts";
import { escapeHtml, splitHtml, toPlain } from "./telegram-html.ts";

const seen = (pieces: string[]): string[] => pieces.map((piece) => readHtml(piece) ?? "REFUSED");

describe("splitHtml", () => {
  it("leaves what fits as it is", () => {
    expect(splitHtml("<b>Uno</b>\n&lt;dos&gt;")).toEqual(["<b>Uno</b>\n&lt;dos&gt;"]);
    expect(splitHtml("x".repeat(4_096))).toHaveLength(1);
    // Marks do not count, and an entity counts as one.
    expect(splitHtml(`<b>${"&amp;".repeat(4_096)}</b>`)).toHaveLength(1);
    expect(splitHtml(" \n ")).toEqual([]);
  });

  it("cuts between paragraphs, or else lines, sentences or words", () => {
    expect(seen(splitHtml("Uno dos.\n\nTres", 10))).toEqual(["Uno dos.", "Tres"]);
    expect(seen(splitHtml("Uno dos\ntres cua", 10))).toEqual(["Uno dos", "tres cua"]);
    expect(seen(splitHtml("Uno dos. Tres", 10))).toEqual(["Uno dos.", "Tres"]);
    expect(seen(splitHtml("unodostres", 4))).toEqual(["unod", "ostr", "es"]);
  });

  it("closes what is open where it cuts, and opens it again", () => {
    expect(splitHtml('<b><i>uno dos</i> tres</b> <a href="x">cuatro</a>', 8)).toEqual([
      "<b><i>uno dos</i></b>",
      "<b>tres</b>",
      '<a href="x">cuatro</a>',
    ]);
  });

  it("never cuts a character, loses a word, or makes what Telegram refuses", () => {
    const word = fc.constantFrom(
      "hola",
      "&",
      "<",
      '"',
      "😀",
      "ñandú",
      "\n",
      "\n\n",
      ". ",
      "a".repeat(30),
    );
    const marked = fc.tuple(word, fc.constantFrom("", "b", "i")).map(([text, tag]) => {
      const safe = escapeHtml(text);
      return tag ? `<${tag}>${safe}</${tag}>` : safe;
    });
    fc.assert(
      fc.property(
        fc.array(marked, { maxLength: 60 }),
        fc.integer({ min: 8, max: 50 }),
        (parts, max) => {
          const html = `<b>${parts.join(" ")}</b>`;
          const pieces = splitHtml(html, max);
          for (const piece of pieces) {
            expect(readHtml(piece)?.isWellFormed()).toBe(true);
            expect(toPlain(piece)).toBe(readHtml(piece));
            expect(toPlain(piece).length).toBeLessThanOrEqual(max);
          }
          const letters = (text: string): string => text.replaceAll(/\s/g, "");
          expect(letters(pieces.map(toPlain).join(""))).toBe(letters(toPlain(html)));
        },
      ),
    );
  });
});
