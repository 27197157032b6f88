import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findFigures, listUnknownFigures } from "./figures.ts";

describe("listUnknownFigures", () => {
  it.each([
    ["thousands separators", "1.500,50 €", "1,500.50 €"],
    ["redundant zeros", "$1500.5", "1.500,50 €"],
    ["an ambiguous point", "unos 1.500", "1500 personas"],
    ["an ambiguous point read as a decimal", "1.500 kg", "1,5 kg"],
    ["an ambiguous comma", "un 3,5 %", "3.5%"],
    ["spaces between thousands", "1 500 personas, 12 345 678,9 €", "1500 y 12.345.678,90"],
    ["no-break spaces between thousands", "1\u202f500", "1.500"],
    ["apostrophes between thousands", "1’500’000", "1500000"],
    ["Indian thousands", "1,50,000 rupias", "150000"],
    ["a day with a leading zero", "el 3 de mayo de 2026", "2026-05-03"],
    ["a date in another format", "03/05/2026", "3.5.2026"],
    ["a year of two digits", "el 3 de mayo de 2026", "03/05/26"],
    ["a time", "a las 17:30", "17.30 h"],
    ["a time in the afternoon", "a las 17:30", "at 5:30 p.m."],
    ["the parts of a range", "de 10-15 días", "entre 10 y 15"],
    ["an identifier", "la factura fra-2026-001", "FRA-2026-001"],
    ["an identifier by its numbers", "la factura 1 de 2026", "FRA-2026-001"],
    ["a word with digits", "COVID-19 en A4", "la Covid-19, en papel A4"],
    ["a unit without a space", "25kg", "25 kg"],
    ["full-width digits", "１，５００", "1500"],
    ["Arabic digits", "٣٤٥", "345"],
    ["an Arabic decimal", "٣٫٥", "3,5"],
    ["a telephone", "llama al 612 34 56 78", "612345678"],
    ["a telephone with hyphens", "llama al 612345678", "612-34-56-78"],
    ["a telephone without its prefix", "llama al 612345678", "+34 612 345 678"],
    ["a month in words", "el 01/12/2026", "el 1 de diciembre de 2026"],
    ["numbers of a web address", "https://acme.example/p/123?y=45", "123, 45"],
    ["millions", "3,5 millones", "3.500.000 €"],
    ["thousands of millions", "2 mil millones", "2.000.000.000"],
    ["a letter for thousands", "10k", "10 000"],
    ["a letter for millions", "1,2M€", "1.200.000 €"],
    [
      "a number longer than a float can hold",
      "12345678901234567890123",
      "12.345.678.901.234.567.890.123",
    ],
  ])("recognises %s", (_, answer, source) => {
    expect(listUnknownFigures(answer, ["nada", source])).toEqual([]);
  });

  it.each([
    ["a number that no source contains", "Costó 45 €", ["44 €"], ["45"]],
    ["a number ten times too large", "15.000", ["1500"], ["15.000"]],
    ["other decimals", "3,51 %", ["3,5 %"], ["3,51"]],
    ["a figure that is only part of a longer one", "15", ["2150 y 1.15"], ["15"]],
    ["an invented time", "a las 18:30", ["a las 17:30"], ["18:30"]],
    ["an invented year", "el 3/5/2027", ["3 de mayo de 2026"], ["3/5/2027"]],
    ["an invented identifier", "FRA-2026-002", ["FRA-2026-001"], ["FRA-2026-002"]],
    ["the decimals of a figure with spaces", "1 500,75 €", ["1500"], ["1 500,75"]],
    ["a figure with spaces", "son 1 600 €", ["1.500"], ["1 600"]],
    [
      "a number that would round to the source",
      "0.1000000000000000055511",
      ["0,1"],
      ["0.1000000000000000055511"],
    ],
    ["degrees", "hasta 35 ºC, 36ºC y 37º C", ["nada"], ["35", "36ºC", "37º"]],
    ["a figure at the start of a line", "12.5 millones\n300 personas", ["nada"], ["12.5", "300"]],
    ["a final figure", "El total:\n25.", ["nada"], ["25"]],
  ])("reports %s", (_, answer, sources, unknown) => {
    expect(listUnknownFigures(answer, sources)).toEqual(unknown);
  });

  it("lists each unknown figure once, in order, as written", () => {
    expect(listUnknownFigures("7 %, 1.234,5 €, 7 días y 9", ["9"])).toEqual(["7", "1.234,5"]);
  });

  it("ignores ordinals and list numbers of the answer", () => {
    const answer =
      "1. Uno\n  2) Dos\n**3.** Tres\n## 4.1. Cuatro\n5.- Cinco\n(6) Seis\n> 7º. Siete\nEl 1.º, la 3ª, el 2nd, 4th y 1er piso.";
    expect(listUnknownFigures(answer, [])).toEqual([]);
  });

  it("counts ordinals and list numbers of the sources as known figures", () => {
    expect(listUnknownFigures("Son 3 y 2", ["3. Tres", "el 2.º"])).toEqual([]);
  });

  it("returns nothing for an answer without digits", () => {
    expect(listUnknownFigures("Ninguna cifra, ½ ni m².", [])).toEqual([]);
  });

  it("recognises every figure of any text in that text", () => {
    const piece = fc.constantFrom(
      ..."0,1,23,456,7890,.,:,-,/,_, ,\u00a0,',a,M,k,º, pm, h, millones,\n,(,),٣,１,%,€,x,–,,".split(
        ",",
      ),
      ",",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
          fc.string(),
        ),
        (text) => {
          expect(listUnknownFigures(text, [text])).toEqual([]);
          for (const figure of findFigures(text)) {
            expect(text.startsWith(figure.text, figure.start)).toBe(true);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("recognises a number in the format of any locale", () => {
    const writings = fc.constantFrom("es-ES", "en-US", "de-CH", "fr-FR", "en-IN", "ar-EG");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2e9 }), writings, writings, (cents, one, other) => {
        const write = (locale: string) => new Intl.NumberFormat(locale).format(cents / 100);
        expect(listUnknownFigures(`son ${write(one)} €`, [`eran ${write(other)} $`])).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("reads the digits of every script", () => {
    for (let code = 0; code <= 0x1_ff_ff; code += 1) {
      const digit = String.fromCodePoint(code);
      if (!/\p{Nd}/u.test(digit) || /\p{Nd}/u.test(String.fromCodePoint(code - 1))) continue;
      const row = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((value) => String.fromCodePoint(code + value));
      expect(listUnknownFigures(row.join(" x "), ["0 1 x 2 x 3 x 4 x 5 x 6 x 7 x 8 x 9"])).toEqual(
        [],
      );
      expect(findFigures(row.join(" x "))[7]?.wholes).toEqual(["7"]);
    }
  });
});
