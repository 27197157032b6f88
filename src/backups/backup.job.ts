import type { Config } from "../config.ts";
import type { Database } from "../db/database.ts";
import { JobFailure, type Job, type Slice } from "../jobs/job.ts";
import { describeError, log } from "../lib/log.ts";
import { PIECE_BYTES, type Bucket } from "./bucket.ts";
import {
  beginCopy,
  copyMore,
  isCopied,
  isCurrentState,
  toBackupManifest,
  type BaseBackup,
  type CopyContext,
  type CopyState,
} from "./copy.ts";
import type { ErasureLog } from "./erasure-log.ts";
import { flowsApi, fetchFlows } from "./flows.ts";
import { keyIdOf, partsOf, toBackupId, writeManifest, type BackupPart } from "./manifest.ts";
import { partName, writePart } from "./part.ts";
import { beginRemoval, FLOWS, removeOld, type Removal } from "./removal.ts";
import { newestCompleteSending } from "./sent-flows.ts";
import type { BackupRetention } from "./retention.ts";
import type { Bytes } from "./streams.ts";

const SLICE_MS = 12_000;
/** R2 calls after which a slice ends. A free account allows 50 per invocation; one part takes at most 16. */
const SLICE_CALLS = 20;
const WITHOUT_FLOWS =
  "La copia está hecha, pero sin los flujos de n8n, que no respondió como debía. Comprueba N8N_API_URL y N8N_API_KEY.";

type BackupConfig = BackupRetention & Pick<Config, "BACKUP_KEY" | "N8N_API_URL" | "N8N_API_KEY">;

export type BackupContext = {
  config: BackupConfig;
  now: () => number;
  database: Database;
  /** Null where there is no R2: then no backups are made. */
  backups: Bucket | null;
  erasures: Pick<ErasureLog, "forgetOld">;
};

/** State between slices. Plain JSON. The copy comes first; once its manifest is written, old backups are removed. */
export type BackupState =
  | { step: "copy"; copy: CopyState; baseId: string | null }
  | { step: "remove"; removal: Removal; flowsFailed: boolean };

/** The nightly backup. Its id derives from the start of the run, so that a repeated slice writes the same files. */
export const backupJob: Job<BackupContext, BackupState> = {
  name: "copia-de-seguridad",
  summary:
    "Copia la base de datos y los flujos de n8n a R2, y borra las copias que ya no hacen falta.",
  crons: ["nightly"],

  async runSlice({ backups, config, database, erasures, now }, state, { startedAtMs }) {
    if (!backups) return { done: true, counts: { omitida: 1 } };
    const context = { database, backupKey: config.BACKUP_KEY ?? null, storage: backups };
    if (!state || (state.step === "copy" && !isCurrentState(state.copy))) {
      return await begin(context, backups, toBackupId(startedAtMs));
    }
    if (state.step === "copy") {
      return isCopied(state.copy)
        ? await finish(context, backups, state, config)
        : await copySlice(context, backups, state, now);
    }
    const { removal, removed } = await removeOld(backups, config, state.removal, now());
    const counts = { copias_borradas: removed };
    if (removal) return { done: false, state: { ...state, removal }, counts };
    const oldest = (await backups.backups()).at(-1);
    if (oldest) await erasures.forgetOld(oldest.atMs);
    if (state.flowsFailed) throw new JobFailure(WITHOUT_FLOWS, { retry: false });
    return { done: true, counts };
  },
};

type Copying = Extract<BackupState, { step: "copy" }>;

async function begin(
  context: CopyContext,
  bucket: Bucket,
  id: string,
): Promise<Slice<BackupState>> {
  const copy = await beginCopy(context, id);
  const base = (await bucket.backups()).find((backup) => backup.isGood && backup.id < id);
  return {
    done: false,
    state: { step: "copy", copy, baseId: base?.id ?? null },
    counts: { filas: rowsIn(copy.tables), partes: copy.parts },
  };
}

async function copySlice(
  context: CopyContext,
  bucket: Bucket,
  state: Copying,
  now: () => number,
): Promise<Slice<BackupState>> {
  const base = await readBase(bucket, state.baseId);
  const { storage, calls } = countCalls(bucket);
  const deadlineMs = now() + SLICE_MS;
  const isEnough = (): boolean => now() >= deadlineMs || calls() >= SLICE_CALLS;
  const copy = await copyMore({ ...context, storage }, state.copy, base, isEnough);
  const fresh = copy.done
    .slice(state.copy.done.length)
    .filter((range) => isOwn(range.parts, copy.id));
  return {
    done: false,
    state: { ...state, copy },
    counts: {
      filas: rowsIn(fresh),
      partes: copy.parts - state.copy.parts,
    },
  };
}

/** Counts the R2 calls of `put`: one per file, plus one per piece of a large file. */
function countCalls({ put }: Pick<Bucket, "put">): {
  storage: Pick<Bucket, "put">;
  calls: () => number;
} {
  let [files, bytes] = [0, 0];
  const countBytes = async function* (chunks: Bytes): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  };
  return {
    storage: {
      put: async (name, chunks) => {
        files += 1;
        await put(name, countBytes(chunks));
      },
    },
    calls: () => files + Math.floor(bytes / PIECE_BYTES),
  };
}

function rowsIn(pieces: readonly { rows: number }[]): number {
  return pieces.reduce((sum, { rows }) => sum + rows, 0);
}

function isOwn(parts: readonly BackupPart[], id: string): boolean {
  return parts.some(({ name }) => name.startsWith(id));
}

/** Returns null when the earlier backup cannot be read; then everything is copied again. */
async function readBase(bucket: Bucket, id: string | null): Promise<BaseBackup | null> {
  if (id === null) return null;
  try {
    // A backup with another key, or without one, is not reused: its parts cannot belong to a backup with this key.
    const manifest = await bucket.manifest(id);
    if (!manifest) return null;
    const [sizes, damaged] = [await bucket.parts(), await bucket.damagedParts()];
    return {
      manifest,
      isIntact: ({ name, sizeBytes }) => sizes.get(name) === sizeBytes && !damaged.has(name),
    };
  } catch (error) {
    log.warn("earlier_backup_unreadable", { id, ...describeError(error) });
    return null;
  }
}

/** Copies the flows and writes the manifest, which completes the backup. */
async function finish(
  context: CopyContext,
  bucket: Bucket,
  state: Copying,
  config: BackupConfig,
): Promise<Slice<BackupState>> {
  const { copy } = state;
  const base = await readBase(bucket, state.baseId);
  const flows = await flowParts(context, bucket, copy, base, config);
  const manifest = toBackupManifest(copy, flows.parts, config.BACKUP_KEY ?? null);
  await bucket.putManifest(manifest, writeManifest(manifest, config.BACKUP_KEY ?? null));
  log.info("backup_written", { id: copy.id, rows: manifest.rows, bytes: manifest.sizeBytes });
  return {
    done: false,
    state: { step: "remove", removal: beginRemoval(copy.id), flowsFailed: flows.failed },
    counts: {
      partes_compartidas: partsOf(manifest).filter(({ name }) => !name.startsWith(copy.id)).length,
      flujos: rowsIn(flows.parts),
    },
  };
}

/** Flows come from n8n's API when it is configured; else from its last sending since the earlier backup; else from the earlier backup. */
async function flowParts(
  context: CopyContext,
  bucket: Bucket,
  copy: CopyState,
  base: BaseBackup | null,
  config: BackupConfig,
): Promise<{ parts: BackupPart[]; failed: boolean }> {
  const api = flowsApi(config);
  let failed = false;
  if (api) {
    try {
      const name = partName(copy.id, FLOWS, copy.parts + 1, context.backupKey);
      return {
        parts: [await writePart(context.storage, name, flowLines(api), context.backupKey)],
        failed,
      };
    } catch (error) {
      // Without the flows the backup of everything else is still complete.
      log.error("flows_not_copied", describeError(error));
      failed = true;
    }
  }
  const range = { since: base?.manifest.id ?? "", before: copy.id };
  const keyId = context.backupKey === null ? null : keyIdOf(context.backupKey);
  const sent = newestCompleteSending(await bucket.sentFlows(keyId), range);
  return { parts: sent ?? base?.manifest.flows.filter(base.isIntact) ?? [], failed };
}

async function* flowLines(api: { url: string; key: string }): AsyncGenerator<string[]> {
  for await (const flows of fetchFlows(api)) yield flows.map((flow) => JSON.stringify(flow));
}
