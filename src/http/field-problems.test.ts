import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ChatId } from "../lib/chat-id.ts";
import { toFieldProblems, describeFieldProblems } from "./field-problems.ts";

const messagesOf = (schema: z.ZodType, input: unknown): string[] =>
  toFieldProblems(schema.safeParse(input).error?.issues ?? [], ["campo"]).map(
    ({ mensaje }) => mensaje,
  );

describe("default messages of zod", () => {
  it.for([
    ["falta", z.string(), undefined],
    ["debe ser un texto", z.string(), 5],
    ["debe ser un número", z.number(), "5"],
    ["debe ser un número entero", z.int(), 1.5],
    ["debe ser true o false", z.boolean(), "si"],
    ["debe ser una lista", z.array(z.string()), "Acme"],
    ["debe ser un objeto", z.strictObject({}), []],
    ["debe ser un objeto", z.record(z.string(), z.string()), ["a"]],
    ["debe ser como mínimo 1", z.int().min(1), 0],
    ["debe ser como mucho 30", z.int().max(30), 31],
    ["debe tener como mínimo 1 carácter", z.string().min(1), ""],
    ["debe tener como mucho 2 caracteres", z.string().max(2), "abc"],
    ["debe tener como mínimo 1 elemento", z.array(z.string()).min(1), []],
    ["debe tener como mucho 1 elemento", z.array(z.string()).max(1), ["a", "b"]],
  ] as const)("are a predicate of the field's name: «%s»", ([message, schema, input]) => {
    expect(messagesOf(schema, input)).toEqual([message]);
  });

  it("uses zod's own Spanish message for issues that it does not word itself", () => {
    expect(messagesOf(z.number().gt(0), 0)).toEqual([expect.stringContaining(">0")]);
  });
});

describe("toFieldProblems", () => {
  it("reports one problem when two rules of a field have the same message", () => {
    const day = z.string().regex(/^\d/, "debe ser un día").regex(/\d$/, "debe ser un día");
    expect(messagesOf(day, "ayer")).toEqual(["debe ser un día"]);
  });

  it("reports each unknown field by its own name", () => {
    const { error } = z.strictObject({}).safeParse({ a: 1, b: 2 });
    expect(toFieldProblems(error?.issues ?? [], ["opciones"])).toEqual([
      { campo: "opciones.a", mensaje: "no se conoce este campo" },
      { campo: "opciones.b", mensaje: "no se conoce este campo" },
    ]);
  });
});

it("names the first wrong field and the number of others in one sentence", () => {
  expect(describeFieldProblems([{ campo: "texto", mensaje: "falta" }])).toBe(
    "El campo texto no vale: falta.",
  );
  expect(
    describeFieldProblems([
      { campo: "texto", mensaje: "falta" },
      { campo: "chat_id", mensaje: "falta" },
    ]),
  ).toBe("El campo texto no vale: falta (y 1 más).");
});

it("distinguishes a missing chat_id from a wrong one", () => {
  expect(messagesOf(z.object({ chat_id: ChatId }), {})).toEqual(["falta"]);
  for (const wrong of [null, "abc", 1.5, 2 ** 53, ""]) {
    expect(messagesOf(z.object({ chat_id: ChatId }), { chat_id: wrong })).toEqual([
      "debe ser un número entero, como 12345 o -1001234567890",
    ]);
  }
});
