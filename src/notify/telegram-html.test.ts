import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHtml } from "../../tests/support/fake-telegram.ts";
import { escapeHtml, splitHtml, toPlain } from "./telegram-html.ts";

const shown = (pieces: string[]): string[] => pieces.map((piece) => readHtml(piece) ?? "REFUSED");

describe("splitHtml", () => {
  it("returns a short text unchanged, and nothing for an empty one", () => {
    expect(splitHtml("<b>Uno</b>\n&lt;dos&gt;")).toEqual(["<b>Uno</b>\n&lt;dos&gt;"]);
    expect(splitHtml("x".repeat(4_096))).toHaveLength(1);
    // Tags do not count, and an entity counts as one character.
    expect(splitHtml(`<b>${"&amp;".repeat(4_096)}</b>`)).toHaveLength(1);
    expect(splitHtml(" \n ")).toEqual([]);
  });

  it("splits between paragraphs, or else lines, sentences or words", () => {
    expect(shown(splitHtml("Uno dos.\n\nTres", 10))).toEqual(["Uno dos.", "Tres"]);
    expect(shown(splitHtml("Uno dos\ntres cua", 10))).toEqual(["Uno dos", "tres cua"]);
    expect(shown(splitHtml("Uno dos. Tres", 10))).toEqual(["Uno dos.", "Tres"]);
    expect(shown(splitHtml("unodostres", 4))).toEqual(["unod", "ostr", "es"]);
  });

  it("closes open tags at a split and opens them again in the next message", () => {
    expect(splitHtml('<b><i>uno dos</i> tres</b> <a href="x">cuatro</a>', 8)).toEqual([
      "<b><i>uno dos</i></b>",
      "<b>tres</b>",
      '<a href="x">cuatro</a>',
    ]);
  });

  it("never splits a character, loses a word or produces HTML that Telegram refuses", () => {
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
    const formatted = fc.tuple(word, fc.constantFrom("", "b", "i")).map(([text, tag]) => {
      const safe = escapeHtml(text);
      return tag ? `<${tag}>${safe}</${tag}>` : safe;
    });
    fc.assert(
      fc.property(
        fc.array(formatted, { maxLength: 60 }),
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
