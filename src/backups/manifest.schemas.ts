import { z } from "zod";

/** Version of the manifest's format. Increase it when an older program cannot read what a newer one writes. */
export const FORMAT = 1;

const Count = z.int().min(0);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Instant = z.iso.datetime();

/** When the backup began, as `20261125T020000123Z`. Ids sort by time. */
export const BackupId = z.string().regex(/^\d{8}T\d{9}Z$/, "debe ser como 20261125T020000123Z");
/** File name of a part, without a folder: `20261125T020000123Z.consultas_ia.0001.jsonl.gz`. */
export const PartName = z
  .string()
  .regex(
    /^\d{8}T\d{9}Z\.[a-z][a-z0-9_]*\.\d{4,}\.jsonl\.gz(\.aes)?$/,
    "no es el nombre de una parte",
  );

/** `sha256` and `bytes` are those of the stored file; `sha256_claro` and `bytes_claros` those of its plain lines. */
const PartEntry = z.strictObject({
  nombre: PartName,
  filas: Count,
  bytes: Count,
  sha256: Digest,
  bytes_claros: Count,
  sha256_claro: Digest,
});
export type PartEntry = z.output<typeof PartEntry>;

const RangeEntry = z.strictObject({
  desde: Instant.nullable().describe("Incluido."),
  hasta: Instant.nullable().describe("Sin incluir."),
  filas: Count,
  huella: z
    .string()
    .regex(/^\d+$/)
    .nullable()
    .describe("Suma de los 48 bits finales de cada solicitud_id: dice si algo cambió."),
  primera: z.string().nullable().describe("La fecha más antigua de sus filas."),
  ultima: z.string().nullable(),
  partes: z.array(PartEntry),
});

const TableEntry = z.strictObject({
  tabla: z.string().regex(/^[a-z][a-z0-9_]*$/),
  columnas: z.array(z.string().min(1)).min(1),
  filas: Count,
  tramos: z.array(RangeEntry),
});

/** The manifest as stored and as the API returns it. */
export const ManifestFile = z.strictObject({
  formato: z.literal(FORMAT),
  id: BackupId,
  creada: Instant,
  version: z.string().describe("Del programa que hizo la copia."),
  esquema: z.strictObject({
    migracion: z.string().describe("La última que tenía la base de datos."),
    cuando: z.int(),
  }),
  corte: z.strictObject({
    instante: Instant,
    ultimo_id: z.string().regex(/^\d+$/).describe("No hay registros con un id mayor."),
  }),
  clave: z
    .string()
    .nullable()
    .describe("Con qué BACKUP_KEY está cifrada, sin decir nada de ella; nulo si no lo está."),
  tablas: z.array(TableEntry),
  secuencias: z.record(z.string(), z.string().regex(/^-?\d+$/)),
  flujos: z.array(PartEntry).describe("Los flujos de n8n, uno por línea; ninguno si no se copian."),
  filas: Count,
  bytes: Count.describe("De todas sus partes, también las que comparte con copias anteriores."),
  sello: z.string().describe("De todo lo anterior: SHA-256, o HMAC-SHA256 con BACKUP_KEY."),
});
export type ManifestFile = z.output<typeof ManifestFile>;
