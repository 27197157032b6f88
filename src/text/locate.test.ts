import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLocator } from "./locate.ts";

const found = (text: string, quote: string): string | undefined => {
  const place = createLocator(text).next(quote);
  return place && text.slice(place.start, place.end);
};

describe("createLocator", () => {
  it("finds a quote without the white space around it", () => {
    expect(createLocator("Llama a Ana el lunes.").next("  Ana \n")).toEqual({ start: 8, end: 11 });
  });

  it.each([
    ["case", "La FACTURA de Enero", "la factura de enero", "La FACTURA de Enero"],
    ["accents left out", "Reunión en Málaga.", "reunion en malaga", "Reunión en Málaga"],
    ["accents put in", "Reunion en Malaga.", "Reunión en Málaga", "Reunion en Malaga"],
    ["composed accents", "el cafe\u0301 frío", "el café", "el cafe\u0301"],
    ["decomposed accents", "el café frío", "el cafe\u0301", "el café"],
    ["no-break spaces", "1\u00a0500\u202f€ al mes", "1 500 € al mes", "1\u00a0500\u202f€ al mes"],
    [
      "line breaks",
      "pago a\r\n   treinta días",
      "pago a treinta días",
      "pago a\r\n   treinta días",
    ],
    ["quotation marks", "el “plan” de Ana’s", "el «plan» de Ana's", "el “plan” de Ana’s"],
    ["dashes", "2020–2025 — fin", "2020-2025 - fin", "2020–2025 — fin"],
    ["ellipses", "y luego… nada", "y luego... nada", "y luego… nada"],
    ["emoji presentation", "con ❤️ siempre", "con ❤ siempre", "con ❤️ siempre"],
    ["soft hyphens", "la contrata\u00adción nueva", "contratación", "contrata\u00adción"],
    ["final sigma", "ΟΔΟΣ 5", "οδος", "ΟΔΟΣ"],
    ["an accent on a blank", "a \u0301a", "a \u0301", "a"],
    ["a dotted capital I", "İstanbul hoy", "istanbul", "İstanbul"],
  ])("tolerates %s", (_, text, quote, piece) => {
    expect(found(text, quote)).toBe(piece);
  });

  it("finds exact occurrences first, and tolerant ones after them", () => {
    const { next } = createLocator("ANA, ana, Ana");
    expect([next("Ana"), next("Ana"), next("Ana"), next("Ana")]).toEqual([
      { start: 10, end: 13 },
      { start: 0, end: 3 },
      { start: 5, end: 8 },
      undefined,
    ]);
  });

  it("does not return the same place for two spellings of a quote", () => {
    const { next } = createLocator("Llama a Ana.");
    expect(next("Ana")).toEqual({ start: 8, end: 11 });
    expect(next("ANA")).toBeUndefined();
  });

  it("finds the next occurrence, and none when all are used up", () => {
    const { next } = createLocator("uno dos uno");
    expect(next("uno")).toEqual({ start: 0, end: 3 });
    expect(next("dos")).toEqual({ start: 4, end: 7 });
    expect(next("uno")).toEqual({ start: 8, end: 11 });
    expect(next("uno")).toBeUndefined();
  });

  it("finds a quote inside a word only when it never stands on its own", () => {
    const { next } = createLocator("Mañana vendrá Ana, mañana.");
    expect(next("ana")).toEqual({ start: 14, end: 17 });
    expect(next("ana")).toBeUndefined();
    expect(createLocator("Mañana").next("ana")).toEqual({ start: 3, end: 6 });
  });

  it("finds every occurrence in scripts without spaces", () => {
    const { next } = createLocator("私は東京に住む。東京");
    expect([next("東京"), next("東京"), next("東京")]).toEqual([
      { start: 2, end: 4 },
      { start: 8, end: 10 },
      undefined,
    ]);
  });

  it("does not use up an occurrence with find or has", () => {
    const { find, has, next } = createLocator("Sólo Ana");
    expect(find("Ana")).toEqual({ start: 5, end: 8 });
    expect(find("Luis")).toBeUndefined();
    expect([has("solo ana"), has("solo ana"), has("Luis"), has(" "), has("")]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(next("solo ana")).toEqual({ start: 0, end: 8 });
    expect(has("Sólo Ana")).toBe(true);
  });

  it.each([
    ["half a surrogate pair", "😀", "\ude00"],
    ["a letter without its mark in an exact match", "cafe\u0302\u0301s", "cafe\u0302"],
    ["one person of a family", "👩‍👩‍👧", "👩"],
    ["a hand without its skin", "👍🏽", "👍"],
    ["a part of a syllable", "각", "가"],
    ["one dot of an ellipsis", "no…", "no."],
    ["other vowel signs", "की", "का"],
  ])("does not find %s", (_, text, quote) => {
    const place = createLocator(text).next(quote);
    // Tolerated marks belong to the quote and are never cut off.
    expect(place === undefined || place.end === text.length - 1).toBe(true);
    expect(place && text.slice(place.start, place.end)).not.toBe(quote);
  });

  it("finds many quotes in a large text, which it folds once", () => {
    const words = Array.from({ length: 25_000 }, (_, index) => `Término${index}`);
    const { next } = createLocator(words.join(" "));
    for (let index = 0; index < 500; index += 1) {
      expect(next(`termino${index * 49}`)).toBeDefined();
      expect(next(`nada${index}`)).toBeUndefined();
    }
  });
});

const segmenter = new Intl.Segmenter("es", { granularity: "grapheme" });
const graphemes = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment);
const folded = (text: string) =>
  text.trim().replace(/\s+/gu, " ").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const PIECES = [
  "a", "A", "n", "ñ", "Ñ", "n\u0303", "é", "e\u0301", "E", "e", "o\u0302\u0323", "ana", "1", "5", "-", "–", "—", "'", "’",
  "«", "»", '"', ".", "…", " ", " ", " ", "\u00a0", "\u202f", "\t", "\r\n", "\n", "\n\n", "👩‍👩‍👧", "👩", "👍🏽", "👍", "🇪🇸", "❤️",
  "❤", "\u00ad", "\u200b", "\u200d", "\u0301", "ß", "İ", "ς", "東", "京", "각", "가", "की", "क", "ﬁ", "𝒳",
]; // oxfmt-ignore
const anyText = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const textAndSlice = fc
  .tuple(anyText, fc.nat(), fc.nat())
  .map(([text, first, second]) => {
    const units = graphemes(text);
    const from = first % (units.length + 1);
    const to = from + (second % (units.length - from + 1));
    return { text, slice: units.slice(from, to).join(""), before: units.slice(0, from).join("") };
  })
  // Unicode lets the marks of a few scripts stand alone, but the locator never cuts before one.
  .filter(
    ({ text, slice, before }) =>
      slice.trim() !== "" &&
      !/^[\p{M}\p{EMod}]/u.test(slice) &&
      !/^[\p{M}\p{EMod}]/u.test(text.slice(before.length + slice.length)),
  );

describe("createLocator, for any text", () => {
  it("finds any slice of the text, at offsets that return it up to tolerated differences", () => {
    fc.assert(
      fc.property(textAndSlice, ({ text, slice }) => {
        const place = createLocator(text).next(slice);
        expect(place).toBeDefined();
        if (!place) return;
        const piece = text.slice(place.start, place.end);
        expect(place.start).toBeGreaterThanOrEqual(0);
        expect(place.end).toBeLessThanOrEqual(text.length);
        expect(piece).toBe(piece.trim());
        expect(piece).not.toBe("");
        if (piece !== slice.trim()) {
          expect(createLocator(slice).has(piece)).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("never splits surrogate pairs or letters with marks, and never returns a place twice", () => {
    fc.assert(
      fc.property(textAndSlice, ({ text, slice }) => {
        const { next } = createLocator(text);
        const starts = new Set<number>();
        for (let place = next(slice); place; place = next(slice)) {
          expect(starts.has(place.start)).toBe(false);
          starts.add(place.start);
          for (const offset of [place.start, place.end]) {
            const around = text.slice(Math.max(0, offset - 1), offset + 1);
            expect(around).not.toMatch(/^[\ud800-\udbff][\udc00-\udfff]$/);
            const isBehindLetter = /[\p{L}\p{M}]$/u.test(text.slice(0, offset));
            expect(isBehindLetter && /^\p{M}/u.test(text.slice(offset))).toBe(false);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("finds a slice in other case, accents or white space", () => {
    const letters = fc
      .array(
        fc.constantFrom("a", "á", "Ñ", "n", "e", "É", "u\u0308", "1", " ", "\u00a0", "\r\n", ","),
        {
          minLength: 1,
          maxLength: 30,
        },
      )
      .map((pieces) => pieces.join(""))
      .filter((text) => text.trim() !== "");
    const rewritings = fc.constantFrom<(text: string) => string>(
      (text) => text.toUpperCase(),
      (text) => text.toLowerCase(),
      (text) => text.normalize("NFC"),
      (text) => text.normalize("NFD"),
      (text) => text.normalize("NFD").replace(/\p{M}/gu, ""),
      (text) => text.replace(/\s+/gu, "\n\t"),
    );
    fc.assert(
      fc.property(letters, rewritings, fc.nat(), fc.nat(), (text, rewrite, first, second) => {
        const units = graphemes(text);
        const from = first % units.length;
        const slice = units.slice(from, from + 1 + (second % (units.length - from))).join("");
        fc.pre(slice.trim() !== "");
        const piece = found(text, rewrite(slice));
        expect(piece && folded(piece)).toBe(folded(slice));
      }),
      { numRuns: 3_000 },
    );
  });
});
