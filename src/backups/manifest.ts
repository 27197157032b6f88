import { z } from "zod";
import { hmacSha256Hex, sha256Hex } from "../lib/hash.ts";

/** Grows when an older program could not read what a newer one writes. */
export const FORMAT = 1;

const Count = z.int().min(0);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Moment = z.iso.datetime();

/** When a backup began: `20261125T020000123Z`. Sorts by time. */
export const BackupId = z.string().regex(/^\d{8}T\d{9}Z$/, "debe ser como 20261125T020000123Z");
/** A file of a backup, with no folder: `20261125T020000123Z.consultas_ia.0001.jsonl.gz`. */
export const PartName = z
  .string()
  .regex(
    /^\d{8}T\d{9}Z\.[a-z][a-z0-9_]*\.\d{4,}\.jsonl\.gz(\.aes)?$/,
    "no es el nombre de una parte",
  );

/** A file of lines. `sha256` is of the file as it is stored, `sha256_claro` of the lines. */
export const Part = z.strictObject({
  nombre: PartName,
  filas: Count,
  bytes: Count,
  sha256: Digest,
  bytes_claros: Count,
  sha256_claro: Digest,
});
export type Part = z.output<typeof Part>;

/** The rows of a table between two moments (null: whenever), in the order of its primary key. */
export const Span = z.strictObject({
  desde: Moment.nullable().describe("Incluido."),
  hasta: Moment.nullable().describe("Sin incluir."),
  filas: Count,
  huella: z
    .string()
    .regex(/^\d+$/)
    .nullable()
    .describe("Suma de los 48 bits finales de cada solicitud_id: dice si algo cambió."),
  primera: z.string().nullable().describe("La fecha más antigua de sus filas."),
  ultima: z.string().nullable(),
  partes: z.array(Part),
});
export type Span = z.output<typeof Span>;

const Table = z.strictObject({
  tabla: z.string().regex(/^[a-z][a-z0-9_]*$/),
  columnas: z.array(z.string().min(1)).min(1),
  filas: Count,
  tramos: z.array(Span),
});
export type Table = z.output<typeof Table>;

export const Manifest = z.strictObject({
  formato: z.literal(FORMAT),
  id: BackupId,
  creada: Moment,
  version: z.string().describe("Del programa que hizo la copia."),
  esquema: z.strictObject({
    migracion: z.string().describe("La última que tenía la base de datos."),
    cuando: z.int(),
  }),
  corte: z.strictObject({
    instante: Moment,
    ultimo_id: z.string().regex(/^\d+$/).describe("No hay registros con un id mayor."),
  }),
  clave: z
    .string()
    .nullable()
    .describe("Con qué BACKUP_KEY está cifrada, sin decir nada de ella; nulo si no lo está."),
  tablas: z.array(Table),
  secuencias: z.record(z.string(), z.string().regex(/^-?\d+$/)),
  flujos: z.array(Part).describe("Los flujos de n8n, uno por línea; ninguno si no se copian."),
  filas: Count,
  bytes: Count.describe("De todas sus partes, también las que comparte con copias anteriores."),
  sello: z.string().describe("De todo lo anterior: SHA-256, o HMAC-SHA256 con BACKUP_KEY."),
});
export type Manifest = z.output<typeof Manifest>;

/** The manifest is not to be trusted. The message is Spanish and says what to do. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

/** It is under another key than the one at hand, or under none although there is one: nothing is known of its worth. */
export class ManifestKeyError extends ManifestError {}

/** The file, whose last field seals the others. */
export function writeManifest(manifest: Omit<Manifest, "sello">, backupKey: string | null): string {
  return JSON.stringify({ ...manifest, sello: sealOf(JSON.stringify(manifest), backupKey) });
}

/**
 * Reads a manifest and checks its seal, for which an encrypted backup needs its key. Whoever has a key takes nothing
 * without it: anybody who can write where backups are kept could have made that.
 * @throws {ManifestError}
 */
export function readManifest(text: string, backupKey: string | null): Manifest {
  const raw = parseObject(text);
  if (raw["formato"] !== FORMAT) {
    throw new ManifestError(
      `La copia tiene el formato ${String(raw["formato"])} y este programa lee el ${FORMAT}. Usa una versión del programa que la conozca.`,
    );
  }
  const parsed = Manifest.safeParse(raw);
  if (!parsed.success) {
    throw new ManifestError("El manifiesto de la copia está dañado: no tiene la forma que debe.");
  }
  requireKey(parsed.data, backupKey);
  const { sello, ...rest } = raw;
  if (sello !== sealOf(JSON.stringify(rest), backupKey)) {
    throw new ManifestError("El manifiesto de la copia está dañado: su sello no es el suyo.");
  }
  return parsed.data;
}

/**
 * The same of the backup with this id: a seal says that a manifest is ours, not that it is the one asked for.
 * @throws {ManifestError}
 */
export function readManifestOf(id: string, text: string, backupKey: string | null): Manifest {
  const manifest = readManifest(text, backupKey);
  if (manifest.id === id) return manifest;
  throw new ManifestError(`El manifiesto de la copia ${id} es el de otra: ${manifest.id}.`);
}

function requireKey({ clave }: Manifest, backupKey: string | null): void {
  const given = backupKey === null ? null : keyIdOf(backupKey);
  if (given === clave) return;
  if (clave === null) {
    throw new ManifestKeyError(
      "La copia no está cifrada, y hay BACKUP_KEY: puede haberla escrito cualquiera. Si es tuya, de antes de tener clave, repite con BACKUP_KEY vacía.",
    );
  }
  if (given === null) {
    throw new ManifestKeyError(
      `La copia está cifrada con la clave ${clave}. Pon en BACKUP_KEY la clave con la que se hizo.`,
    );
  }
  throw new ManifestKeyError(
    `BACKUP_KEY no es la clave de esta copia: se hizo con la ${clave} y la que hay es la ${given}.`,
  );
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Told below.
  }
  throw new ManifestError("El manifiesto de la copia está dañado: no es JSON.");
}

function sealOf(text: string, backupKey: string | null): string {
  return backupKey === null ? sha256Hex(text) : hmacSha256Hex(backupKey, text);
}

/** Tells one BACKUP_KEY from another without telling anything of either. */
export function keyIdOf(backupKey: string): string {
  return hmacSha256Hex(backupKey, "asistente-ia/clave-de-copias").slice(0, 16);
}

/** Every file that a backup is made of, its own and those of earlier ones. */
export function partsOf({ tablas, flujos }: Pick<Manifest, "tablas" | "flujos">): Part[] {
  return [...tablas.flatMap(({ tramos }) => tramos.flatMap(({ partes }) => partes)), ...flujos];
}

export function idOf(atMs: number): string {
  return new Date(atMs).toISOString().replaceAll(/[-:.]/g, "");
}

/** When the backup of this id began, in ms since 1970. */
export function instantOf(id: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(id) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}
