import type { Config } from "../config.ts";
import { JobFailure, type Counts, type Job, type Slice } from "../jobs/job.ts";
import { log } from "../lib/log.ts";
import type { Bucket } from "./bucket.ts";
import {
  ManifestError,
  ManifestKeyError,
  partsOf,
  type BackupPart,
  type Manifest,
} from "./manifest.ts";
import { PartError, readPart } from "./part.ts";

const SLICE_MS = 12_000;

export type VerifyContext = {
  config: Pick<Config, "BACKUP_KEY">;
  now: () => number;
  /** Null where there is no R2: then no backups are made. */
  backups: Bucket | null;
};

export type VerifyState = { id: string; next: number; damaged: string[] };

/**
 * Reads the newest backup as a restore would: the manifest, and the digests and rows of every part. Saves the result
 * with the backup. Fails when something is damaged; the next backup then copies the damaged part again.
 */
export const verifyJob: Job<VerifyContext, VerifyState> = {
  name: "verificar-copia",
  summary: "Lee entera la última copia y comprueba que está como se hizo.",
  crons: ["weekly"],

  async runSlice({ backups, config, now }, state) {
    if (!backups) return { done: true, counts: { omitida: 1 } };
    const id = state?.id ?? (await backups.backups())[0]?.id;
    if (id === undefined) return { done: true, counts: { copias: 0 } };
    return await verifySlice(backups, state ?? { id, next: 0, damaged: [] }, config, now);
  },
};

async function verifySlice(
  bucket: Bucket,
  { id, next: first, damaged: earlier }: VerifyState,
  { BACKUP_KEY = null }: { BACKUP_KEY?: string | null | undefined },
  now: () => number,
): Promise<Slice<VerifyState>> {
  const manifest = await readTrustedManifest(bucket, id);
  if (!manifest) {
    return {
      done: true,
      counts: await conclude(bucket, id, { isGood: false, damaged: [] }, now()),
    };
  }
  const parts = partsOf(manifest);
  const damaged = [...earlier];
  const deadlineMs = now() + SLICE_MS;
  let rows = 0;
  let next = first;
  do {
    const part = parts[next];
    if (!part) break;
    next += 1;
    if (await isIntact(bucket, part, BACKUP_KEY)) rows += part.rows;
    else damaged.push(part.name);
  } while (now() < deadlineMs);

  const counts = { partes: next - first, filas: rows };
  if (next < parts.length) return { done: false, state: { id, next, damaged }, counts };
  const result = await conclude(bucket, id, { isGood: damaged.length === 0, damaged }, now());
  return { done: true, counts: { ...counts, ...result } };
}

async function conclude(
  bucket: Bucket,
  id: string,
  { isGood, damaged }: { isGood: boolean; damaged: readonly string[] },
  atMs: number,
): Promise<Counts> {
  await bucket.saveVerification(id, { atMs, isGood }, damaged);
  if (isGood) return { copias: 1 };
  log.error("backup_damaged", { id, damaged });
  await markSharedDamage(bucket, id, damaged, atMs);
  const what = damaged.length === 0 ? "su manifiesto" : `${damaged.length} de sus partes`;
  throw new JobFailure(
    `La copia ${id} está dañada (${what}). La próxima copia hace de nuevo lo que falta: npm run job -- copia-de-seguridad.`,
    { retry: false },
  );
}

/** Marks the other backups that share a damaged part as damaged too. */
async function markSharedDamage(
  bucket: Bucket,
  foundIn: string,
  damaged: readonly string[],
  atMs: number,
): Promise<void> {
  if (damaged.length === 0) return;
  for (const { id } of await bucket.backups()) {
    if (id === foundIn) continue;
    const names = new Set(await bucket.partNames(id));
    const own = damaged.filter((name) => names.has(name));
    if (own.length > 0) await bucket.saveVerification(id, { atMs, isGood: false }, own);
  }
}

/**
 * Returns null when the manifest is missing or cannot be trusted.
 * @throws {JobFailure} when the backup belongs to another key: it cannot be verified, but it is not known to be damaged
 */
async function readTrustedManifest(bucket: Bucket, id: string): Promise<Manifest | null> {
  try {
    return await bucket.manifest(id);
  } catch (error) {
    if (error instanceof ManifestKeyError) {
      const reason = `La copia ${id} no se puede comprobar. ${error.message} La próxima copia se hace con la clave que hay.`;
      throw new JobFailure(reason, { retry: false, cause: error });
    }
    if (!(error instanceof ManifestError)) throw error;
    log.error("backup_manifest_damaged", { id, reason: error.message });
    return null;
  }
}

async function isIntact(
  bucket: Bucket,
  part: BackupPart,
  backupKey: string | null,
): Promise<boolean> {
  try {
    for await (const _ of readPart(bucket, part, backupKey));
    return true;
  } catch (error) {
    if (!(error instanceof PartError)) throw error;
    log.error("backup_part_damaged", { part: part.name, reason: error.message });
    return false;
  }
}
