import { DatabaseError } from "pg";
import { describe, expect, it } from "vitest";
import { UserError } from "../lib/user-error.ts";
import { explain } from "./explain.ts";

const ofSystem = (code: string, syscall: string, path?: string): Error =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, ...(path && { path }) });
const ofDatabase = (code: string): Error =>
  Object.assign(new DatabaseError("it says", 0, "error"), { code });

describe("explain", () => {
  it.for<[error: Error, says: string]>([
    [new UserError("Haz esto."), "Haz esto."],
    [ofSystem("EACCES", "mkdir", "/una"), "No hay permiso para usar /una."],
    [ofSystem("ENOSPC", "write"), "No queda sitio en el disco."],
    [ofSystem("ECONNRESET", "read"), "No se puede llegar a la base de datos"],
    [ofSystem("ENOTFOUND", "getaddrinfo"), "No se puede llegar a la base de datos"],
    [new Error("Connection terminated unexpectedly"), "No se puede llegar a la base de datos"],
    [ofDatabase("28P01"), "no acepta ese usuario o esa contraseña"],
    [ofDatabase("55P03"), "La base de datos está ocupada."],
    [ofDatabase("XX000"), "La base de datos no ha podido. Lo que dice PostgreSQL: it says"],
    [new Error("Failed query", { cause: ofDatabase("53300") }), "conexiones libres"],
  ])("%s", ([error, says]) => {
    expect(explain(error)).toContain(says);
  });

  it("has no sentence for what a person cannot mend", () => {
    expect(explain(new TypeError("x is undefined"))).toBeUndefined();
    expect(explain("x")).toBeUndefined();
  });
});
