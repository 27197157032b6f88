import { describe, expect, it } from "vitest";
import { languageFault, languageOption } from "./language-option.ts";

const SPANISH =
  "El presupuesto sube un cuatro por ciento y la mudanza se aplaza a junio por las obras del edificio, que empezaron tarde y acabarán cuando llegue el verano.";
const PORTUGUESE =
  "O orçamento sobe quatro por cento e a mudança foi adiada para junho por causa das obras do edifício, que começaram tarde e vão acabar quando chegar o verão.";
const CATALAN =
  "El pressupost puja un quatre per cent i el trasllat s'ajorna al juny per les obres de l'edifici, que van començar tard i s'acabaran quan arribi l'estiu vinent.";
const GALICIAN =
  "O orzamento sobe un catro por cento e a mudanza aprázase a xuño polas obras do edificio, que comezaron tarde e rematarán cando chegue o verán deste ano.";

describe("languageOption", () => {
  const option = languageOption("Idioma.", "en");

  it.for(["en", "EN", "pt-BR", "es-419", "gl", "zh-Hant", "ca-valencia"])("takes %s", (tag) => {
    expect(option.parse(tag)).toBe(tag);
  });

  it.for([
    ["inglés", "debe ser un código de idioma, como en o pt-BR"],
    ["", "debe ser un código de idioma, como en o pt-BR"],
    ["xx", "no es el código de ningún idioma conocido; el inglés es en, y el español, es"],
    ["xx-ES", "no es el código de ningún idioma conocido; el inglés es en, y el español, es"],
  ] as const)("refuses «%s» and says why, once", ([tag, why]) => {
    expect(option.safeParse(tag).error?.issues.map(({ message }) => message)).toEqual([why]);
  });
});

describe("languageFault", () => {
  it.for([
    [SPANISH, "es"],
    [SPANISH, "es-419"],
    [PORTUGUESE, "pt-BR"],
    [CATALAN, "ca"],
    ["a language that is not detected", "gl"],
    ["Short, and in English", "es"],
    [PORTUGUESE.slice(0, 100), "es"],
    ["", "es"],
    ["4521 7788 ".repeat(20), "es"],
  ] as const)("finds no fault with «%s» as %s", ([text, wanted]) => {
    expect(languageFault(text, wanted)).toBeUndefined();
  });

  it("holds nothing against a language that it cannot detect", () => {
    expect(languageFault(GALICIAN, "gl")).toBeUndefined();
  });

  it.for([
    [PORTUGUESE, "es", "portugués"],
    [CATALAN, "es", "catalán"],
    [SPANISH, "pt", "español"],
    [SPANISH.slice(0, 100), "en", "español"],
    [SPANISH, "en-GB", "español"],
  ] as const)("tells that «%s» is not %s", ([text, wanted, found]) => {
    expect(languageFault(text, wanted)).toContain(found);
  });
});
