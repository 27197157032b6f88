import { hmacSha256Hex, sha256Hex } from "../lib/hash.ts";
import { FORMAT, ManifestFile, type PartEntry } from "./manifest.schemas.ts";

/** A file of lines. `sha256` and `sizeBytes` are those of the stored file, the `plain` ones those of its lines. */
export type BackupPart = {
  name: string;
  rows: number;
  sizeBytes: number;
  sha256: string;
  plainBytes: number;
  plainSha256: string;
};

/** The rows of a table with a date from `from` (included) to `to` (excluded), in the order of the primary key. */
export type BackupRange = {
  /** ISO instants; null: unbounded. */
  from: string | null;
  to: string | null;
  rows: number;
  /** Sum of the last 48 bits of each request id: changes with every row that is added or removed. Null without ids. */
  fingerprint: string | null;
  /** Dates of the oldest and the newest row, as PostgreSQL writes them. */
  oldest: string | null;
  newest: string | null;
  parts: BackupPart[];
};

export type BackupTable = { name: string; columns: string[]; rows: number; ranges: BackupRange[] };

export type Manifest = {
  id: string;
  createdAt: string;
  /** Version of the program that made the backup. */
  programVersion: string;
  /** The newest migration of the database, and its timestamp in the migration journal. */
  schema: { migration: string; journalMs: number };
  /** The backup holds the history up to this id, as of this instant. */
  cut: { at: string; lastId: string };
  /** Identifies the BACKUP_KEY of an encrypted backup; null when it is not encrypted. */
  keyId: string | null;
  tables: BackupTable[];
  /** Last value of each sequence. */
  sequences: Record<string, string>;
  /** Parts with n8n flows, one flow per line. */
  flows: BackupPart[];
  rows: number;
  /** Total of all parts, including those shared with earlier backups. */
  sizeBytes: number;
};

/** The manifest cannot be trusted. The message is Spanish and says what to do. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

/** The manifest belongs to another BACKUP_KEY, or to none although one is configured: it cannot be verified. */
export class ManifestKeyError extends ManifestError {}

/** Serialises a manifest. Its last field seals the others. */
export function writeManifest(manifest: Manifest, backupKey: string | null): string {
  const file = toManifestFile(manifest);
  return JSON.stringify({ ...file, sello: sealOf(JSON.stringify(file), backupKey) });
}

/**
 * Parses a manifest and verifies its seal. An encrypted backup needs its key. When a key is configured, an unencrypted
 * manifest is rejected: anyone with write access to the backups could have forged it.
 * @throws {ManifestError}
 */
export function readManifest(text: string, backupKey: string | null): Manifest {
  const raw = parseObject(text);
  if (raw["formato"] !== FORMAT) {
    throw new ManifestError(
      `La copia tiene el formato ${String(raw["formato"])} y este programa lee el ${FORMAT}. Usa una versión del programa que la conozca.`,
    );
  }
  const parsed = ManifestFile.safeParse(raw);
  if (!parsed.success) {
    throw new ManifestError("El manifiesto de la copia está dañado: no tiene la forma que debe.");
  }
  requireKey(parsed.data, backupKey);
  const { sello, ...rest } = raw;
  if (sello !== sealOf(JSON.stringify(rest), backupKey)) {
    throw new ManifestError("El manifiesto de la copia está dañado: su sello no es el suyo.");
  }
  return toManifest(parsed.data);
}

/**
 * Parses the manifest of the backup `id`. The seal alone does not prove that a manifest is the requested one.
 * @throws {ManifestError}
 */
export function readManifestOf(id: string, text: string, backupKey: string | null): Manifest {
  const manifest = readManifest(text, backupKey);
  if (manifest.id === id) return manifest;
  throw new ManifestError(`El manifiesto de la copia ${id} es el de otra: ${manifest.id}.`);
}

function requireKey({ clave }: Pick<ManifestFile, "clave">, backupKey: string | null): void {
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
    // Reported below, together with JSON that is not an object.
  }
  throw new ManifestError("El manifiesto de la copia está dañado: no es JSON.");
}

function sealOf(text: string, backupKey: string | null): string {
  return backupKey === null ? sha256Hex(text) : hmacSha256Hex(backupKey, text);
}

/** Identifies a BACKUP_KEY without revealing it. */
export function keyIdOf(backupKey: string): string {
  return hmacSha256Hex(backupKey, "asistente-ia/clave-de-copias").slice(0, 16);
}

/** Every part of a backup, including those shared with earlier backups. */
export function partsOf({ tables, flows }: Pick<Manifest, "tables" | "flows">): BackupPart[] {
  return [...tables.flatMap(({ ranges }) => ranges.flatMap(({ parts }) => parts)), ...flows];
}

/** Converts the stored file to the manifest. The seal is not verified here. */
export function toManifest(file: ManifestFile): Manifest {
  return {
    id: file.id,
    createdAt: file.creada,
    programVersion: file.version,
    schema: { migration: file.esquema.migracion, journalMs: file.esquema.cuando },
    cut: { at: file.corte.instante, lastId: file.corte.ultimo_id },
    keyId: file.clave,
    tables: file.tablas.map(({ tabla, columnas, filas, tramos }) => ({
      name: tabla,
      columns: columnas,
      rows: filas,
      ranges: tramos.map(({ desde, hasta, filas: rows, huella, primera, ultima, partes }) => ({
        ...{ from: desde, to: hasta, rows, fingerprint: huella },
        ...{ oldest: primera, newest: ultima, parts: partes.map(toPart) },
      })),
    })),
    sequences: file.secuencias,
    flows: file.flujos.map(toPart),
    rows: file.filas,
    sizeBytes: file.bytes,
  };
}

function toManifestFile(manifest: Manifest): Omit<ManifestFile, "sello"> {
  const { schema, cut } = manifest;
  return {
    formato: FORMAT,
    id: manifest.id,
    creada: manifest.createdAt,
    version: manifest.programVersion,
    esquema: { migracion: schema.migration, cuando: schema.journalMs },
    corte: { instante: cut.at, ultimo_id: cut.lastId },
    clave: manifest.keyId,
    tablas: manifest.tables.map(({ name, columns, rows, ranges }) => ({
      tabla: name,
      columnas: columns,
      filas: rows,
      tramos: ranges.map((range) => ({
        ...{ desde: range.from, hasta: range.to, filas: range.rows, huella: range.fingerprint },
        ...{ primera: range.oldest, ultima: range.newest, partes: range.parts.map(toPartEntry) },
      })),
    })),
    secuencias: manifest.sequences,
    flujos: manifest.flows.map(toPartEntry),
    filas: manifest.rows,
    bytes: manifest.sizeBytes,
  };
}

function toPart({
  nombre,
  filas,
  bytes,
  sha256,
  bytes_claros,
  sha256_claro,
}: PartEntry): BackupPart {
  return {
    ...{ name: nombre, rows: filas, sizeBytes: bytes, sha256 },
    ...{ plainBytes: bytes_claros, plainSha256: sha256_claro },
  };
}

function toPartEntry({
  name,
  rows,
  sizeBytes,
  sha256,
  plainBytes,
  plainSha256,
}: BackupPart): PartEntry {
  return {
    ...{ nombre: name, filas: rows, bytes: sizeBytes, sha256 },
    ...{ bytes_claros: plainBytes, sha256_claro: plainSha256 },
  };
}

/** The id of a backup that begins at this instant (ms since 1970). */
export function toBackupId(atMs: number): string {
  return new Date(atMs).toISOString().replaceAll(/[-:.]/g, "");
}

/** When the backup with this id began, in ms since 1970. */
export function backupStartMs(id: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(id) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}
