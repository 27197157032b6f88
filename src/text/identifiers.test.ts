import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCard, isCif, isDni, isIban, isNie } from "./identifiers.ts";

describe("check digits", () => {
  it.for(["12345678Z", "00000000T", "1234567L"])("%s is a DNI", (code) => {
    expect(isDni(code)).toBe(true);
  });
  it.for(["12345678A", "123456789Z", "Z12345678", ""])("%s is no DNI", (code) => {
    expect(isDni(code)).toBe(false);
  });
  it.for(["X1234567L", "Y1234567X", "Z1234567R"])("%s is an NIE", (code) => {
    expect(isNie(code)).toBe(true);
  });
  it.for(["X1234567A", "W1234567L"])("%s is no NIE", (code) => {
    expect(isNie(code)).toBe(false);
  });
  it.for(["A58818501", "B12345674", "Q2826000H", "P0800000B"])("%s is a CIF", (code) => {
    expect(isCif(code)).toBe(true);
  });
  it.for(["A58818502", "Q28260008", "I12345674"])("%s is no CIF", (code) => {
    expect(isCif(code)).toBe(false);
  });
  it.for(["ES9121000418450200051332", "DE89370400440532013000", "GB82WEST12345698765432"])(
    "%s is an IBAN",
    (code) => {
      expect(isIban(code)).toBe(true);
    },
  );
  it.for([
    "ES9121000418450200051333",
    // Its rest is 1 by chance, and no Spanish account is so long.
    "ES9121000418450200051332ANTES",
    "ES91",
    "9121000418450200051332ES",
  ])("%s is no IBAN", (code) => {
    expect(isIban(code)).toBe(false);
  });
  it.for(["4111111111111111", "5555555555554444", "378282246310005"])("%s is a card", (code) => {
    expect(isCard(code)).toBe(true);
  });
  it.for(["4111111111111112", "0000000000000000", "411111111111"])("%s is no card", (code) => {
    expect(isCard(code)).toBe(false);
  });

  it("of a DNI let through one letter in 23", () => {
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
