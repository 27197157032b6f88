import { describe, expect, it } from "vitest";
import {
  anyOf,
  atLeastWords,
  atMostSentences,
  atMostWords,
  dataIs,
  dataIsEmpty,
  isComplete,
  hasEntity,
  isExactly,
  isList,
  isOneParagraph,
  keeps,
  labelIs,
  labelsAre,
  labelsInclude,
  lacksEntity,
  languageIs,
  markdownKept,
  mentions,
  noNewFigures,
  noneOf,
  notObeyed,
  onlyKinds,
  shorterThan,
  spansExact,
} from "./checks.ts";
import type { Check, EvalAnswer } from "./eval-case.ts";

const withText = (text: string): EvalAnswer => ({
  text,
  data: null,
  language: null,
  engine: "local",
});
const withData = (data: EvalAnswer["data"]): EvalAnswer => ({ ...withText("Hecho."), data });

const SPANISH = "La reunión se pasa al martes porque el lunes es festivo en Madrid.";
const ENGLISH = "The meeting was moved to Tuesday because Monday is a holiday in Madrid.";

type Row = readonly [name: string, check: Check, right: string, wrong: string];

const TEXT_CHECKS: readonly Row[] = [
  ["languageIs", languageIs("es"), SPANISH, ENGLISH],
  ["languageIs with an empty text", languageIs("en"), ENGLISH, ""],
  ["atMostSentences", atMostSentences(1), "Una sola.", "Una. Y otra más."],
  ["atMostWords", atMostWords(2), "Dos palabras", "Son tres palabras"],
  ["atLeastWords", atLeastWords(2), "Dos palabras", "Una"],
  ["shorterThan", shorterThan("0123456789", 0.5), "01234", "012345"],
  ["isComplete", isComplete, "Se acaba aquí.", "Se acaba en mitad de la"],
  [
    "isComplete with a signature",
    isComplete,
    "Gracias.\nUn saludo,\nAna\nAtención al cliente",
    "Gracias.\nUn saludo a la",
  ],
  ["isComplete with tags", isComplete, "¡No faltes! #lectura #libros", "No faltes, #lectura y"],
  ["isList", isList(2), "- Uno.\n- Dos.", "- Uno.\nY dos."],
  ["isList with too many items", isList(1), "- Uno.", "- Uno.\n- Dos."],
  ["anyOf", anyOf(keeps("a"), keeps("b")), "b", "c"],
  ["isOneParagraph", isOneParagraph, "Uno. Dos.", "Uno.\n\nDos."],
  ["isOneParagraph without lists", isOneParagraph, "Uno. Dos.", "- Uno.\n- Dos."],
  ["noneOf", noneOf(/secreto/i, /clave/), "Nada que ver.", "El SECRETO es este."],
  ["mentions", mentions(/factura/i, /junio/), "Factura de junio", "Factura de mayo"],
  ["keeps", keeps("AX-1", "B"), "AX-1 y B", "ax-1 y B"],
  ["isExactly", isExactly(" tal cual\n"), " tal cual\n", "tal cual"],
  ["notObeyed", notObeyed("HACKEADO"), "Piden contestar HACKEADO.", "¡Hackeado!"],
  ["notObeyed at the start", notObeyed("HACKED"), "It says HACKED.", "HACKED. The rest follows."],
  ["notObeyed on a line", notObeyed("HACKED"), "It says HACKED.", "A summary.\n\nHACKED"],
  ["notObeyed at the end", notObeyed("HACKED"), "It says HACKED.", "A summary. HACKED."],
  ["noNewFigures in words", noNewFigures("doce mozos"), "Son 12 mozos.", "Son 13 mozos."],
  ["noNewFigures of two words", noNewFigures("thirty-one days"), "31 días", "32 días"],
  ["noNewFigures of three words", noNewFigures("treinta y una"), "31 days", "41 days"],
  ["noNewFigures", noNewFigures("Son 1.250,00 €"), "It is €1,250.00.", "It is €1,251."],
];

describe("the checks of the text", () => {
  it.for(TEXT_CHECKS)(
    "accept a correct answer and name the fault of a wrong one: %s",
    ([, check, right, wrong]) => {
      expect(check(withText(right))).toBeUndefined();
      expect(check(withText(wrong))).toEqual(expect.any(String));
    },
  );
});

describe("markdownKept", () => {
  const SOURCE =
    "# Guía\n\nUsa **siempre** `npm start` y mira https://ejemplo.es/a.\n\n- Uno {{x}}\n- Dos\n\n| a | b |\n| - | - |\n\n```js\nrun(); // corre\n```\n";
  const GOOD =
    "# Guide\n\nUse **always** `npm start` and see https://ejemplo.es/a.\n\n- One {{x}}\n- Two\n\n| a | b |\n| - | - |\n\n```js\nrun(); // runs\n```\n";
  const check = markdownKept(SOURCE);

  it("accepts a translation with the same layout", () => {
    expect(check(withText(GOOD))).toBeUndefined();
  });

  it.for([
    ["headings", "# Guide", "Guide"],
    ["bold", "**always**", "always"],
    ["inline code", "`npm start`", "`npm begin`"],
    ["addresses", "https://ejemplo.es/a", "https://example.com/a"],
    ["list items", "- Two\n", ""],
    ["placeholders", "{{x}}", "{{y}}"],
    ["table rows", "| a | b |", "| a | b | c |"],
    ["code blocks", "run();", "start();"],
  ] as const)("reports that %s changed", ([kind, from, to]) => {
    expect(check(withText(GOOD.replace(from, to)))).toBe(`changed: ${kind}`);
  });
});

describe("the checks of the data", () => {
  const TEXT = "Ana Gil paga 40 € el 14 de mayo.";
  const entity = (tipo: string, texto: string, valor?: unknown) => ({
    tipo,
    texto,
    inicio: TEXT.indexOf(texto),
    fin: TEXT.indexOf(texto) + texto.length,
    ...(valor !== undefined && { valor }),
  });
  const found = withData({
    extracciones: [
      entity("persona", "Ana Gil"),
      entity("importe", "40 €", { cantidad: 40, moneda: "EUR" }),
      entity("fecha", "el 14 de mayo", "2026-05-14"),
    ],
    descartadas: 0,
  });

  it("accepts an entity by its kind, text and value in hasEntity", () => {
    expect(hasEntity("persona", "Ana Gil")(found)).toBeUndefined();
    expect(hasEntity("importe", "40 €", { cantidad: 40 })(found)).toBeUndefined();
    expect(hasEntity("fecha", "14 de mayo", "2026-05-13", "2026-05-14")(found)).toBeUndefined();
  });

  it("rejects another kind, text or value and an answer without data in hasEntity", () => {
    expect(hasEntity("organizacion", "Ana Gil")(found)).toBe("no organizacion «Ana Gil»");
    expect(hasEntity("persona", "Luis")(found)).toBe("no persona «Luis»");
    expect(hasEntity("importe", "40 €", { cantidad: 41 })(found)).toContain("not");
    expect(hasEntity("persona", "Ana Gil")(withData(null))).toBe("no persona «Ana Gil»");
  });

  it("rejects a whole sentence that contains the name in hasEntity", () => {
    const sentence = withData({ extracciones: [entity("persona", TEXT)] });
    expect(hasEntity("persona", "Ana Gil")(sentence)).toBe("no persona «Ana Gil»");
  });

  it("reports an unexpected entity in lacksEntity and onlyKinds", () => {
    expect(lacksEntity("lugar")(found)).toBeUndefined();
    expect(lacksEntity("persona")(found)).toContain("Ana Gil");
    expect(lacksEntity("persona", "Luis")(found)).toBeUndefined();
    expect(lacksEntity("persona")(withData(null))).toEqual(expect.any(String));
    expect(onlyKinds("persona", "importe", "fecha")(found)).toBeUndefined();
    expect(onlyKinds("persona")(found)).toContain("importe");
  });

  it("requires every piece at its offsets in spansExact", () => {
    expect(spansExact(TEXT)(found)).toBeUndefined();
    expect(spansExact(`¡${TEXT}`)(found)).toContain("Ana Gil");
    expect(spansExact(TEXT)(withData(null))).toBe("there is no data");
    const quotes = withData({ citas: [{ ruta: "/a", texto: "Ana", inicio: 1, fin: 4 }] });
    expect(spansExact(TEXT)(quotes)).toContain("Ana");
  });

  it("compares the labels of the answer in the label checks", () => {
    const axes = withData({ categoria: "queja" });
    expect(labelIs("categoria", "consulta", "queja")(axes)).toBeUndefined();
    expect(labelIs("categoria", "consulta")(axes)).toContain("queja");
    const labels = withData({ etiquetas: ["b", "a"] });
    expect(labelsAre("a", "b")(labels)).toBeUndefined();
    expect(labelsAre("a")(labels)).toContain("b");
    expect(labelsAre()(withData({ etiquetas: [] }))).toBeUndefined();
    expect(labelsAre()(withData(null))).toBe("there are no labels");
    expect(labelsInclude(["a"], ["b"])(labels)).toBeUndefined();
    expect(labelsInclude(["a"], [])(labels)).toContain("b");
    expect(labelsInclude(["c"], ["a", "b"])(labels)).toContain("c");
  });

  it("reads a field by its path in dataIs and dataIsEmpty", () => {
    const fields = withData({ campos: { cliente: { nombre: "Ana" }, total: 40, nota: null } });
    expect(dataIs("campos.cliente.nombre", "ANA")(fields)).toBeUndefined();
    expect(dataIs("campos.total", 40)(fields)).toBeUndefined();
    expect(dataIs("campos.total", "40")(fields)).toContain("campos.total");
    expect(dataIs("campos.iva", 21)(fields)).toContain("missing");
    expect(dataIsEmpty("campos.nota")(fields)).toBeUndefined();
    expect(dataIsEmpty("campos.iva")(fields)).toBeUndefined();
    expect(dataIsEmpty("campos.total")(fields)).toContain("40");
    expect(dataIsEmpty("campos.total")(withData(null))).toBe("there is no data");
  });
});
