import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, foldCodeUnit, foldLookAlikes } from "./fold.ts";

describe("fold", () => {
  it.for(["Nómina", "nomina", "NÓMINA", "No\u0301mina"])("folds «%s» to «nomina»", (word) => {
    expect(fold(word)).toBe("nomina");
  });

  it("keeps compatibility forms apart", () => {
    expect(fold("ﬁn")).not.toBe(fold("fin"));
  });
});

describe("foldCodeUnit", () => {
  it("returns one code unit for any code unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xff_ff }), (code) => {
        expect(foldCodeUnit(String.fromCharCode(code))).toHaveLength(1);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("foldLookAlikes", () => {
  it.for(["TEXTO", "texto", "TE\u200bXTO", "ＴＥＸＴＯ", "Téxtó"])(
    "folds «%s» to «TEXTO»",
    (word) => {
      expect(foldLookAlikes(word)).toBe("TEXTO");
    },
  );
});
