import { DatabaseError } from "pg";
import { ConfigError } from "../../src/config.ts";
import { UserError } from "../lib/user-error.ts";

/** By the error code of the operating system. */
const SYSTEM_MESSAGES: Record<string, (path: string) => string> = {
  EACCES: (path) => `No hay permiso para usar ${path}. Elige otra carpeta o cambia sus permisos.`,
  EPERM: (path) => `No hay permiso para usar ${path}. Elige otra carpeta o cambia sus permisos.`,
  EROFS: (path) => `No se puede escribir en ${path}. Elige otra carpeta.`,
  ENOTDIR: (path) => `${path} no está en una carpeta. Elige otra.`,
  EEXIST: (path) => `${path} no es una carpeta. Elige otra.`,
  ENOSPC: () => "No queda sitio en el disco. Haz sitio y repite.",
};

/** System calls of a network connection. */
const CONNECTION_SYSCALLS = new Set(["connect", "getaddrinfo", "read", "write"]);

/** By prefix of the PostgreSQL error code (SQLSTATE). The first match counts. */
const DATABASE_MESSAGES: [codePrefix: string, message: string][] = [
  ["3D000", "Esa base de datos no existe. Comprueba DATABASE_URL."],
  [
    "42501",
    "El usuario de la base de datos no tiene permiso para esto. Usa el dueño de las tablas.",
  ],
  ["55P03", "La base de datos está ocupada. Repite en unos minutos, o con el servicio parado."],
  ["28", "La base de datos no acepta ese usuario o esa contraseña. Comprueba DATABASE_URL."],
  ["53", "El servidor de la base de datos no tiene sitio o conexiones libres. Haz sitio y repite."],
  ["57P", "El servidor de la base de datos se ha parado. Ponlo en marcha y repite."],
  ["", "La base de datos no ha podido."],
];

/** A Spanish message that says how to fix the error. Undefined for a bug, which the user cannot fix. */
export function explainError(error: unknown): string | undefined {
  if (error instanceof UserError || error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return undefined;
  if (error instanceof DatabaseError) {
    const [, message] =
      DATABASE_MESSAGES.find(([codePrefix]) => error.code?.startsWith(codePrefix)) ?? [];
    return `${message} Lo que dice PostgreSQL: ${error.message}`;
  }
  if ("syscall" in error && "code" in error) {
    const describe = SYSTEM_MESSAGES[String(error.code)];
    if (describe) return describe("path" in error ? String(error.path) : "esa carpeta");
    if (CONNECTION_SYSCALLS.has(String(error.syscall))) return unreachableMessage(error.message);
  }
  // Errors that `pg` itself creates have no code.
  if (/^(Connection terminated|timeout expired)/.test(error.message)) {
    return unreachableMessage(error.message);
  }
  return explainError(error.cause);
}

function unreachableMessage(reason: string): string {
  return `No se puede llegar a la base de datos (${reason}). Comprueba DATABASE_URL y que el servidor esté en marcha.`;
}
