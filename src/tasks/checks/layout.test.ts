import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findLayoutProblems } from "./layout.ts";

const NO_TERMS = { keep: [], glossary: {} };
const problems = (source: string, answer: string) => findLayoutProblems(source, answer, NO_TERMS);

const SOURCE = `# Hola {{nombre}}

Tu factura de **marzo** está en <b>la web</b>: https://acme.example/f?id={id}. *Gracias*, %s.

## Pasos

- Abre [la guía](/docs/guia_(nueva).md) y escribe a ayuda@acme.example.
- [ ] Ejecuta \`npm test\` en [[CORREO_1]].
  1. Uno
  2. Dos

> Una cita con snake_case y 2 * 3.

| Mes | Total |
|-----|-------|
| Enero | %1$s \${total} |

![Logo](logo.png)<br/>

\`\`\`js
// suma
let a = "{{no}}";
\`\`\`

---
Fin :nombre y :smile: 100% de.`;

const TRANSLATION = `# Hello {{nombre}}

Your **March** invoice is on <b>the site</b>: https://acme.example/f?id={id}. *Thanks*, %s.

## Steps

- Open [the guide](/docs/guia_(nueva).md) and write to ayuda@acme.example.
- [ ] Run \`npm test\` in [[CORREO_1]].
  1. One
  2. Two

> A quote with snake_case and 2 * 3.

| Month | Total |
|---|---|
| January | \${total} %1$s |

![The logo](logo.png)<br/>

\`\`\`js
// suma
let a = "{{no}}";
\`\`\`

---
End :nombre and :smile: 100% of.`;

describe("findLayoutProblems", () => {
  it("returns nothing for a translation that keeps the layout", () => {
    expect(problems(SOURCE, TRANSLATION)).toEqual([]);
  });

  it("ignores the kind of line breaks and outer white space, and accepts empty texts", () => {
    expect(problems(SOURCE.replaceAll("\n", "\r\n"), `\n${TRANSLATION}\n\n`)).toEqual([]);
    expect(problems("", "")).toEqual([]);
  });

  it.each([
    [
      "{{nombre}}",
      "{{name}}",
      [
        "Marcadores que faltan o han cambiado: «{{nombre}}».",
        "Marcadores que no están en el original: «{{name}}».",
      ],
    ],
    ["%s", "", ["Marcadores que faltan o han cambiado: «%s»."]],
    ["%1$s", "$s", ["Marcadores que faltan o han cambiado: «%1$s»."]],
    ["${total}", "total", ["Marcadores que faltan o han cambiado: «${total}»."]],
    [":nombre", "name", ["Marcadores que faltan o han cambiado: «:nombre»."]],
    [
      ":smile:",
      ":sonrisa:",
      [
        "Marcadores que faltan o han cambiado: «:smile:».",
        "Marcadores que no están en el original: «:sonrisa:».",
      ],
    ],
    [
      "[[CORREO_1]]",
      "[[MAIL_1]]",
      [
        "Marcadores que faltan o han cambiado: «[[CORREO_1]]».",
        "Marcadores que no están en el original: «[[MAIL_1]]».",
      ],
    ],
    ["</b>", "", ["Etiquetas que faltan o han cambiado: «</b>»."]],
    [
      "<br/>",
      "<br>",
      [
        "Etiquetas que faltan o han cambiado: «<br/>».",
        "Etiquetas que no están en el original: «<br>».",
      ],
    ],
    [
      "acme.example/f?",
      "acme.example/g?",
      [
        "Direcciones web que faltan o han cambiado: «https://acme.example/f?id={id}».",
        "Direcciones web que no están en el original: «https://acme.example/g?id={id}».",
      ],
    ],
    [
      "ayuda@",
      "help@",
      [
        "Direcciones de correo que faltan o han cambiado: «ayuda@acme.example».",
        "Direcciones de correo que no están en el original: «help@acme.example».",
      ],
    ],
    ["`npm test`", "npm test", ["Fragmentos de código que faltan o han cambiado: «npm test»."]],
    [
      "// suma",
      "// sum",
      [
        'Bloques de código que faltan o han cambiado: «js ⏎ // suma ⏎ let a = "{{no}}";».',
        'Bloques de código que no están en el original: «js ⏎ // sum ⏎ let a = "{{no}}";».',
      ],
    ],
    [
      "guia_(nueva)",
      "guide_(new)",
      [
        "Destinos de enlaces o imágenes que faltan o han cambiado: «/docs/guia_(nueva).md».",
        "Destinos de enlaces o imágenes que no están en el original: «/docs/guide_(new).md».",
      ],
    ],
    ["![The logo", "[The logo", ["Imágenes («![»): 1 en el original y 0 en la traducción."]],
    [
      "## Steps",
      "### Steps",
      ["Los títulos deben ser «# ##» (2), en ese orden, y son «# ###» (2)."],
    ],
    [
      "- Open",
      "* Open",
      [
        "Elementos de lista con «-»: 1 en el original y 0 en la traducción.",
        "Elementos de lista con «*»: 0 en el original y 1 en la traducción.",
      ],
    ],
    [
      "- [ ] Run",
      "- Run",
      [
        "Elementos de lista con «-»: 1 en el original y 2 en la traducción.",
        "Elementos de lista con «- [ ]»: 1 en el original y 0 en la traducción.",
      ],
    ],
    [
      "1. One",
      "1) One",
      [
        "Elementos de lista con «1.»: 2 en el original y 1 en la traducción.",
        "Elementos de lista con «1)»: 0 en el original y 1 en la traducción.",
      ],
    ],
    ["| January | ", "| January ", ["La fila 3 de la tabla debe tener 2 columnas y tiene 1."]],
    [
      "|---|---|\n",
      "",
      [
        "Filas de tabla: 3 en el original y 2 en la traducción.",
        "Líneas con texto: 15 en el original y 14 en la traducción.",
      ],
    ],
    ["> A quote", "A quote", ["Líneas de cita («>»): 1 en el original y 0 en la traducción."]],
    ["**March**", "March", ["Fragmentos en negrita: 1 en el original y 0 en la traducción."]],
    ["*Thanks*", "Thanks", ["Fragmentos en cursiva: 1 en el original y 0 en la traducción."]],
    [
      "---\nEnd",
      "End",
      [
        "Líneas de separación («---»): 1 en el original y 0 en la traducción.",
        "Líneas con texto: 15 en el original y 14 en la traducción.",
      ],
    ],
    [
      "\n\n## Steps",
      "\n## Steps",
      ["Separaciones de párrafo (líneas en blanco): 8 en el original y 7 en la traducción."],
    ],
  ])("reports the change when %j becomes %j", (from, to, sentences) => {
    expect(TRANSLATION).toContain(from);
    expect(
      problems(
        SOURCE,
        TRANSLATION.replace(from, () => to),
      ),
    ).toEqual(sentences);
  });

  it.each([
    ["a time and a colon", "Horario :9:00. Nota: uno", "Schedule :9:00. Note: one"],
    ["a percentage", "El 50% de todo, 100 %", "50% of everything, 100 %"],
    [
      "a translated attribute of a tag",
      '<img src="a.png" alt="Un gato">',
      '<img src="a.png" alt="A cat">',
    ],
    [
      "the translated words of an ICU message",
      "{n, plural, one {# gato} other {# gatos}}",
      "{n, plural, one {# cat} other {# cats}}",
    ],
    [
      "an address at the end of a sentence",
      "Ve a https://a.example/b.",
      "Go to https://a.example/b!",
    ],
    [
      "an address followed by a letter without a space",
      "Ve a https://a.example ya",
      "https://a.exampleへ",
    ],
    ["a comparison", "Si a < b y c > d", "If a < b and c > d"],
    ["the asterisk of a note", "Precio* y más", "Price* and more"],
  ])("does not mistake %s for a placeholder or a mark", (_, source, answer) => {
    expect(problems(source, answer)).toEqual([]);
  });

  it("counts every occurrence of a piece", () => {
    expect(problems("{0} y {0} y {0}", "{0}")).toEqual([
      "Marcadores que faltan o han cambiado: «{0}» (2 veces).",
    ]);
  });

  it("lists five pieces of a kind, shortens long ones and returns at most twenty problems", () => {
    const many = Array.from({ length: 9 }, (_, index) => `{p${index}}`).join(" ");
    expect(problems(many, "nada")).toEqual([
      "Marcadores que faltan o han cambiado: «{p0}», «{p1}», «{p2}», «{p3}», «{p4}», y 4 más.",
    ]);
    expect(problems(`\`${"😀".repeat(90)}\``, "x")[0]?.length).toBeLessThan(200);
    const glossary = Object.fromEntries(
      many.split(" ").flatMap((_, index) => [
        [`a${index}`, `b${index}`],
        [`c${index}`, `d${index}`],
        [`e${index}`, `f${index}`],
      ]),
    );
    const found = findLayoutProblems(Object.keys(glossary).join(" "), "nada", {
      keep: [],
      glossary,
    });
    expect(found).toHaveLength(20);
  });

  it.each([
    [
      "Hola.",
      "Here is the translation:\n\nHello.",
      ["Sobra la frase que presenta la traducción: «Here is the translation:»."],
    ],
    [
      "Hola.",
      "¡Claro! Aquí tienes la traducción:\n```\nHello.\n```",
      [
        "Sobra la frase que presenta la traducción: «¡Claro! Aquí tienes la traducción:».",
        "Sobra el bloque de código que rodea la traducción.",
      ],
    ],
    [
      "Hola {0}.",
      "```markdown\nHello {0}.\n```",
      ["Sobra el bloque de código que rodea la traducción."],
    ],
    ["Hola.", "«Hello.»", ["Sobran las comillas que rodean la traducción: «…»."]],
    ["Hola.", '"Hello."', ['Sobran las comillas que rodean la traducción: "…".']],
  ])("reports the frame that %j got in %j", (source, answer, sentences) => {
    expect(problems(source, answer)).toEqual(sentences);
  });

  it.each([
    ["«Hola.»", '"Hello."'],
    ["El «uno» y el «dos»", "«One» and «two»"],
    ["```\nx\n```", "```\nx\n```"],
    ["Esta es la lista:\n- uno", "Here is the list:\n- one"],
    ["Aquí va.\nUno", "Here it is:\nOne"],
  ])("reports no frame when %j becomes %j", (source, answer) => {
    expect(problems(source, answer)).toEqual([]);
  });

  it("requires the terms to keep as often as the source contains them", () => {
    const rules = { keep: ["Acme", "Acme Cloud", "API"], glossary: {} };
    expect(findLayoutProblems("Acme y Acme Cloud", "Acme and Acme Cloud", rules)).toEqual([]);
    expect(findLayoutProblems("Acme y Acme Cloud", "Acme and Acme", rules)).toEqual([
      "Términos que deben quedar tal cual y faltan: «Acme Cloud».",
    ]);
    expect(findLayoutProblems("La API de Acme", "La api de Acmé", rules)).toEqual([
      "Términos que deben quedar tal cual y faltan: «API», «Acme».",
    ]);
    expect(findLayoutProblems("Las terAPIas", "Therapies", rules)).toEqual([]);
  });

  it("requires the glossary's translation for each whole-word term of the source", () => {
    const glossary = { factura: "invoice", "factura proforma": "proforma", Recibo: "invoice" };
    const check = (source: string, answer: string) =>
      findLayoutProblems(source, answer, { keep: [], glossary });
    expect(check("Factura y recibo", "Invoices, two")).toEqual([
      "Traduce «factura», «recibo» por «invoice»: debe aparecer 2 veces y aparece 1.",
    ]);
    expect(check("Una factura proforma", "A Proforma bill")).toEqual([]);
    expect(check("Facturación", "Billing")).toEqual([]);
    expect(check("La factura", "The bill")).toEqual([
      "Traduce «factura» por «invoice»: debe aparecer 1 vez y aparece 0.",
    ]);
  });
});

describe("findLayoutProblems with random texts", () => {
  const piece = fc.constantFrom(
    "Hola ", "uno", " ", "\n", "\n\n", "\r\n", "# ", "## ", "- ", "* ", "1. ", "> ", "| a | b |", "**", "*", "_", "`", "``", "```", "\n```js\n",
    "{{x}}", "{0}", "${y}", "%s", "[[X_1]]", "<b>", "</b>", "](", ")", "[", "![", "https://a.example/b", "a@b.example", "---", "«", '"', ":", "Traducción:",
  ); // oxfmt-ignore
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")),
    fc.string({ unit: "binary", maxLength: 60 }),
  );

  it("returns nothing for an exact copy", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(
          findLayoutProblems(text, text, { keep: ["uno"], glossary: { hola: "Hola" } }),
        ).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  it("reports every dropped piece in a complete sentence", () => {
    const fixed = [
      "{{x}}",
      "${y}",
      "%s",
      "[[X_1]]",
      "<b>",
      "https://a.example/b",
      "a@b.example",
      "`x`",
    ];
    const lines = fc.array(fc.constantFrom(...fixed, "uno", "dos,"), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(lines, fc.nat(), (words, dropped) => {
        const index = dropped % words.length;
        const found = problems(
          words.join(" "),
          words.map((word, at) => (at === index ? "tres" : word)).join(" "),
        );
        expect(found.length > 0).toBe(fixed.includes(words[index] ?? ""));
        for (const sentence of found) expect(sentence).toMatch(/^\p{Lu}.+\.$/su);
        if (found.length > 0) expect(found.join(" ")).toContain(words[index]?.replaceAll("`", ""));
      }),
      { numRuns: 1_000 },
    );
  });
});
