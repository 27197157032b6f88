import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ChatId } from "./chat-id.ts";
import { fieldProblems, problemsInWords } from "./validation.ts";

const said = (schema: z.ZodType, given: unknown): string[] =>
  fieldProblems(schema.safeParse(given).error?.issues ?? [], ["campo"]).map(
    ({ mensaje }) => mensaje,
  );

describe("what a schema has no words of its own for", () => {
  it.for([
    [z.string(), undefined, "falta"],
    [z.string(), 5, "debe ser un texto"],
    [z.number(), "5", "debe ser un número"],
    [z.int(), 1.5, "debe ser un número entero"],
    [z.boolean(), "si", "debe ser true o false"],
    [z.array(z.string()), "Acme", "debe ser una lista"],
    [z.strictObject({}), [], "debe ser un objeto"],
    [z.record(z.string(), z.string()), ["a"], "debe ser un objeto"],
    [z.int().min(1), 0, "debe ser como mínimo 1"],
    [z.int().max(30), 31, "debe ser como mucho 30"],
    [z.string().min(1), "", "debe tener como mínimo 1 carácter"],
    [z.string().max(2), "abc", "debe tener como mucho 2 caracteres"],
    [z.array(z.string()).min(1), [], "debe tener como mínimo 1 elemento"],
    [z.array(z.string()).max(1), ["a", "b"], "debe tener como mucho 1 elemento"],
  ] as const)("%# is told in Spanish that follows the field's name", ([schema, given, words]) => {
    expect(said(schema, given)).toEqual([words]);
  });

  it("says of what has no words here what zod says of it in Spanish", () => {
    expect(said(z.number().gt(0), 0)).toEqual([expect.stringContaining(">0")]);
  });
});

describe("fieldProblems", () => {
  it("says once what two rules say of a field", () => {
    const day = z.string().regex(/^\d/, "debe ser un día").regex(/\d$/, "debe ser un día");
    expect(said(day, "ayer")).toEqual(["debe ser un día"]);
  });

  it("names each unknown field by itself", () => {
    const { error } = z.strictObject({}).safeParse({ a: 1, b: 2 });
    expect(fieldProblems(error?.issues ?? [], ["opciones"])).toEqual([
      { campo: "opciones.a", mensaje: "no se conoce este campo" },
      { campo: "opciones.b", mensaje: "no se conoce este campo" },
    ]);
  });
});

it("tells in one sentence which field it is, and how many others are wrong", () => {
  expect(problemsInWords([{ campo: "texto", mensaje: "falta" }])).toBe(
    "El campo texto no vale: falta.",
  );
  expect(
    problemsInWords([
      { campo: "texto", mensaje: "falta" },
      { campo: "chat_id", mensaje: "falta" },
    ]),
  ).toBe("El campo texto no vale: falta (y 1 más).");
});

it("tells a chat_id that is missing from one that is wrong", () => {
  expect(said(z.object({ chat_id: ChatId }), {})).toEqual(["falta"]);
  for (const wrong of [null, "abc", 1.5, 2 ** 53, ""]) {
    expect(said(z.object({ chat_id: ChatId }), { chat_id: wrong })).toEqual([
      "debe ser un número entero, como 12345 o -1001234567890",
    ]);
  }
});
