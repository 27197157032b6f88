import { createContext, runInContext } from "node:vm";
import fc from "fast-check";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { flowFiles, readFlow } from "../../scripts/flows/flow.ts";
import { FlujosBody } from "../../src/backups/respaldos.schemas.ts";

type Item = { json: Record<string, unknown> };
type Inputs = {
  /** What arrives. */
  json?: object;
  /** The same, where it is several. */
  all?: object[];
  /** What other steps said. */
  steps?: Record<string, object>;
};

/** Runs what a step of a flow has written in it, as n8n does: with the item that arrives and the steps before it. */
function runStep(
  flow: string,
  step: string,
  { json = {}, all = [json], steps = {} }: Inputs,
): Item[] {
  const [file = ""] = flowFiles().filter((one) => basename(one) === flow);
  const node = readFlow(file).nodes.find(({ name }) => name === step);
  const code = String(node?.parameters["jsCode"]);
  const first = (value: object) => ({ json: value });
  const context = createContext({
    $json: json,
    $input: { first: () => first(json), all: () => all.map(first) },
    $execution: { id: "7" },
    $now: { toMillis: () => 1_764_034_200_000 },
    Buffer: { byteLength: (text: string) => new TextEncoder().encode(text).byteLength },
    $: (name: string) => ({ first: () => first(steps[name] ?? {}) }),
  });
  return JSON.parse(JSON.stringify(runInContext(`(() => {\n${code}\n})()`, context))) as Item[];
}

const asRead = (html: string): string =>
  html
    .replace(/<\/?b>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

const redact = (resultado: string): string[] =>
  runStep("telegram-asistente.json", "Redactar", {
    json: { statusCode: 200, body: { resultado, tipo_tarea: "generar" } },
    steps: { Entender: { chat_id: 1, accion: "tarea", texto: "" } },
  }).map(({ json }) => String(json["html"]));

const share = (resultado: string): string[] =>
  runStep("documento-webhook.json", "Partir", {
    json: {},
    steps: {
      Entender: { telegram: "1", nombre: "a.pdf" },
      "Hacer la tarea": { body: { resultado } },
    },
  }).map(({ json }) => String(json["texto"]));

/** Long, with all that is hard to cut: no blanks, marks of HTML, letters of many pieces. */
const hardText = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        ...[
          "palabra ",
          "frase. ",
          "\n",
          "\n\n",
          "&",
          "<b>",
          "x",
          "😀",
          "👩🏽‍🚀",
          "🇪🇸",
          "e\u0301",
          "  ",
        ],
      ),
      fc.integer({ min: 1, max: 3_000 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((pieces) => pieces.map(([piece, times]) => piece.repeat(times)).join(""))
  .filter((text) => text.trim() !== "");

describe.each([
  ["telegram-asistente, Redactar", redact, "✍️ Texto\n"],
  ["documento-webhook, Partir", share, "a.pdf\n\n"],
])("%s", (_, cut, title) => {
  it("cuts any text into messages that fit, and neither loses nor breaks a letter", () => {
    fc.assert(
      fc.property(hardText, (text) => {
        const parts = cut(text);
        for (const part of parts) {
          expect(asRead(part).length).toBeLessThanOrEqual(4096);
          expect(asRead(part).trim()).not.toBe("");
          // Escaped after it was cut: no mark is cut either.
          expect(part.replace(/&(?:amp|lt|gt);|<\/?b>/g, "")).not.toMatch(/[&<>]/);
        }
        const letters = (value: string): string[] =>
          Array.from(new Intl.Segmenter("es").segment(value), ({ segment }) => segment).filter(
            (letter) => letter.trim() !== "",
          );
        expect(parts.flatMap((part) => letters(asRead(part)))).toEqual(
          letters(title + text.trim()),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("cuts a single letter with thousands of accents, which no message holds", () => {
    const parts = cut(`${"\u0301".repeat(5_000)}${"😀".repeat(3_000)}`);
    expect(parts.every((part) => part.isWellFormed() && asRead(part).length <= 4096)).toBe(true);
  });
});

describe("errores, Contarlo", () => {
  const tell = (json: object): string =>
    String(
      runStep("errores.json", "Contarlo", { json: { chat_del_propietario: "1", ...json } })[0]
        ?.json["texto"],
    );

  it("tells what failed and where; a trigger's failure has no execution", () => {
    const workflow = { name: "Uno <b>" };
    const execution = { id: "7", lastNodeExecuted: "Paso & más", error: { message: "Se rompió" } };
    expect(tell({ workflow, execution })).toBe(
      "⚠️ <b>Ha fallado «Uno &lt;b&gt;»</b>\nPaso: Paso &amp; más\nSe rompió\nEjecución: 7",
    );
    expect(tell({ workflow, trigger: { error: { message: "Sin permiso" } } })).toContain(
      "Sin permiso",
    );
    expect(tell({})).toContain("Sin mensaje");
  });

  it.for([
    "https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage",
    "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "sk-proj-abcdefghijkl",
    'headers: {"x-api-key":"corta-12345"}',
    "Authorization: Bearer abc.def.ghi-123",
    "Y2xhdmUtc2VjcmV0YS1kZS1wcnVlYmE=",
  ])("tells nothing that looks like a key: %s", (secret) => {
    const text = tell({ execution: { error: { message: `No: ${secret}` } } });
    expect(text).not.toMatch(/AAHdq|abcdefgh|corta-1|def\.ghi|Y2xhdm/);
    expect(text).toContain("…");
  });

  it("tells nobody while there is no owner", () => {
    expect(runStep("errores.json", "Contarlo", { json: { workflow: {} } })).toEqual([]);
  });
});

describe("telegram-asistente, Entender", () => {
  const understand = (message: object, permitted = "1,-5"): Record<string, unknown> | undefined =>
    runStep("telegram-asistente.json", "Entender", {
      json: {
        chats_permitidos: permitted,
        update_id: 1,
        message: { message_id: 2, chat: { id: 1, type: "private" }, ...message },
      },
    })[0]?.json;

  it.for<[string, object]>([
    ["/resumir Hola", { accion: "tarea", tarea: "resumir", texto: "Hola" }],
    ["/Resumir@MiBot Hola", { accion: "tarea", tarea: "resumir", texto: "Hola" }],
    ["/resumir\nHola\n\nAdiós", { accion: "tarea", texto: "Hola\n\nAdiós" }],
    ["  /resumir   ", { accion: "modo", modo: "/resumir" }],
    ["/consultar cuántos", { accion: "consulta", texto: "cuántos" }],
    ["/reporte", { accion: "tarea", tarea: "reporte" }],
    ["/resumirlo", { accion: "ayuda" }],
    ["/exportar pdf", { accion: "exportar", formato: "csv" }],
    ["/etc/hosts es un archivo", { accion: "libre", texto: "/etc/hosts es un archivo" }],
  ])("reads %j", ([text, meant]) => {
    expect(understand({ text })).toMatchObject(meant);
  });

  it("lets in who is on the list, to the letter, and everybody only with *", () => {
    const chat = { id: 12, type: "private" };
    for (const list of ["", "1", "112", "-12", "1 2", "12x"]) {
      expect(understand({ text: "hola", chat }, list)).toMatchObject({ accion: "privado" });
    }
    for (const list of ["12", " 3 , 12 ", "*"]) {
      expect(understand({ text: "hola", chat }, list)).toMatchObject({ accion: "libre" });
    }
  });

  it("carries one key for one update, whatever it says", () => {
    expect(understand({ text: "/resumir Hola" })?.["clave"]).toBe("telegram-1-1");
  });
});

describe("respaldo-flujos, En peticiones", () => {
  const Request = z.object({
    faltan: z.array(z.string()),
    peticion: FlujosBody.nullable(),
  });
  const bytesOf = (body: object): number =>
    new TextEncoder().encode(JSON.stringify(body)).byteLength;
  const requestsOf = (all: object[]) =>
    runStep("respaldo-flujos.json", "En peticiones", { all }).map(({ json }) =>
      Request.parse(json),
    );
  const flow = (id: number, letters: number, name = String(id)) => ({
    ...{ id: String(id), name, active: false, connections: {}, settings: {} },
    nodes: [{ parameters: { texto: "ñ".repeat(letters) } }],
  });

  it("sends each flow once, in order, in as few requests as hold them, as the assistant takes them", () => {
    const sizes = fc.array(fc.constantFrom(0, 10, 1_000, 40_000, 240_000, 499_000, 600_000), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 250 }), (letters, small) => {
        const flows = [...letters, ...Array.from({ length: small }, () => 0)].map((size, id) =>
          flow(id, size),
        );
        const fit = flows.filter((one) => bytesOf(one) <= 1_000_000);
        const requests = requestsOf(flows);
        const missing = flows.filter((one) => !fit.includes(one)).map(({ name }) => name);
        const bodies = requests.map(({ peticion }) => peticion).filter((one) => one !== null);
        expect(requests.every(({ faltan }) => String(faltan) === String(missing))).toBe(true);
        expect(bodies.flatMap(({ flujos }) => flujos.map(({ id }) => id))).toEqual(
          fit.map(({ id }) => id),
        );
        const largest = bodies.map(bytesOf);
        expect(Math.max(0, ...largest)).toBeLessThan(1024 * 1024);
        expect(bodies.map(({ envio }) => envio)).toEqual(
          bodies.map((_, index) => ({
            id: "n8n-7-1764034200000",
            numero: index + 1,
            quedan: bodies.length - index - 1,
          })),
        );
      }),
      { numRuns: 30 },
    );
  });

  it.for<[what: string, all: object[]]>([
    ["nothing came", [{}]],
    ["n8n refused", [{ error: "401" }]],
    ["none fits", [flow(1, 600_000)]],
  ])("makes no request when %s", ([, all]) => {
    expect(requestsOf(all)).toMatchObject([{ peticion: null }]);
  });

  it("leaves out what passed through a flow, and keeps its labels", () => {
    const spare = { staticData: { token: "x" }, shared: [{ user: "x" }], activeVersion: {} };
    const tags = [{ id: "t", name: "casa", createdAt: "ayer" }];
    const bare = { ...flow(1, 1), description: null };
    const [sent] = runStep("respaldo-flujos.json", "En peticiones", {
      all: [{ ...bare, ...spare, tags }],
    });
    expect(sent?.json["peticion"]).toMatchObject({
      flujos: [{ ...bare, tags: [{ id: "t", name: "casa" }] }],
    });
    expect(JSON.stringify(sent)).not.toMatch(/token|shared|activeVersion|createdAt/);
  });
});
