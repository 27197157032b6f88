import { z } from "zod";
import type { Config } from "../config.ts";
import {
  backupStartMs,
  partsOf,
  readManifestOf,
  toManifest,
  type BackupPart,
  type Manifest,
} from "./manifest.ts";
import { ManifestFile, PartName } from "./manifest.schemas.ts";
import type { BackupStorage } from "./part.ts";
import type { SentFlows } from "./sent-flows.ts";
import { chunksOf, piecesOf, type Bytes } from "./streams.ts";

/** Minimum size of a part of an R2 multipart upload. All parts but the last must have the same size. */
export const PIECE_BYTES = 5 * 1024 * 1024;
/** Objects that R2 deletes in one call. */
const DELETE_BATCH_KEYS = 1_000;

const MANIFESTS = "manifiestos/";
const PARTS = "partes/";
const VERIFICATIONS = "verificaciones/";

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Custom metadata of a verification. */
const VerificationMetadata = z.object({ instante: z.string(), correcta: z.stringbool() });
/** Result of reading a whole backup. */
type Verification = { atMs: number; isGood: boolean };

/** Custom metadata of a manifest. */
const ManifestMetadata = z.object({
  filas: z.coerce.number(),
  bytes: z.coerce.number(),
  version: z.string(),
  migracion: z.string(),
  clave: z.string(),
});

/** Custom metadata of a part with flows that n8n sent: no manifest describes it until the next backup. */
const SentFlowsMetadata = z.object({
  filas: z.coerce.number(),
  sha256: Digest,
  bytes_claros: z.coerce.number(),
  sha256_claro: Digest,
  clave: z.string(),
  envio: z.string(),
  numero: z.coerce.number(),
  de: z.coerce.number(),
});

/** A backup in the list of backups. */
export type StoredBackup = {
  id: string;
  atMs: number;
  rows: number;
  bytes: number;
  version: string;
  migration: string;
  isEncrypted: boolean;
  verification: Verification | null;
  /** False when a verification found damage. */
  isGood: boolean;
};

/** Backups in R2. A backup is its parts and a manifest, which is written last: parts without a manifest are no backup. */
export type Bucket = BackupStorage & {
  /** Newest first. */
  backups: () => Promise<StoredBackup[]>;
  /** Start of the newest good backup, in ms since 1970; null when there is none. Used by the alerts. */
  newestGoodAtMs: () => Promise<number | null>;
  /** The stored manifest file; null when the backup does not exist. */
  manifestFile: (id: string) => Promise<R2ObjectBody | null>;
  /** The parsed manifest, with its seal verified. @throws {ManifestError} */
  manifest: (id: string) => Promise<Manifest | null>;
  /** Names of the parts that a backup needs, without verifying its seal; null when the manifest is unreadable. */
  partNames: (id: string) => Promise<string[] | null>;
  putManifest: (manifest: Manifest, text: string) => Promise<void>;
  partFile: (name: string) => Promise<R2ObjectBody | null>;
  /** All part names with their sizes in bytes. */
  parts: () => Promise<Map<string, number>>;
  /** Stores flows that n8n sent until the next backup includes them. */
  putFlows: (sent: SentFlows, bytes: Uint8Array, keyId: string | null) => Promise<void>;
  /** Sent flows that are encrypted with this key, or unencrypted for null. */
  sentFlows: (keyId: string | null) => Promise<SentFlows[]>;
  saveVerification: (
    id: string,
    verification: Verification,
    damaged: readonly string[],
  ) => Promise<void>;
  /** Parts found damaged in backups that still exist. */
  damagedParts: () => Promise<Set<string>>;
  /** Deletes manifests and verifications before parts, so that an interrupted deletion leaves no incomplete backup. */
  remove: (ids: readonly string[], parts: readonly string[]) => Promise<void>;
};

export function createBucket(r2: R2Bucket, { BACKUP_KEY }: Pick<Config, "BACKUP_KEY">): Bucket {
  const bucket: Bucket = {
    async put(name, chunks) {
      await putPieces(r2, PARTS + name, chunks);
    },
    async get(name) {
      const object = await r2.get(PARTS + name);
      return object && chunksOf(object.body);
    },
    async backups() {
      const verifications = new Map<string, Verification>();
      for (const { key, customMetadata } of await listAll(r2, VERIFICATIONS)) {
        const { instante, correcta } = VerificationMetadata.parse(customMetadata);
        verifications.set(idFromKey(key), { atMs: Date.parse(instante), isGood: correcta });
      }
      const found = (await listAll(r2, MANIFESTS)).map(({ key, customMetadata }) => {
        const { filas, clave, migracion, ...rest } = ManifestMetadata.parse(customMetadata);
        const id = idFromKey(key);
        const verification = verifications.get(id) ?? null;
        return {
          ...{ id, atMs: backupStartMs(id), rows: filas, migration: migracion, ...rest },
          ...{ isEncrypted: clave !== "", verification, isGood: verification?.isGood !== false },
        };
      });
      return found.toSorted((a, b) => b.atMs - a.atMs);
    },
    async newestGoodAtMs() {
      return (await bucket.backups()).find(({ isGood }) => isGood)?.atMs ?? null;
    },
    manifestFile: (id) => r2.get(manifestKey(id)),
    async manifest(id) {
      const file = await bucket.manifestFile(id);
      return file && readManifestOf(id, await file.text(), BACKUP_KEY ?? null);
    },
    async partNames(id) {
      const file = await bucket.manifestFile(id);
      const parsed = ManifestFile.safeParse(await file?.json().catch(() => undefined));
      return parsed.success ? partsOf(toManifest(parsed.data)).map(({ name }) => name) : null;
    },
    async putManifest({ id, rows, sizeBytes, programVersion, schema, keyId }, text) {
      await r2.put(manifestKey(id), text, {
        httpMetadata: { contentType: "application/json" },
        customMetadata: {
          ...{ filas: String(rows), bytes: String(sizeBytes), version: programVersion },
          ...{ migracion: schema.migration, clave: keyId ?? "" },
        },
      });
    },
    partFile: (name) => r2.get(PARTS + name),
    async parts() {
      const objects = await listAll(r2, PARTS);
      return new Map(objects.map(({ key, size }) => [key.slice(PARTS.length), size]));
    },
    async putFlows({ part, sending, number, of }, bytes, keyId) {
      const { name, rows, plainBytes, sha256, plainSha256 } = part;
      await r2.put(PARTS + name, bytes, {
        customMetadata: {
          ...{ filas: String(rows), bytes_claros: String(plainBytes) },
          ...{ sha256, sha256_claro: plainSha256 },
          ...{ envio: sending, numero: String(number), de: String(of) },
          clave: keyId ?? "",
        },
      });
    },
    async sentFlows(keyId) {
      return (await listAll(r2, PARTS)).flatMap(({ key, size, customMetadata }) => {
        const parsed = SentFlowsMetadata.safeParse(customMetadata);
        if (!parsed.success || parsed.data.clave !== (keyId ?? "")) return [];
        const { envio: sending, numero: number, de: of, filas, sha256 } = parsed.data;
        const part: BackupPart = {
          ...{
            name: PartName.parse(key.slice(PARTS.length)),
            rows: filas,
            sizeBytes: size,
            sha256,
          },
          ...{ plainBytes: parsed.data.bytes_claros, plainSha256: parsed.data.sha256_claro },
        };
        return [{ part, sending, number, of }];
      });
    },
    async saveVerification(id, { atMs, isGood }, damaged) {
      await r2.put(verificationKey(id), JSON.stringify(damaged), {
        customMetadata: { instante: new Date(atMs).toISOString(), correcta: String(isGood) },
      });
    },
    async damagedParts() {
      const damaged = new Set<string>();
      for (const { key, customMetadata } of await listAll(r2, VERIFICATIONS)) {
        if (VerificationMetadata.parse(customMetadata).correcta) continue;
        const saved = await r2.get(key);
        for (const name of z.array(z.string()).parse(await saved?.json())) damaged.add(name);
      }
      return damaged;
    },
    async remove(ids, parts) {
      const keys = [
        ...ids.map(manifestKey),
        ...ids.map(verificationKey),
        ...parts.map((name) => PARTS + name),
      ];
      for (let begin = 0; begin < keys.length; begin += DELETE_BATCH_KEYS) {
        await r2.delete(keys.slice(begin, begin + DELETE_BATCH_KEYS));
      }
    },
  };
  return bucket;
}

/** Puts a small file in one call and a large one as a multipart upload, with one piece in memory. */
export async function putPieces(r2: R2Bucket, key: string, chunks: Bytes): Promise<void> {
  let upload: R2MultipartUpload | undefined;
  const uploaded: R2UploadedPart[] = [];
  try {
    for await (const piece of piecesOf(chunks, PIECE_BYTES)) {
      if (!upload && piece.byteLength < PIECE_BYTES) {
        await r2.put(key, piece);
        return;
      }
      upload ??= await r2.createMultipartUpload(key);
      uploaded.push(await upload.uploadPart(uploaded.length + 1, piece));
    }
    await upload?.complete(uploaded);
  } catch (error) {
    // R2 removes an unfinished upload by itself after a week.
    await upload?.abort().catch(() => undefined);
    throw error;
  }
}

async function listAll(r2: R2Bucket, prefix: string): Promise<R2Object[]> {
  const objects: R2Object[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await r2.list({
      prefix,
      include: ["customMetadata"],
      ...(cursor !== undefined && { cursor }),
    });
    objects.push(...page.objects);
    if (!page.truncated) return objects;
    cursor = page.cursor;
  }
}

function manifestKey(id: string): string {
  return `${MANIFESTS}${id}.json`;
}

function verificationKey(id: string): string {
  return `${VERIFICATIONS}${id}.json`;
}

function idFromKey(key: string): string {
  return key.slice(key.indexOf("/") + 1, -".json".length);
}
