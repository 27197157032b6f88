import { DatabaseError } from "pg";
import { ConfigError } from "../../src/config.ts";
import { UserError } from "../lib/user-error.ts";

/** By the system's own codes. */
const SYSTEM: Record<string, (subject: string) => string> = {
  EACCES: (path) => `No hay permiso para usar ${path}. Elige otra carpeta o cambia sus permisos.`,
  EPERM: (path) => `No hay permiso para usar ${path}. Elige otra carpeta o cambia sus permisos.`,
  EROFS: (path) => `No se puede escribir en ${path}. Elige otra carpeta.`,
  ENOTDIR: (path) => `${path} no está en una carpeta. Elige otra.`,
  EEXIST: (path) => `${path} no es una carpeta. Elige otra.`,
  ENOSPC: () => "No queda sitio en el disco. Haz sitio y repite.",
};

const CONNECTION = new Set(["connect", "getaddrinfo", "read", "write"]);

/** By the beginning of PostgreSQL's codes, the longest first. */
const DATABASE: [code: string, says: string][] = [
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

/** A Spanish sentence for what a person can mend; undefined for what only who writes this program can. */
export function explain(error: unknown): string | undefined {
  if (error instanceof UserError || error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return undefined;
  if (error instanceof DatabaseError) {
    const [, says] = DATABASE.find(([code]) => error.code?.startsWith(code)) ?? [];
    return `${says} Lo que dice PostgreSQL: ${error.message}`;
  }
  if ("syscall" in error && "code" in error) {
    const says = SYSTEM[String(error.code)];
    if (says) return says("path" in error ? String(error.path) : "esa carpeta");
    if (CONNECTION.has(String(error.syscall))) return unreachable(error.message);
  }
  // What `pg` says has no code.
  if (/^(Connection terminated|timeout expired)/.test(error.message)) {
    return unreachable(error.message);
  }
  return explain(error.cause);
}

function unreachable(reason: string): string {
  return `No se puede llegar a la base de datos (${reason}). Comprueba DATABASE_URL y que el servidor esté en marcha.`;
}
