import { describe, expect, it } from "vitest";
import { findLanguageFault } from "./language.ts";

const SPANISH =
  "El presupuesto sube un cuatro por ciento y la mudanza se aplaza a junio por las obras del edificio, que empezaron tarde y acabarán cuando llegue el verano.";
const PORTUGUESE =
  "O orçamento sobe quatro por cento e a mudança foi adiada para junho por causa das obras do edifício, que começaram tarde e vão acabar quando chegar o verão.";
const CATALAN =
  "El pressupost puja un quatre per cent i el trasllat s'ajorna al juny per les obres de l'edifici, que van començar tard i s'acabaran quan arribi l'estiu vinent.";
const GALICIAN =
  "O orzamento sobe un catro por cento e a mudanza aprázase a xuño polas obras do edificio, que comezaron tarde e rematarán cando chegue o verán deste ano.";

describe("findLanguageFault", () => {
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
  ] as const)("returns undefined for «%s» as %s", ([text, expected]) => {
    expect(findLanguageFault(text, expected)).toBeUndefined();
  });

  it("returns undefined for a language that cannot be detected", () => {
    expect(findLanguageFault(GALICIAN, "gl")).toBeUndefined();
  });

  it.for([
    [PORTUGUESE, "es", "portugués"],
    [CATALAN, "es", "catalán"],
    [SPANISH, "pt", "español"],
    [SPANISH.slice(0, 100), "en", "español"],
    [SPANISH, "en-GB", "español"],
  ] as const)("reports that «%s» is not %s", ([text, expected, detected]) => {
    expect(findLanguageFault(text, expected)).toContain(detected);
  });
});
