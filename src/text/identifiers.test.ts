import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCard, isCif, isDni, isIban, isNie } from "./identifiers.ts";

describe("isDni", () => {
  it.for(["12345678Z", "00000000T", "1234567L"])("accepts %s", (code) => {
    expect(isDni(code)).toBe(true);
  });

  it.for(["12345678A", "123456789Z", "Z12345678", ""])("rejects «%s»", (code) => {
    expect(isDni(code)).toBe(false);
  });

  it("accepts exactly one of the 23 letters for any number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000, max: 99_999_999 }), (number) => {
        const letters = "TRWAGMYFPDXBNJZSQVHLCKE"
          .split("")
          .filter((letter) => isDni(`${number}${letter}`));
        expect(letters).toHaveLength(1);
      }),
    );
  });
});

describe("isNie", () => {
  it.for(["X1234567L", "Y1234567X", "Z1234567R"])("accepts %s", (code) => {
    expect(isNie(code)).toBe(true);
  });

  it.for(["X1234567A", "W1234567L"])("rejects %s", (code) => {
    expect(isNie(code)).toBe(false);
  });
});

describe("isCif", () => {
  it.for(["A58818501", "B12345674", "Q2826000H", "P0800000B"])("accepts %s", (code) => {
    expect(isCif(code)).toBe(true);
  });

  it.for(["A58818502", "Q28260008", "I12345674"])("rejects %s", (code) => {
    expect(isCif(code)).toBe(false);
  });
});

describe("isIban", () => {
  it.for(["ES9121000418450200051332", "DE89370400440532013000", "GB82WEST12345698765432"])(
    "accepts %s",
    (code) => {
      expect(isIban(code)).toBe(true);
    },
  );

  it.for([
    "ES9121000418450200051333",
    // The remainder is 1 by chance, but Spanish account numbers are shorter.
    "ES9121000418450200051332ANTES",
    "ES91",
    "9121000418450200051332ES",
  ])("rejects %s", (code) => {
    expect(isIban(code)).toBe(false);
  });
});

describe("isCard", () => {
  it.for(["4111111111111111", "5555555555554444", "378282246310005"])("accepts %s", (code) => {
    expect(isCard(code)).toBe(true);
  });

  it.for(["4111111111111112", "0000000000000000", "411111111111"])("rejects %s", (code) => {
    expect(isCard(code)).toBe(false);
  });
});
