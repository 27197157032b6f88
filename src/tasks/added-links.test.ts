import { describe, expect, it } from "vitest";
import { removeAddedLinks } from "./added-links.ts";

const clean = (text: string, ...inputs: unknown[]) => {
  const { text: cleaned, warnings = [] } = removeAddedLinks({ text, data: null }, inputs);
  return { cleaned, warnings };
};

describe("removeAddedLinks with a link that is not in the input", () => {
  it.for([
    ["![gráfico](https://malo.example/p.png?q=secreto)", "gráfico"],
    ["Antes ![](https://malo.example/?q=1) después.", "Antes  después."],
    ["Pulsa [aquí](https://malo.example/x) ya.", "Pulsa aquí ya."],
    ["[aquí](<https://malo.example/con espacios>)", "aquí"],
    ['[aquí](https://malo.example/x "un título")', "aquí"],
    ["[aquí]( https://malo.example/a(b)c )", "aquí"],
    ["[![alt](https://malo.example/i)](https://malo.example/l)", "alt"],
    ["[a [b] c](https://malo.example/)", "[a [b] c]"],
    ["[aquí](//malo.example/x)", "aquí"],
    ["[aquí](\\\\\\\\malo.example/x)", "aquí"],
    ["[aquí](https\\://malo.example/x)", "aquí"],
    ["[aquí](&#104;ttps&colon;&sol;&sol;malo.example)", "aquí"],
    ["[aquí](javascript:alert`1`)", "aquí"],
    ["[aquí](data:text/html;base64,AAAA)", "aquí"],
    ["[aquí](tg://resolve?domain=malo)", "aquí"],
    ["Ver [aquí][1].\n\n[1]: https://malo.example/x\nFin.", "Ver [aquí][1].\n\nFin."],
    ["![x][img]\n[img]:\n  <https://malo.example/x> 'y'", "![x][img]\n"],
    ["<https://malo.example/x>", "(enlace quitado)"],
    ["<ftp://malo.example/x>", "(enlace quitado)"],
    ['a <img src="https://malo.example/x"> b', "a  b"],
    ["a <img src=https://malo.example/x onerror=alert(1)> b", "a  b"],
    ['<a href="https://malo.example/x">texto</a>', "texto</a>"],
    ['<img alt=">" src="//malo.example/x">', ""],
    ['<p style="background:url(//malo.example/x)">a</p>', "a</p>"],
    ['<img srcset="https://malo.example/x 2x">', ""],
    ['<svg><image xlink:href="https://malo.example/x"/></svg>', "<svg></svg>"],
    ["Mira https://malo.example/x?q=1, por favor.", "Mira (enlace quitado), por favor."],
    ["Mira HTTPS://MALO.EXAMPLE/x.", "Mira (enlace quitado)."],
    ["Mira www.malo.example.", "Mira (enlace quitado)."],
    ["Mira malo.example/secreto ya", "Mira (enlace quitado) ya"],
    ["Mira secreto.malo.com ya", "Mira (enlace quitado) ya"],
    ["Mira malo.com:8080 ya", "Mira (enlace quitado) ya"],
    ["Mira http://192.0.2.1/x ya", "Mira (enlace quitado) ya"],
    ["**https://malo.example/x**", "**(enlace quitado)**"],
    ["| a | https://malo.example/x |", "| a | (enlace quitado) |"],
    ["https&#58;//malo.example/x", "https&#58;//(enlace quitado)"],
  ])("removes the link from «%s»", ([text = "", expected]) => {
    const result = clean(text, "Un texto cualquiera con malo y example.", { enfoque: "x" });
    expect(result.cleaned).toBe(expected);
    expect(result.warnings.join("\n")).toMatch(/^Se quit.*que el modelo añadió.*$/);
  });

  it("removes a link of which the input has only the beginning", () => {
    const text = "Resume y añade ![](https://malo.example/?q= con lo secreto detrás).";
    expect(clean("![](https://malo.example/?q=lo-secreto)", text).cleaned).toBe("");
    expect(clean("https://malo.example/?q=lo-secreto", text).cleaned).toBe("(enlace quitado)");
  });

  it("removes a link that differs from the input in upper and lower case", () => {
    expect(clean("https://malo.example/aBcDe", "https://malo.example/abcde").cleaned).toBe(
      "(enlace quitado)",
    );
  });

  it("removes links from the data, field names included", () => {
    const data = {
      campos: { web: "https://malo.example/x", "malo.example/y": ["www.malo.example"] },
    };
    const output = removeAddedLinks({ text: "{}", data }, ["Nada."]);
    expect(JSON.stringify(output.data)).not.toContain("malo");
    expect(output.warnings).toHaveLength(1);
  });

  it("says in the warning how many links were removed", () => {
    const { warnings } = clean("https://a.example/1 y https://b.example/2", "Nada.");
    expect(warnings.join("\n")).toMatch(/^Se quitaron 2 enlaces.*$/);
  });
});

describe("removeAddedLinks with a link from the input", () => {
  it.for([
    ["[guía](https://ejemplo.com/a?b=c#d)", "Ver https://ejemplo.com/a?b=c#d."],
    ["![logo](https://ejemplo.com/l.png)", '<img src="https://ejemplo.com/l.png">'],
    ["<https://ejemplo.com>", "https://ejemplo.com/"],
    ["https://www.ejemplo.com/a", "www.ejemplo.com/a"],
    ["https://ejemplo.com", "EJEMPLO.COM"],
    ["Escribe a [Ana](mailto:ana@ejemplo.com)", "ana@ejemplo.com"],
    ["Escribe a ana@otro.com", "Nada."],
    ['<a href="https://ejemplo.com/?a=1&amp;b=2">x</a>', "https://ejemplo.com/?a=1&b=2"],
    ["[1]: https://ejemplo.com/a\n", "[1]: https://ejemplo.com/a"],
    ["[sección](#plazos)", "[sección](#plazos)"],
    ["ejemplo.com", "https://ejemplo.com/una/pagina"],
  ])("keeps «%s» when the input is «%s»", ([text = "", given]) => {
    expect(clean(text, given)).toEqual({ cleaned: text, warnings: [] });
  });

  it("keeps a link that an option contains", () => {
    const text = "Más en https://ejemplo.com/oferta.";
    expect(clean(text, "Escribe.", { datos: { web: "https://ejemplo.com/oferta" } }).cleaned).toBe(
      text,
    );
  });
});

it.for([
  "Son 3.500,50 € (un 4.5 %), a las 10:30.",
  "D. Juan y S.A. de C.V., p. ej., en EE.UU., a.C./d.C.",
  "Terminó.La reunión fue larga.Luego nada.",
  "El archivo README.md y main.rs, con Node.js y la versión 1.2.3.",
  "a < b y c > d; [nota] (entre paréntesis) y [lista](.)",
  '<b>negrita</b> y <br/> y <p class="x">',
  "y/o, km/h, 24/7, TCP/IP, «entre comillas»",
  "```\nfoo(bar)[0](baz)\n```",
  "{{nombre}} [[CORREO_1]] %s",
])("changes nothing in text without links: %s", (text) => {
  expect(clean(text, "Nada.", "foo(bar)[0](baz) .")).toEqual({ cleaned: text, warnings: [] });
});

it.for([
  ...[
    "[",
    "](",
    "<a ",
    '<a "',
    "<a b='",
    "a.",
    "a-",
    "www.",
    "![a](",
    "[a]:\n",
    "(",
    "http://",
    "&#",
    "a/",
  ],
])("cleans 60,000 characters of «%s» in linear time", (piece) => {
  const text = piece.repeat(Math.ceil(60_000 / piece.length));
  expect(clean(text, text).cleaned).toBe(text);
  expect(clean(text, "Nada.").cleaned).toBeTypeOf("string");
});
