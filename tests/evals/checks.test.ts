import { describe, expect, it } from "vitest";
import {
  anyOf,
  atLeastWords,
  atMostSentences,
  atMostWords,
  dataIs,
  dataIsEmpty,
  endsWhole,
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

const says = (text: string): EvalAnswer => ({ text, data: null, language: null, engine: "local" });
const gives = (data: EvalAnswer["data"]): EvalAnswer => ({ ...says("Hecho."), data });

const SPANISH = "La reunión se pasa al martes porque el lunes es festivo en Madrid.";
const ENGLISH = "The meeting was moved to Tuesday because Monday is a holiday in Madrid.";

type Row = readonly [name: string, check: Check, right: string, wrong: string];

const TEXT_CHECKS: readonly Row[] = [
  ["languageIs", languageIs("es"), SPANISH, ENGLISH],
  ["languageIs of nothing", languageIs("en"), ENGLISH, ""],
  ["atMostSentences", atMostSentences(1), "Una sola.", "Una. Y otra más."],
  ["atMostWords", atMostWords(2), "Dos palabras", "Son tres palabras"],
  ["atLeastWords", atLeastWords(2), "Dos palabras", "Una"],
  ["shorterThan", shorterThan("0123456789", 0.5), "01234", "012345"],
  ["endsWhole", endsWhole, "Se acaba aquí.", "Se acaba en mitad de la"],
  [
    "endsWhole with a signature",
    endsWhole,
    "Gracias.\nUn saludo,\nAna\nAtención al cliente",
    "Gracias.\nUn saludo a la",
  ],
  ["endsWhole with tags", endsWhole, "¡No faltes! #lectura #libros", "No faltes, #lectura y"],
  ["isList", isList(2), "- Uno.\n- Dos.", "- Uno.\nY dos."],
  ["isList of so many", isList(1), "- Uno.", "- Uno.\n- Dos."],
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

describe("checks of the text", () => {
  it.for(TEXT_CHECKS)(
    "%s passes what is right and tells what is wrong",
    ([, check, right, wrong]) => {
      expect(check(says(right))).toBeUndefined();
      expect(check(says(wrong))).toEqual(expect.any(String));
    },
  );
});

describe("markdownKept", () => {
  const SOURCE =
    "# Guía\n\nUsa **siempre** `npm start` y mira https://ejemplo.es/a.\n\n- Uno {{x}}\n- Dos\n\n| a | b |\n| - | - |\n\n```js\nrun(); // corre\n```\n";
  const GOOD =
    "# Guide\n\nUse **always** `npm start` and see https://ejemplo.es/a.\n\n- One {{x}}\n- Two\n\n| a | b |\n| - | - |\n\n```js\nrun(); // runs\n```\n";
  const check = markdownKept(SOURCE);

  it("passes a translation with the same form", () => {
    expect(check(says(GOOD))).toBeUndefined();
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
  ] as const)("tells that %s changed", ([kind, from, to]) => {
    expect(check(says(GOOD.replace(from, to)))).toBe(`changed: ${kind}`);
  });
});

describe("checks of the data", () => {
  const TEXT = "Ana Gil paga 40 € el 14 de mayo.";
  const entity = (tipo: string, texto: string, valor?: unknown) => ({
    tipo,
    texto,
    inicio: TEXT.indexOf(texto),
    fin: TEXT.indexOf(texto) + texto.length,
    ...(valor !== undefined && { valor }),
  });
  const found = gives({
    extracciones: [
      entity("persona", "Ana Gil"),
      entity("importe", "40 €", { cantidad: 40, moneda: "EUR" }),
      entity("fecha", "el 14 de mayo", "2026-05-14"),
    ],
    descartadas: 0,
  });

  it("finds an entity by its kind, its text and its value", () => {
    expect(hasEntity("persona", "Ana Gil")(found)).toBeUndefined();
    expect(hasEntity("importe", "40 €", { cantidad: 40 })(found)).toBeUndefined();
    expect(hasEntity("fecha", "14 de mayo", "2026-05-13", "2026-05-14")(found)).toBeUndefined();
  });

  it("misses one of another kind, text or value, and any where there are no data", () => {
    expect(hasEntity("organizacion", "Ana Gil")(found)).toBe("no organizacion «Ana Gil»");
    expect(hasEntity("persona", "Luis")(found)).toBe("no persona «Luis»");
    expect(hasEntity("importe", "40 €", { cantidad: 41 })(found)).toContain("not");
    expect(hasEntity("persona", "Ana Gil")(gives(null))).toBe("no persona «Ana Gil»");
  });

  it("does not take a whole sentence for a name in it", () => {
    const sentence = gives({ extracciones: [entity("persona", TEXT)] });
    expect(hasEntity("persona", "Ana Gil")(sentence)).toBe("no persona «Ana Gil»");
  });

  it("tells of what should not be there", () => {
    expect(lacksEntity("lugar")(found)).toBeUndefined();
    expect(lacksEntity("persona")(found)).toContain("Ana Gil");
    expect(lacksEntity("persona", "Luis")(found)).toBeUndefined();
    expect(lacksEntity("persona")(gives(null))).toEqual(expect.any(String));
    expect(onlyKinds("persona", "importe", "fecha")(found)).toBeUndefined();
    expect(onlyKinds("persona")(found)).toContain("importe");
  });

  it("wants every piece to stand where it says", () => {
    expect(spansExact(TEXT)(found)).toBeUndefined();
    expect(spansExact(`¡${TEXT}`)(found)).toContain("Ana Gil");
    expect(spansExact(TEXT)(gives(null))).toBe("there are no data");
    const quotes = gives({ citas: [{ ruta: "/a", texto: "Ana", inicio: 1, fin: 4 }] });
    expect(spansExact(TEXT)(quotes)).toContain("Ana");
  });

  it("reads labels", () => {
    const axes = gives({ categoria: "queja" });
    expect(labelIs("categoria", "consulta", "queja")(axes)).toBeUndefined();
    expect(labelIs("categoria", "consulta")(axes)).toContain("queja");
    const labels = gives({ etiquetas: ["b", "a"] });
    expect(labelsAre("a", "b")(labels)).toBeUndefined();
    expect(labelsAre("a")(labels)).toContain("b");
    expect(labelsAre()(gives({ etiquetas: [] }))).toBeUndefined();
    expect(labelsAre()(gives(null))).toBe("there are no labels");
    expect(labelsInclude(["a"], ["b"])(labels)).toBeUndefined();
    expect(labelsInclude(["a"], [])(labels)).toContain("b");
    expect(labelsInclude(["c"], ["a", "b"])(labels)).toContain("c");
  });

  it("reads fields by their path", () => {
    const fields = gives({ campos: { cliente: { nombre: "Ana" }, total: 40, nota: null } });
    expect(dataIs("campos.cliente.nombre", "ANA")(fields)).toBeUndefined();
    expect(dataIs("campos.total", 40)(fields)).toBeUndefined();
    expect(dataIs("campos.total", "40")(fields)).toContain("campos.total");
    expect(dataIs("campos.iva", 21)(fields)).toContain("missing");
    expect(dataIsEmpty("campos.nota")(fields)).toBeUndefined();
    expect(dataIsEmpty("campos.iva")(fields)).toBeUndefined();
    expect(dataIsEmpty("campos.total")(fields)).toContain("40");
    expect(dataIsEmpty("campos.total")(gives(null))).toBe("there are no data");
  });
});
