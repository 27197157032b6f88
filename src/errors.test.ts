import { describe, expect, it } from "vitest";
import { AppError, asProblem, toRpcError, isProblemCode, PROBLEMS } from "./errors.ts";

describe("PROBLEMS", () => {
  it("keeps the statuses of the codes that the old backend used", () => {
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

  it("has an HTTP error status, a code, a title and a help text for each problem", () => {
    for (const { status, code, title, help } of Object.values(PROBLEMS)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(code).toMatch(/^E\d{3}$/);
      expect(title).toMatch(/\S/);
      expect(help).toMatch(/\S/);
    }
  });

  it("recognises its own codes and not the property names of every object", () => {
    expect(isProblemCode("falta_tarea")).toBe(true);
    for (const other of ["toString", "__proto__", "", 1, null])
      expect(isProblemCode(other)).toBe(false);
  });
});

describe("asProblem", () => {
  const afterRpc = (properties: object): Error =>
    Object.assign(new Error("Espera."), { name: "AppError", remote: true }, properties);

  it("recognises a problem that lost its class by its name and code, and keeps its properties", () => {
    const problem = asProblem(afterRpc({ codigo: "chat_ocupado", retryAfterSeconds: 5 }));
    expect(problem).toBeInstanceOf(AppError);
    expect(problem).toMatchObject({
      message: "Espera.",
      codigo: "chat_ocupado",
      retryAfterSeconds: 5,
    });
  });

  it("returns undefined for an unknown code and for other errors", () => {
    expect(asProblem(afterRpc({ codigo: "inventado" }))).toBeUndefined();
    expect(asProblem(new Error("otra cosa"))).toBeUndefined();
    expect(asProblem("texto")).toBeUndefined();
  });

  it("returns an AppError itself", () => {
    const problem = new AppError("falta_tarea");
    expect(asProblem(problem)).toBe(problem);
  });
});

it("uses the title and help of the catalogue as the message when no detail is given", () => {
  expect(new AppError("modelo_error").message).toBe(
    "El modelo falló. El proveedor del modelo respondió con un error. Reintenta en unos segundos.",
  );
  expect(new AppError("modelo_error", { detail: "Otra." }).message).toBe("Otra.");
});

it("removes the cause of a problem that leaves a Durable Object, and keeps everything else", () => {
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
