import { describe, expect, it } from "vitest";
import { ASCII_EMAIL, EMAIL, POSSIBLE_EMAIL } from "./email.ts";

const find = (pattern: RegExp, text: string): string[] =>
  Array.from(text.matchAll(pattern), ([email]) => email);

describe("the e-mail patterns", () => {
  it("find a plain address", () => {
    for (const pattern of [EMAIL, POSSIBLE_EMAIL, ASCII_EMAIL]) {
      expect(find(pattern, "Escribe a ana.lopez+x@mail.co.uk.")).toEqual([
        "ana.lopez+x@mail.co.uk",
      ]);
    }
  });

  it.for([
    ["with an apostrophe before it", "'ana@x.es", [], ["ana@x.es"], ["ana@x.es"]],
    ["with two points in a row", "a..b@x.es", [], ["a..b@x.es"], ["a..b@x.es"]],
    ["with more word characters after it", "ana@x.es_2", [], ["ana@x.es"], ["ana@x.es"]],
    ["with accents", "josé@españa.es", ["josé@españa.es"], ["josé@españa.es"], []],
    ["with a top-level domain of one letter", "ana@x.y", [], [], ["ana@x.y"]],
  ] as const)("differ in an address %s", ([, text, whole, possible, ascii]) => {
    expect([EMAIL, POSSIBLE_EMAIL, ASCII_EMAIL].map((pattern) => find(pattern, text))).toEqual([
      whole,
      possible,
      ascii,
    ]);
  });
});
