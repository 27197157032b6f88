import { describe, expect, it } from "vitest";
import { languageOption } from "./language-option.ts";

describe("languageOption", () => {
  const option = languageOption("Idioma.", "en");

  it.for(["en", "EN", "pt-BR", "es-419", "gl", "zh-Hant", "ca-valencia"])("accepts %s", (tag) => {
    expect(option.parse(tag)).toBe(tag);
  });

  it.for([
    ["inglés", "debe ser un código de idioma, como en o pt-BR"],
    ["", "debe ser un código de idioma, como en o pt-BR"],
    ["xx", "no es el código de ningún idioma conocido; el inglés es en, y el español, es"],
    ["xx-ES", "no es el código de ningún idioma conocido; el inglés es en, y el español, es"],
  ] as const)("rejects «%s» with a single message", ([tag, message]) => {
    expect(option.safeParse(tag).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });
});
