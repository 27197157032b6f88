import { DatabaseError } from "pg";
import { describe, expect, it } from "vitest";
import { UserError } from "../lib/user-error.ts";
import { explainError } from "./explain-error.ts";

const systemError = (code: string, syscall: string, path?: string): Error =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, ...(path && { path }) });
const databaseError = (code: string): Error =>
  Object.assign(new DatabaseError("it says", 0, "error"), { code });

describe("explainError", () => {
  it.for<[error: Error, message: string]>([
    [new UserError("Haz esto."), "Haz esto."],
    [systemError("EACCES", "mkdir", "/una"), "No hay permiso para usar /una."],
    [systemError("ENOSPC", "write"), "No queda sitio en el disco."],
    [systemError("ECONNRESET", "read"), "No se puede llegar a la base de datos"],
    [systemError("ENOTFOUND", "getaddrinfo"), "No se puede llegar a la base de datos"],
    [new Error("Connection terminated unexpectedly"), "No se puede llegar a la base de datos"],
    [databaseError("28P01"), "no acepta ese usuario o esa contraseña"],
    [databaseError("55P03"), "La base de datos está ocupada."],
    [databaseError("XX000"), "La base de datos no ha podido. Lo que dice PostgreSQL: it says"],
    [new Error("Failed query", { cause: databaseError("53300") }), "conexiones libres"],
  ])("explains %s", ([error, message]) => {
    expect(explainError(error)).toContain(message);
  });

  it("returns undefined for an error that the user cannot fix", () => {
    expect(explainError(new TypeError("x is undefined"))).toBeUndefined();
    expect(explainError("x")).toBeUndefined();
  });
});
