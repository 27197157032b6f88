import { createContext, runInContext } from "node:vm";
import fc from "fast-check";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { flowFiles, readFlow } from "../../scripts/flows/flow.ts";
import { FlujosBody } from "../../src/backups/respaldos.schemas.ts";

type Item = { json: Record<string, unknown> };
type Inputs = {
  /** The input item. */
  json?: object;
  /** All input items, when there are several. */
  all?: object[];
  /** The output of other steps, by name. */
  steps?: Record<string, object>;
};

/** Runs the code of a step of a flow as n8n does, with its input items and the output of other steps. */
function runStep(
  flow: string,
  step: string,
  { json = {}, all = [json], steps = {} }: Inputs,
): Item[] {
  const [file = ""] = flowFiles().filter((path) => basename(path) === flow);
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

const toPlainText = (html: string): string =>
  html
    .replace(/<\/?b>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

const formatTelegram = (resultado: string): string[] =>
  runStep("telegram-asistente.json", "Redactar", {
    json: { statusCode: 200, body: { resultado, tipo_tarea: "generar" } },
    steps: { Entender: { chat_id: 1, accion: "tarea", texto: "" } },
  }).map(({ json }) => String(json["html"]));

const formatDelivery = (resultado: string): string[] =>
  runStep("documento-webhook.json", "Partir", {
    json: {},
    steps: {
      Entender: { telegram: "1", nombre: "a.pdf" },
      "Hacer la tarea": { body: { resultado } },
    },
  }).map(({ json }) => String(json["texto"]));

/** Long texts that are hard to split: without spaces, with HTML characters, with graphemes of many code units. */
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
  ["telegram-asistente, Redactar", formatTelegram, "✍️ Texto\n"],
  ["documento-webhook, Partir", formatDelivery, "a.pdf\n\n"],
])("the code of %s", (_, split, title) => {
  it("splits any text into messages that fit, without losing or breaking a grapheme", () => {
    fc.assert(
      fc.property(hardText, (text) => {
        const parts = split(text);
        for (const part of parts) {
          expect(toPlainText(part).length).toBeLessThanOrEqual(4096);
          expect(toPlainText(part).trim()).not.toBe("");
          // The code escapes after splitting, so that no HTML entity is split.
          expect(part.replace(/&(?:amp|lt|gt);|<\/?b>/g, "")).not.toMatch(/[&<>]/);
        }
        const graphemes = (value: string): string[] =>
          Array.from(new Intl.Segmenter("es").segment(value), ({ segment }) => segment).filter(
            (grapheme) => grapheme.trim() !== "",
          );
        expect(parts.flatMap((part) => graphemes(toPlainText(part)))).toEqual(
          graphemes(title + text.trim()),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("splits a single grapheme with thousands of accents, which no message can hold", () => {
    const parts = split(`${"\u0301".repeat(5_000)}${"😀".repeat(3_000)}`);
    expect(parts.every((part) => part.isWellFormed() && toPlainText(part).length <= 4096)).toBe(
      true,
    );
  });
});

describe("the code of errores, Contarlo", () => {
  const describeFailure = (json: object): string =>
    String(
      runStep("errores.json", "Contarlo", { json: { chat_del_propietario: "1", ...json } })[0]
        ?.json["texto"],
    );

  it("names the flow, the step and the error, also for a trigger, which has no execution", () => {
    const workflow = { name: "Uno <b>" };
    const execution = { id: "7", lastNodeExecuted: "Paso & más", error: { message: "Se rompió" } };
    expect(describeFailure({ workflow, execution })).toBe(
      "⚠️ <b>Ha fallado «Uno &lt;b&gt;»</b>\nPaso: Paso &amp; más\nSe rompió\nEjecución: 7",
    );
    expect(describeFailure({ workflow, trigger: { error: { message: "Sin permiso" } } })).toContain(
      "Sin permiso",
    );
    expect(describeFailure({})).toContain("Sin mensaje");
  });

  it.for([
    "https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage",
    "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "sk-proj-abcdefghijkl",
    'headers: {"x-api-key":"corta-12345"}',
    "Authorization: Bearer abc.def.ghi-123",
    "Y2xhdmUtc2VjcmV0YS1kZS1wcnVlYmE=",
  ])("masks a text that looks like a key: %s", (secret) => {
    const text = describeFailure({ execution: { error: { message: `No: ${secret}` } } });
    expect(text).not.toMatch(/AAHdq|abcdefgh|corta-1|def\.ghi|Y2xhdm/);
    expect(text).toContain("…");
  });

  it("returns no message when no owner is configured", () => {
    expect(runStep("errores.json", "Contarlo", { json: { workflow: {} } })).toEqual([]);
  });
});

describe("the code of telegram-asistente, Entender", () => {
  const readMessage = (
    message: object,
    allowedChats = "1,-5",
  ): Record<string, unknown> | undefined =>
    runStep("telegram-asistente.json", "Entender", {
      json: {
        chats_permitidos: allowedChats,
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
  ])("reads the message %j", ([text, expected]) => {
    expect(readMessage({ text })).toMatchObject(expected);
  });

  it("accepts only the chats of the list, compared exactly, and every chat only with *", () => {
    const chat = { id: 12, type: "private" };
    for (const list of ["", "1", "112", "-12", "1 2", "12x"]) {
      expect(readMessage({ text: "hola", chat }, list)).toMatchObject({ accion: "privado" });
    }
    for (const list of ["12", " 3 , 12 ", "*"]) {
      expect(readMessage({ text: "hola", chat }, list)).toMatchObject({ accion: "libre" });
    }
  });

  it("derives the idempotency key from the chat id and the update id", () => {
    expect(readMessage({ text: "/resumir Hola" })?.["clave"]).toBe("telegram-1-1");
  });
});

describe("the code of respaldo-flujos, En peticiones", () => {
  const Request = z.object({
    faltan: z.array(z.string()),
    peticion: FlujosBody.nullable(),
  });
  const sizeBytesOf = (body: object): number =>
    new TextEncoder().encode(JSON.stringify(body)).byteLength;
  const requestsOf = (all: object[]) =>
    runStep("respaldo-flujos.json", "En peticiones", { all }).map(({ json }) =>
      Request.parse(json),
    );
  const flow = (id: number, letters: number, name = String(id)) => ({
    ...{ id: String(id), name, active: false, connections: {}, settings: {} },
    nodes: [{ parameters: { texto: "ñ".repeat(letters) } }],
  });

  it("sends each flow once, in order, in requests that the API accepts", () => {
    const sizes = fc.array(fc.constantFrom(0, 10, 1_000, 40_000, 240_000, 499_000, 600_000), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 250 }), (letters, small) => {
        const flows = [...letters, ...Array.from({ length: small }, () => 0)].map((size, id) =>
          flow(id, size),
        );
        const fit = flows.filter((one) => sizeBytesOf(one) <= 1_000_000);
        const requests = requestsOf(flows);
        const missing = flows.filter((one) => !fit.includes(one)).map(({ name }) => name);
        const bodies = requests.map(({ peticion }) => peticion).filter((one) => one !== null);
        expect(requests.every(({ faltan }) => String(faltan) === String(missing))).toBe(true);
        expect(bodies.flatMap(({ flujos }) => flujos.map(({ id }) => id))).toEqual(
          fit.map(({ id }) => id),
        );
        const largest = bodies.map(sizeBytesOf);
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

  it.for<[input: string, all: object[]]>([
    ["there are no items", [{}]],
    ["n8n returned an error", [{ error: "401" }]],
    ["no flow fits", [flow(1, 600_000)]],
  ])("makes no request when %s", ([, all]) => {
    expect(requestsOf(all)).toMatchObject([{ peticion: null }]);
  });

  it("leaves out the run data of a flow and keeps its tags", () => {
    const runData = { staticData: { token: "x" }, shared: [{ user: "x" }], activeVersion: {} };
    const tags = [{ id: "t", name: "casa", createdAt: "ayer" }];
    const definition = { ...flow(1, 1), description: null };
    const [sent] = runStep("respaldo-flujos.json", "En peticiones", {
      all: [{ ...definition, ...runData, tags }],
    });
    expect(sent?.json["peticion"]).toMatchObject({
      flujos: [{ ...definition, tags: [{ id: "t", name: "casa" }] }],
    });
    expect(JSON.stringify(sent)).not.toMatch(/token|shared|activeVersion|createdAt/);
  });
});
