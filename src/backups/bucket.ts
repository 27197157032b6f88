import { z } from "zod";
import type { Config } from "../config.ts";
import { instantOf, Manifest, Part, partsOf, readManifestOf } from "./manifest.ts";
import type { Shelf } from "./part.ts";
import type { SentFlows } from "./sent-flows.ts";
import { chunksOf, piecesOf, type Bytes } from "./streams.ts";

/** The least that R2 takes as a part of an upload; all but the last must have one size. */
export const PIECE_BYTES = 5 * 1024 * 1024;
/** R2 deletes so many objects in one call. */
const DELETED_AT_ONCE = 1_000;

const MANIFESTS = "manifiestos/";
const PARTS = "partes/";
const CHECKS = "verificaciones/";

/** What became of reading a backup through. */
const Check = z.object({ instante: z.string(), correcta: z.stringbool() });
export type Check = { atMs: number; isGood: boolean };

const Summary = z.object({
  filas: z.coerce.number(),
  bytes: z.coerce.number(),
  version: z.string(),
  migracion: z.string(),
  clave: z.string(),
});

/** What a part of flows tells of itself, since it comes before the manifest that will. */
const SentFlowsNote = z.object({
  filas: z.coerce.number(),
  sha256: z.string(),
  bytes_claros: z.coerce.number(),
  sha256_claro: z.string(),
  clave: z.string(),
  envio: z.string(),
  numero: z.coerce.number(),
  de: z.coerce.number(),
});

/** A backup as the list of them tells it. */
export type StoredBackup = {
  id: string;
  atMs: number;
  rows: number;
  bytes: number;
  version: string;
  migration: string;
  isEncrypted: boolean;
  check: Check | null;
  /** Nothing is known against it. */
  isGood: boolean;
};

/** The files of backups in R2: parts, and manifests, which are written last and make a backup of them. */
export type Bucket = Shelf & {
  /** Newest first. */
  backups: () => Promise<StoredBackup[]>;
  /** When the newest one was made that nothing is known against: what alerts ask. Null when there is none. */
  newestGoodAtMs: () => Promise<number | null>;
  /** The manifest's file as it is; null when there is no such backup. */
  manifestFile: (id: string) => Promise<R2ObjectBody | null>;
  /** The same, read and checked. @throws {ManifestError} */
  manifest: (id: string) => Promise<Manifest | null>;
  /** The parts that a manifest needs, whether or not its key is at hand; null when it cannot be read. */
  partNames: (id: string) => Promise<string[] | null>;
  putManifest: (manifest: Omit<Manifest, "sello">, text: string) => Promise<void>;
  partFile: (name: string) => Promise<R2ObjectBody | null>;
  /** Every part and its size in bytes. */
  parts: () => Promise<Map<string, number>>;
  /** Keeps flows that n8n sent until a backup takes them in. */
  putFlows: (sent: SentFlows, bytes: Uint8Array, keyId: string | null) => Promise<void>;
  /** Those that are under this key. */
  sentFlows: (keyId: string | null) => Promise<SentFlows[]>;
  noteCheck: (id: string, check: Check, damaged: readonly string[]) => Promise<void>;
  /** The parts that were found damaged in a backup that still is there. */
  damagedParts: () => Promise<Set<string>>;
  /** Manifests and what was noted of them first: what remains of an interrupted deletion is no backup. */
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
      const checks = new Map<string, Check>();
      for (const { key, customMetadata } of await listAll(r2, CHECKS)) {
        const { instante, correcta } = Check.parse(customMetadata);
        checks.set(idIn(key), { atMs: Date.parse(instante), isGood: correcta });
      }
      const found = (await listAll(r2, MANIFESTS)).map(({ key, customMetadata }) => {
        const { filas, clave, migracion, ...rest } = Summary.parse(customMetadata);
        const id = idIn(key);
        const check = checks.get(id) ?? null;
        return {
          ...{ id, atMs: instantOf(id), rows: filas, migration: migracion, ...rest },
          ...{ isEncrypted: clave !== "", check, isGood: check?.isGood !== false },
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
      const parsed = Manifest.safeParse(await file?.json().catch(() => undefined));
      return parsed.success ? partsOf(parsed.data).map(({ nombre }) => nombre) : null;
    },
    async putManifest({ id, filas, bytes, version, esquema, clave }, text) {
      await r2.put(manifestKey(id), text, {
        httpMetadata: { contentType: "application/json" },
        customMetadata: {
          ...{ filas: String(filas), bytes: String(bytes), version },
          ...{ migracion: esquema.migracion, clave: clave ?? "" },
        },
      });
    },
    partFile: (name) => r2.get(PARTS + name),
    async parts() {
      const objects = await listAll(r2, PARTS);
      return new Map(objects.map(({ key, size }) => [key.slice(PARTS.length), size]));
    },
    async putFlows({ part, sending, number, of }, bytes, keyId) {
      const { nombre, filas, bytes_claros, sha256, sha256_claro } = part;
      await r2.put(PARTS + nombre, bytes, {
        customMetadata: {
          ...{ filas: String(filas), bytes_claros: String(bytes_claros) },
          ...{ sha256, sha256_claro },
          ...{ envio: sending, numero: String(number), de: String(of) },
          clave: keyId ?? "",
        },
      });
    },
    async sentFlows(keyId) {
      return (await listAll(r2, PARTS)).flatMap(({ key, size, customMetadata }) => {
        const note = SentFlowsNote.safeParse(customMetadata);
        if (!note.success || note.data.clave !== (keyId ?? "")) return [];
        const { clave: _, envio: sending, numero: number, de: of, ...rest } = note.data;
        const part = Part.parse({ nombre: key.slice(PARTS.length), bytes: size, ...rest });
        return [{ part, sending, number, of }];
      });
    },
    async noteCheck(id, { atMs, isGood }, damaged) {
      await r2.put(checkKey(id), JSON.stringify(damaged), {
        customMetadata: { instante: new Date(atMs).toISOString(), correcta: String(isGood) },
      });
    },
    async damagedParts() {
      const damaged = new Set<string>();
      for (const { key, customMetadata } of await listAll(r2, CHECKS)) {
        if (Check.parse(customMetadata).correcta) continue;
        const noted = await r2.get(key);
        for (const name of z.array(z.string()).parse(await noted?.json())) damaged.add(name);
      }
      return damaged;
    },
    async remove(ids, parts) {
      const keys = [
        ...ids.map(manifestKey),
        ...ids.map(checkKey),
        ...parts.map((name) => PARTS + name),
      ];
      for (let begin = 0; begin < keys.length; begin += DELETED_AT_ONCE) {
        await r2.delete(keys.slice(begin, begin + DELETED_AT_ONCE));
      }
    },
  };
  return bucket;
}

/** A small file in one piece, a large one as an upload in parts, of which one is in memory. */
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
    // R2 forgets by itself what is left, after a week.
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

function checkKey(id: string): string {
  return `${CHECKS}${id}.json`;
}

function idIn(key: string): string {
  return key.slice(key.indexOf("/") + 1, -".json".length);
}
