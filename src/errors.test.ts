import { describe, expect, it } from "vitest";
import { AppError, asProblem, toRpcError, isProblemCode, PROBLEMS } from "./errors.ts";

describe("the catalogue", () => {
  it("keeps the old codes under their statuses", () => {
    const statusesOf = (code: string): number[] => [
      ...new Set(
        Object.values(PROBLEMS)
          .filter((known) => known.code === code)
          .map(({ status }) => status),
      ),
    ];
    expect(statusesOf("E202")).toEqual([400]);
    expect(statusesOf("E301")).toEqual([502]);
    expect(statusesOf("E302")).toEqual([504]);
    expect(statusesOf("E303")).toEqual([429]);
    expect(statusesOf("E304")).toEqual([422]);
    expect(statusesOf("E901")).toContain(500);
    expect(statusesOf("E999")).toEqual([500]);
  });

  it("gives each problem an HTTP error and words for a person", () => {
    for (const { status, code, title, help } of Object.values(PROBLEMS)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(code).toMatch(/^E\d{3}$/);
      expect(title).toMatch(/\S/);
      expect(help).toMatch(/\S/);
    }
  });

  it("knows its own codes and nothing that every object has", () => {
    expect(isProblemCode("falta_tarea")).toBe(true);
    for (const other of ["toString", "__proto__", "", 1, null])
      expect(isProblemCode(other)).toBe(false);
  });
});

describe("a problem that lost its class on the way", () => {
  const far = (properties: object): Error =>
    Object.assign(new Error("Espera."), { name: "AppError", remote: true }, properties);

  it("is recognised by its name and code, with its own properties", () => {
    const problem = asProblem(far({ codigo: "chat_ocupado", retryAfterSeconds: 5 }));
    expect(problem).toBeInstanceOf(AppError);
    expect(problem).toMatchObject({
      message: "Espera.",
      codigo: "chat_ocupado",
      retryAfterSeconds: 5,
    });
  });

  it("is none of ours when its code is not in the catalogue", () => {
    expect(asProblem(far({ codigo: "inventado" }))).toBeUndefined();
    expect(asProblem(new Error("otra cosa"))).toBeUndefined();
    expect(asProblem("texto")).toBeUndefined();
  });
});

it("a problem says what its page says when there is nothing more precise to say", () => {
  expect(new AppError("modelo_error").message).toBe(
    "El modelo falló. El proveedor del modelo respondió con un error. Reintenta en unos segundos.",
  );
  expect(new AppError("modelo_error", { detail: "Otra." }).message).toBe("Otra.");
});

it("a problem of our own is left as it is", () => {
  const problem = new AppError("falta_tarea");
  expect(asProblem(problem)).toBe(problem);
});

it("what leaves a Durable Object has no cause, and everything else", () => {
  const spent = { attempts: 2, usage: null };
  const problem = new AppError("modelo_error", {
    detail: "Falló.",
    cause: new Error("sk-1"),
    spent,
  });
  const sent = toRpcError(problem);
  expect(sent).toMatchObject({ codigo: "modelo_error", message: "Falló.", spent });
  expect(sent).toHaveProperty("cause", undefined);
  const other = new Error("otra cosa");
  expect(toRpcError(other)).toBe(other);
});
