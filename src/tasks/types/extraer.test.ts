import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { doLocally, doTask } from "../../../tests/support/do-task.ts";
import { removeMask } from "../mask.ts";
import type { WorkResult } from "../work-result.ts";
import type { JsonObject } from "../../lib/json-object.ts";

const TEXT =
  "Reunión con Lucía Ferrer (Hispania Logística) mañana a las 10:00 en Soria. Presupuesto: 1.250,00 €. Avisar en lucia@ejemplo.es o al 612 345 678.";

const Piece = z.object({
  tipo: z.string(),
  texto: z.string(),
  inicio: z.int(),
  fin: z.int(),
  valor: z.unknown().optional(),
});
const Quotes = z.array(Piece.omit({ tipo: true }).extend({ ruta: z.string() }));

const answerWith = (...extracciones: unknown[]): string => JSON.stringify({ extracciones });
const mention = (tipo: string, texto: string, valor: unknown = null, moneda: unknown = null) => ({
  tipo,
  texto,
  valor,
  moneda,
});
const piecesOf = (data: JsonObject | null) => z.array(Piece).parse(data?.["extracciones"]);

describe("extraer with a model", () => {
  it("returns the entities in order with their offsets, and adds those that rules find", async () => {
    const { data, text, warnings } = await doTask(
      { type: "extraer", text: TEXT },
      answerWith(
        mention("importe", "1.250,00 €", "1250", "EUR"),
        mention("persona", "lucia ferrer"),
        mention("organizacion", "Hispania  Logistica"),
        mention("lugar", "Soria"),
        mention("fecha", "mañana a las 10:00", "2026-05-15T10:00"),
      ),
    );
    const pieces = piecesOf(data);
    expect(pieces.map(({ tipo, texto }) => `${tipo}: ${texto}`)).toEqual([
      "persona: Lucía Ferrer",
      "organizacion: Hispania Logística",
      "fecha: mañana a las 10:00",
      "lugar: Soria",
      "importe: 1.250,00 €",
      "correo: lucia@ejemplo.es",
      "telefono: 612 345 678",
    ]);
    for (const { texto, inicio, fin } of pieces) expect(TEXT.slice(inicio, fin)).toBe(texto);
    expect(pieces.find(({ tipo }) => tipo === "fecha")?.valor).toBe("2026-05-15T10:00");
    expect(pieces.find(({ tipo }) => tipo === "importe")?.valor).toEqual({
      cantidad: 1250,
      moneda: "EUR",
    });
    expect(pieces.find(({ tipo }) => tipo === "telefono")?.valor).toBe("+34612345678");
    expect(text).toContain("Personas: Lucía Ferrer\nOrganizaciones: Hispania Logística");
    expect(warnings).toEqual([]);
  });

  it("drops and counts mentions that are not in the text, were not requested or are unreadable", async () => {
    const { data, warnings } = await doTask(
      { type: "extraer", text: TEXT, options: { tipos: ["persona", "fecha"] } },
      answerWith(
        mention("persona", "Nora Vidal"),
        mention("lugar", "Soria"),
        mention("persona", "Lucía Ferrer"),
        mention("persona", "Lucía Ferrer"),
        mention("fecha", "Presupuesto", "pronto"),
        null,
        { tipo: "persona" },
      ),
    );
    expect(piecesOf(data).map(({ texto }) => texto)).toEqual(["Lucía Ferrer"]);
    expect(data).toMatchObject({ descartadas: 6 });
    expect(warnings).toEqual([
      "Se descartaron 6 datos del modelo que no están en el texto o no se entienden.",
    ]);
  });

  it("locates a repeated mention as often as it occurs", async () => {
    const text = "Ana llamó a Ana, no a Mariana ni a Ana.";
    const ana = mention("persona", "Ana");
    const { data } = await doTask({ type: "extraer", text }, answerWith(ana, ana, ana, ana));
    expect(piecesOf(data).map(({ inicio }) => inicio)).toEqual([0, 12, 35]);
    expect(data).toMatchObject({ descartadas: 1 });
  });

  it.for(["2026-02-31", "2026-13-01", "2026-05-14T25:00", "2026-02-30/2026-03-01", "pronto"])(
    "drops a date with the value %s",
    async (valor) => {
      const { data } = await doTask(
        { type: "extraer", text: "Será cuando toque.", options: { tipos: ["fecha"] } },
        answerWith(mention("fecha", "cuando toque", valor)),
      );
      expect(data).toEqual({ extracciones: [], descartadas: 1 });
    },
  );

  it("merges the parts of a date that a rule reads as one, and drops nothing", async () => {
    const { data, warnings } = await doTask(
      { type: "extraer", text: "Nos vemos el 3 de junio de 2026 a las 10:00." },
      answerWith(
        mention("fecha", "3 de junio de 2026", "2026-06-03"),
        mention("fecha", "10:00", "2026-06-03T10:00"),
      ),
    );
    expect(piecesOf(data).map(({ valor }) => valor)).toEqual(["2026-06-03T10:00"]);
    expect(data).toMatchObject({ descartadas: 0 });
    expect(warnings).toEqual([]);
  });

  it("prefers the date of a rule to that of the model", async () => {
    const { data } = await doTask(
      { type: "extraer", text: "Nos vemos el 3 de junio de 2026.", options: { tipos: ["fecha"] } },
      answerWith(mention("fecha", "3 de junio de 2026", "2025-06-03")),
    );
    expect(piecesOf(data)[0]?.valor).toBe("2026-06-03");
  });

  it("calls no model for kinds that rules find", async () => {
    const options = { tipos: ["correo", "telefono", "url"] };
    const { data, engine, attempts } = await doTask({ type: "extraer", text: TEXT, options });
    expect({ engine, attempts }).toEqual({ engine: "local", attempts: 0 });
    expect(piecesOf(data).map(({ tipo }) => tipo)).toEqual(["correo", "telefono"]);
  });

  it.for([
    [{ tipos: ["importe"] }, "código ISO 4217"],
    [
      { tipos: ["fecha"], fecha_referencia: "2026-01-02", zona_horaria: "America/Bogota" },
      "«Hoy» es viernes, 2026-01-02, en America/Bogota",
    ],
    [
      { tipos: ["fecha"], fecha_referencia: "2026-05-14T23:30:00-05:00" },
      "«Hoy» es viernes, 2026-05-15T06:30:00, en Europe/Madrid",
    ],
    [{ tipos: ["fecha"] }, "«Hoy» es jueves, 2026-05-14, en Europe/Madrid"],
  ] as const)("writes the rule for %j into the prompt", async ([options, rule]) => {
    const { prompts } = await doTask({ type: "extraer", text: TEXT, options }, answerWith());
    expect(prompts[0]?.instructions).toContain(rule);
  });

  it("returns correct offsets in any text", async () => {
    const word = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
      fc.constantFrom("Nuñez", "Nun\u0303ez", "👩‍👩‍👧", "e\u0301", "ﬁn", "İ", "\u00a0", "\r\n", "Ana"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        async (words, pick) => {
          const text = words.join(" ");
          if (text.trim() === "") return;
          const quote = words[pick % words.length] ?? "";
          const { data } = await doTask(
            { type: "extraer", text, options: { tipos: ["persona"] } },
            answerWith(mention("persona", quote)),
          );
          for (const { texto, inicio, fin } of piecesOf(data)) {
            expect(text.slice(inicio, fin)).toBe(texto);
            expect(texto).not.toBe("");
          }
          if (quote.trim() !== "") expect(piecesOf(data)).toHaveLength(1);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("extraer with the client's schema", () => {
  const ORDER = "Pedido A-17 de Nora Vidal: 3 sillas a 45,50 € y una mesa. Entrega el 2 de junio.";
  const esquema = {
    type: "object",
    properties: {
      pedido: { type: "string" },
      cliente: {
        type: "object",
        properties: { nombre: { type: "string" }, nif: { type: "string" } },
      },
      lineas: {
        type: "array",
        items: { type: "object", properties: { precio: { type: "number" } } },
      },
      entrega: { type: "string" },
      urgente: { type: "boolean" },
    },
    required: ["pedido"],
  };

  it("keeps the values that the text contains, with their place, and drops the others", async () => {
    const datos = {
      pedido: "A-17",
      cliente: { nombre: "Nora Vidal", nif: "12345678Z" },
      lineas: [{ precio: 45.5 }, { precio: 99 }],
      entrega: "2026-06-02",
      urgente: false,
    };
    const citas = [
      { ruta: "/lineas/0/precio", texto: "45,50 €" },
      { ruta: "/lineas/1/precio", texto: "una mesa" },
      { ruta: "/entrega", texto: "2 de junio" },
      { ruta: "/urgente", texto: "Entrega el 2 de junio" },
    ];
    const { data, prompts } = await doTask(
      { type: "extraer", text: ORDER, options: { esquema } },
      JSON.stringify({ datos, citas }),
    );
    expect(prompts[0]?.schema).toMatchObject({ strict: false });
    expect(data).toMatchObject({
      campos: {
        pedido: "A-17",
        cliente: { nombre: "Nora Vidal", nif: null },
        lineas: [{ precio: 45.5 }, { precio: null }],
        entrega: "2026-06-02",
        urgente: false,
      },
      descartadas: 2,
    });
    const pieces = Quotes.parse(data?.["citas"]);
    expect(pieces.map(({ ruta, texto }) => `${ruta} ${texto}`)).toEqual([
      "/pedido A-17",
      "/cliente/nombre Nora Vidal",
      "/lineas/0/precio 45,50 €",
      "/entrega 2 de junio",
      "/urgente Entrega el 2 de junio",
    ]);
    for (const { texto, inicio, fin } of pieces) expect(ORDER.slice(inicio, fin)).toBe(texto);
  });

  it("drops values that their quote does not contain, that have no quote, or whose quote is not in the text", async () => {
    const datos = {
      pedido: "B-99",
      cliente: { nombre: "Pedro Gómez", nif: "Nora Vidal" },
      lineas: [{ precio: 3 }, { precio: 45.5 }],
      entrega: "mañana",
      urgente: true,
    };
    const citas = [
      { ruta: "/pedido", texto: "Pedido A-17" },
      { ruta: "/cliente/nombre", texto: "Nora Vidal" },
      { ruta: "/entrega", texto: "Entrega inmediata" },
      { ruta: "/lineas/0/precio" },
      "nada",
    ];
    const { data } = await doTask(
      { type: "extraer", text: ORDER, options: { esquema } },
      JSON.stringify({ datos, citas }),
    );
    expect(data).toMatchObject({
      campos: {
        pedido: null,
        cliente: { nombre: null, nif: "Nora Vidal" },
        lineas: [{ precio: 3 }, { precio: 45.5 }],
        entrega: null,
        urgente: null,
      },
      descartadas: 4,
    });
    expect(Quotes.parse(data?.["citas"]).map(({ ruta, texto }) => `${ruta} ${texto}`)).toEqual([
      "/cliente/nif Nora Vidal",
      "/lineas/0/precio 3",
      "/lineas/1/precio 45,50",
    ]);
  });

  it("accepts enums, codes, dates and times that the quote writes differently", async () => {
    const properties = {
      prioridad: { enum: ["alta", "baja"] },
      pais: { type: "string" },
      hora: { type: "string" },
      importe: { type: "string" },
    };
    const text = "Corre prisa: envío a España a las nueve, 45,50 euros.";
    const datos = { prioridad: "alta", pais: "ES", hora: "09:00", importe: "45.5 EUR" };
    const citas = [
      { ruta: "/prioridad", texto: "Corre prisa" },
      { ruta: "/pais", texto: "España" },
      { ruta: "/hora", texto: "a las nueve" },
      { ruta: "/importe", texto: "45,50 euros" },
    ];
    const { data } = await doTask(
      { type: "extraer", text, options: { esquema: { type: "object", properties } } },
      JSON.stringify({ datos, citas }),
    );
    expect(data).toMatchObject({ campos: datos, descartadas: 0 });
  });

  it("renumbers the paths of list items after others were dropped", async () => {
    const schema = {
      type: "object",
      properties: { cosas: { type: "array", items: { type: "string" } } },
    };
    const { data } = await doTask(
      { type: "extraer", text: ORDER, options: { esquema: schema } },
      JSON.stringify({ datos: { cosas: [null, "lámparas", "sillas", "mesa"] }, citas: [] }),
    );
    expect(data).toMatchObject({ campos: { cosas: ["sillas", "mesa"] }, descartadas: 1 });
    expect(Quotes.parse(data?.["citas"]).map(({ ruta, texto }) => `${ruta} ${texto}`)).toEqual([
      "/cosas/0 sillas",
      "/cosas/1 mesa",
    ]);
  });

  it("asks again when the answer does not match the schema", async () => {
    const { data, attempts } = await doTask(
      { type: "extraer", text: ORDER, options: { esquema } },
      JSON.stringify({ datos: { pedido: 17 }, citas: [] }),
      JSON.stringify({ datos: { pedido: "A-17" }, citas: null }),
    );
    expect(attempts).toBe(2);
    expect(data).toMatchObject({ campos: { pedido: "A-17" } });
  });

  it.for([
    ["another type than object", { type: "string" }],
    ["no properties", { type: "object" }],
    ["a reference", { type: "object", properties: { a: { $ref: "https://otro.example/s.json" } } }],
    [
      "more than 16 KiB",
      { type: "object", properties: { a: { type: "string", description: "x".repeat(17_000) } } },
    ],
    [
      "more than six levels",
      {
        type: "object",
        properties: {
          a: {
            type: "object",
            properties: {
              b: {
                type: "object",
                properties: {
                  c: {
                    type: "object",
                    properties: {
                      d: {
                        type: "object",
                        properties: {
                          e: {
                            type: "object",
                            properties: { f: { type: "object", properties: {} } },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
    ["a pattern", { type: "object", properties: { a: { type: "string", pattern: "(a+)+$" } } }],
    ["an unknown type", { type: "object", properties: { a: { type: "fecha" } } }],
  ] as const)("rejects a schema with %s", async ([, schema]) => {
    await expect(
      doTask({ type: "extraer", text: ORDER, options: { esquema: schema } }),
    ).rejects.toMatchObject({
      codigo: "entrada_invalida",
      fields: [{ campo: "opciones.esquema" }],
    });
  });

  it("fails without a model, and together with `tipos`", async () => {
    await expect(
      doLocally({ type: "extraer", text: ORDER, options: { esquema } }),
    ).rejects.toMatchObject({
      codigo: "motor_local_no_puede",
    });
    await expect(
      doTask({ type: "extraer", text: ORDER, options: { esquema, tipos: ["fecha"] } }),
    ).rejects.toMatchObject({ codigo: "entrada_invalida" });
  });
});

describe("extraer without a model", () => {
  it("finds people, places, dates, amounts and the other kinds with rules", async () => {
    const { data, engine } = await doLocally({
      type: "extraer",
      text: TEXT,
      options: { fecha_referencia: "2026-03-01" },
    });
    expect(engine).toBe("local");
    const pieces = piecesOf(data);
    expect(pieces).toContainEqual(
      expect.objectContaining({ tipo: "persona", texto: "Lucía Ferrer" }),
    );
    expect(pieces.find(({ tipo }) => tipo === "fecha")?.valor).toBe("2026-03-02T10:00");
    for (const { texto, inicio, fin } of pieces) expect(TEXT.slice(inicio, fin)).toBe(texto);
  });

  it("says that nothing was found", async () => {
    const { text, data } = await doLocally({ type: "extraer", text: "nada de nada" });
    expect(text).toBe("No se encontró nada de lo pedido en el texto.");
    expect(data).toEqual({ extracciones: [], descartadas: 0 });
  });

  it("returns at most a thousand entities and marks the result as truncated", async () => {
    const text = Array.from({ length: 1_200 }, (_, index) => `a${index}@ejemplo.es`).join(" ");
    const { data, truncated } = await doLocally({ type: "extraer", text });
    expect(piecesOf(data)).toHaveLength(1_000);
    expect(truncated).toBe(true);
  });

  it.for([
    ["ES", "600 123 123", "+34600123123"],
    ["MX", "55 1234 5678", "+525512345678"],
    ["mx", "55 1234 5678", "+525512345678"],
  ])("reads telephone numbers of %s", async ([pais, written, valor]) => {
    const { data } = await doLocally({
      type: "extraer",
      text: `Tel. ${written}`,
      options: { pais },
    });
    expect(piecesOf(data)).toEqual([expect.objectContaining({ tipo: "telefono", valor })]);
  });

  it.for([
    { tipos: [] },
    { tipos: ["color"] },
    { fecha_referencia: "ayer" },
    { zona_horaria: "Madrid" },
    { pais: "España" },
  ])("rejects the options %j", async (options) => {
    await expect(doLocally({ type: "extraer", text: TEXT, options })).rejects.toMatchObject({
      codigo: "entrada_invalida",
    });
  });
});

describe("extraer with personal data hidden", () => {
  it("hides telephone numbers and addresses from the model, and returns them with their offsets in the original text", async () => {
    const { data, prompts, work } = await doTask(
      { type: "extraer", text: TEXT, protect: true },
      answerWith(mention("persona", "Lucía Ferrer"), mention("lugar", "Soria")),
    );
    expect(prompts[0]?.input).toContain("[[CORREO_1]]");
    expect(JSON.stringify(prompts)).not.toMatch(/lucia@ejemplo|612/u);
    expect(JSON.stringify(data)).not.toMatch(/lucia@ejemplo|612/u);

    const result: WorkResult = {
      text: "",
      data,
      language: null,
      engine: "openai",
      model: "m",
      warnings: [],
      truncated: false,
    };
    const shown = work.mask && removeMask(result, TEXT, work.mask);
    const pieces = piecesOf(shown?.data ?? null);
    expect(pieces.map(({ tipo, texto }) => `${tipo}: ${texto}`)).toEqual([
      "persona: Lucía Ferrer",
      "lugar: Soria",
      "correo: lucia@ejemplo.es",
      "telefono: 612 345 678",
    ]);
    expect(pieces.at(-1)?.valor).toBe("+34612345678");
    for (const { texto, inicio, fin } of pieces) expect(TEXT.slice(inicio, fin)).toBe(texto);
  });
});
