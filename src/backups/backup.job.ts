import type { Config } from "../config.ts";
import { JobFailure, type Job, type Slice } from "../jobs/job.ts";
import { describeError, log } from "../lib/log.ts";
import { PIECE_BYTES, type Bucket } from "./bucket.ts";
import {
  beginCopy,
  copyMore,
  isCopied,
  manifestOf,
  type Base,
  type CopyMeans,
  type CopyState,
} from "./copy.ts";
import { flowsApi, flowsOf } from "./flows.ts";
import { idOf, keyIdOf, partsOf, writeManifest, type Part } from "./manifest.ts";
import { partName, writePart } from "./part.ts";
import { beginRemoval, FLOWS, removeOld, type Removal } from "./removal.ts";
import { newestWhole } from "./sent-flows.ts";
import type { Bytes } from "./streams.ts";

const SLICE_MS = 12_000;
/** A free account may make 50 calls from one slice; a part of the history is at most 16 of them. */
const SLICE_CALLS = 20;
const WITHOUT_FLOWS =
  "La copia está hecha, pero sin los flujos de n8n, que no respondió como debía. Comprueba N8N_API_URL y N8N_API_KEY.";

/** Plain JSON. First the copy, and when there is a manifest, what is no longer needed. */
export type BackupState =
  | { step: "copy"; copy: CopyState; baseId: string | null }
  | { step: "remove"; removal: Removal; flowsFailed: boolean };

/**
 * The nightly backup. A run's name comes from its own beginning, so that a slice that is done again writes the same
 * files again.
 */
export const backupJob: Job<BackupState> = {
  name: "copia-de-seguridad",
  summary:
    "Copia la base de datos y los flujos de n8n a R2, y borra las copias que ya no hacen falta.",
  crons: ["nightly"],

  async slice({ services }, state, { startedAtMs }) {
    const { backups, config, database, now } = services;
    if (!backups) return { done: true, counts: { omitida: 1 } };
    const means = { database, backupKey: config.BACKUP_KEY ?? null, shelf: backups };
    if (!state) return await begin(means, backups, idOf(startedAtMs));
    if (state.step === "copy") {
      return isCopied(state.copy)
        ? await finish(means, backups, state, config)
        : await copySlice(means, backups, state, now);
    }
    const { removal, removed } = await removeOld(backups, config, state.removal, now());
    const counts = { copias_borradas: removed };
    if (removal) return { done: false, state: { ...state, removal }, counts };
    const oldest = (await backups.backups()).at(-1);
    if (oldest) await services.erasures.forgetOld(oldest.atMs);
    if (state.flowsFailed) throw new JobFailure(WITHOUT_FLOWS, { retry: false });
    return { done: true, counts };
  },
};

type Copying = Extract<BackupState, { step: "copy" }>;

async function begin(means: CopyMeans, bucket: Bucket, id: string): Promise<Slice<BackupState>> {
  const copy = await beginCopy(means, id);
  const base = (await bucket.backups()).find((backup) => backup.isGood && backup.id < id);
  return {
    done: false,
    state: { step: "copy", copy, baseId: base?.id ?? null },
    counts: { filas: rowsIn(copy.tables), partes: copy.parts },
  };
}

async function copySlice(
  means: CopyMeans,
  bucket: Bucket,
  state: Copying,
  now: () => number,
): Promise<Slice<BackupState>> {
  const base = await readBase(bucket, state.baseId);
  const { shelf, calls } = counted(bucket);
  const deadlineMs = now() + SLICE_MS;
  const isEnough = (): boolean => now() >= deadlineMs || calls() >= SLICE_CALLS;
  const copy = await copyMore({ ...means, shelf }, state.copy, base, isEnough);
  const fresh = copy.done
    .slice(state.copy.done.length)
    .filter((span) => isOwn(span.partes, copy.id));
  return {
    done: false,
    state: { ...state, copy },
    counts: {
      filas: rowsIn(fresh),
      partes: copy.parts - state.copy.parts,
    },
  };
}

/** How often R2 is called to keep what is put: once a file, and once more for each piece of a large one. */
function counted({ put }: Pick<Bucket, "put">): {
  shelf: Pick<Bucket, "put">;
  calls: () => number;
} {
  let [files, bytes] = [0, 0];
  const passing = async function* (chunks: Bytes): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  };
  return {
    shelf: {
      put: async (name, chunks) => {
        files += 1;
        await put(name, passing(chunks));
      },
    },
    calls: () => files + Math.floor(bytes / PIECE_BYTES),
  };
}

function rowsIn(pieces: readonly { filas: number }[]): number {
  return pieces.reduce((sum, { filas }) => sum + filas, 0);
}

function isOwn(parts: readonly Part[], id: string): boolean {
  return parts.some(({ nombre }) => nombre.startsWith(id));
}

/** An earlier backup that cannot be read is nothing to build on: then everything is copied anew. */
async function readBase(bucket: Bucket, id: string | null): Promise<Base | null> {
  if (id === null) return null;
  try {
    // One under another key, or under none, is not read: its parts are no parts of a backup under this one.
    const manifest = await bucket.manifest(id);
    if (!manifest) return null;
    const [sizes, damaged] = [await bucket.parts(), await bucket.damagedParts()];
    return {
      manifest,
      isSound: ({ nombre, bytes }) => sizes.get(nombre) === bytes && !damaged.has(nombre),
    };
  } catch (error) {
    log.warn("earlier_backup_unreadable", { id, ...describeError(error) });
    return null;
  }
}

/** The flows, then the manifest: from here on there is a backup. */
async function finish(
  means: CopyMeans,
  bucket: Bucket,
  state: Copying,
  config: Config,
): Promise<Slice<BackupState>> {
  const { copy } = state;
  const base = await readBase(bucket, state.baseId);
  const flows = await flowParts(means, bucket, copy, base, config);
  const manifest = manifestOf(copy, flows.parts, config.BACKUP_KEY ?? null);
  await bucket.putManifest(manifest, writeManifest(manifest, config.BACKUP_KEY ?? null));
  log.info("backup_written", { id: copy.id, rows: manifest.filas, bytes: manifest.bytes });
  return {
    done: false,
    state: { step: "remove", removal: beginRemoval(copy.id), flowsFailed: flows.failed },
    counts: {
      partes_compartidas: partsOf(manifest).filter(({ nombre }) => !nombre.startsWith(copy.id))
        .length,
      flujos: rowsIn(flows.parts),
    },
  };
}

/** From n8n itself where the settings say how; else what it last sent, if it did since the last backup; else what that one had. */
async function flowParts(
  means: CopyMeans,
  bucket: Bucket,
  copy: CopyState,
  base: Base | null,
  config: Config,
): Promise<{ parts: Part[]; failed: boolean }> {
  const api = flowsApi(config);
  let failed = false;
  if (api) {
    try {
      const name = partName(copy.id, FLOWS, copy.parts + 1, means.backupKey);
      return {
        parts: [await writePart(means.shelf, name, flowLines(api), means.backupKey)],
        failed,
      };
    } catch (error) {
      // A night without its flows is still a backup of everything else.
      log.error("flows_not_copied", describeError(error));
      failed = true;
    }
  }
  const range = { since: base?.manifest.id ?? "", before: copy.id };
  const keyId = means.backupKey === null ? null : keyIdOf(means.backupKey);
  const sent = newestWhole(await bucket.sentFlows(keyId), range);
  return { parts: sent ?? base?.manifest.flujos.filter(base.isSound) ?? [], failed };
}

async function* flowLines(api: { url: string; key: string }): AsyncGenerator<string[]> {
  for await (const flows of flowsOf(api)) yield flows.map((flow) => JSON.stringify(flow));
}
