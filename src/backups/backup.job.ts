import type { Config } from "../config.ts";
import { JobFailure, type Job, type Slice } from "../jobs/job.ts";
import { describeError, log } from "../lib/log.ts";
import type { Bucket, StoredBackup } from "./bucket.ts";
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
import { idOf, instantOf, keyIdOf, partsOf, writeManifest, type Part } from "./manifest.ts";
import { partName, writePart } from "./part.ts";
import { keptBackups } from "./retention.ts";

/** A free account may reach R2 forty times from one slice: a part of the history has at most 14 pieces of 5 MiB. */
const SLICE_BYTES = 100 * 1024 * 1024;
const SLICE_MS = 12_000;
/** What n8n sent and no backup took in is kept this long. */
const FLOWS_WAIT_MS = 48 * 60 * 60 * 1_000;
const FLOWS = "flujos";
const WITHOUT_FLOWS =
  "La copia está hecha, pero sin los flujos de n8n, que no respondió como debía. Comprueba N8N_API_URL y N8N_API_KEY.";

/** Plain JSON. */
export type BackupState = {
  copy: CopyState;
  baseId: string | null;
  /** There is a manifest. */
  written: boolean;
  flowsFailed: boolean;
};

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
    if (!isCopied(state.copy)) return await copySlice(means, backups, state, now);
    if (!state.written) return await finish(means, backups, state, config);

    const copias_borradas = await removeOld(backups, config, state.copy.id, now());
    await services.erasures.forgetOld();
    if (state.flowsFailed) throw new JobFailure(WITHOUT_FLOWS, { retry: false });
    return { done: true, counts: { copias_borradas } };
  },
};

async function begin(means: CopyMeans, bucket: Bucket, id: string): Promise<Slice<BackupState>> {
  const copy = await beginCopy(means, id);
  const base = (await bucket.backups()).find((backup) => backup.isGood && backup.id < id);
  return {
    done: false,
    state: { copy, baseId: base?.id ?? null, written: false, flowsFailed: false },
    counts: { filas: rowsIn(copy.tables), partes: copy.parts },
  };
}

async function copySlice(
  means: CopyMeans,
  bucket: Bucket,
  state: BackupState,
  now: () => number,
): Promise<Slice<BackupState>> {
  const base = await readBase(bucket, state.baseId, keyIdIn(means));
  let bytes = 0;
  const counting: CopyMeans = {
    ...means,
    shelf: {
      put: (name, chunks) =>
        bucket.put(
          name,
          (async function* () {
            for await (const chunk of chunks) {
              bytes += chunk.byteLength;
              yield chunk;
            }
          })(),
        ),
    },
  };
  const deadlineMs = now() + SLICE_MS;
  const isEnough = (): boolean => now() >= deadlineMs || bytes >= SLICE_BYTES;
  const copy = await copyMore(counting, state.copy, base, isEnough);
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

function keyIdIn({ backupKey }: Pick<CopyMeans, "backupKey">): string | null {
  return backupKey === null ? null : keyIdOf(backupKey);
}

function rowsIn(pieces: readonly { filas: number }[]): number {
  return pieces.reduce((sum, { filas }) => sum + filas, 0);
}

function isOwn(parts: readonly Part[], id: string): boolean {
  return parts.some(({ nombre }) => nombre.startsWith(id));
}

/** An earlier backup that cannot be read is nothing to build on: then everything is copied anew. */
async function readBase(
  bucket: Bucket,
  id: string | null,
  keyId: string | null,
): Promise<Base | null> {
  if (id === null) return null;
  try {
    const manifest = await bucket.manifest(id);
    // Parts under another key, or under none, are no parts of a backup under this one.
    if (manifest?.clave !== keyId) return null;
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
  state: BackupState,
  config: Config,
): Promise<Slice<BackupState>> {
  const { copy } = state;
  const base = await readBase(bucket, state.baseId, keyIdIn(means));
  const flows = await flowParts(means, bucket, copy, base, config);
  const manifest = manifestOf(copy, flows.parts, config.BACKUP_KEY ?? null);
  await bucket.putManifest(manifest, writeManifest(manifest, config.BACKUP_KEY ?? null));
  log.info("backup_written", { id: copy.id, rows: manifest.filas, bytes: manifest.bytes });
  return {
    done: false,
    state: { ...state, written: true, flowsFailed: flows.failed },
    counts: {
      partes_compartidas: partsOf(manifest).filter(({ nombre }) => !nombre.startsWith(copy.id))
        .length,
      flujos: rowsIn(flows.parts),
    },
  };
}

/** From n8n itself where the settings say how; else what n8n sent since the last backup; else what that one had. */
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
  const sent = await bucket.sentFlows(keyIdIn(means));
  const sinceMs = base ? instantOf(base.manifest.id) : 0;
  const fresh = sent.filter(({ nombre }) => atOf(nombre) >= sinceMs && nombre < copy.id);
  return { parts: fresh.length > 0 ? fresh : (base?.manifest.flujos ?? []), failed };
}

async function* flowLines(api: { url: string; key: string }): AsyncGenerator<string[]> {
  for await (const flows of flowsOf(api)) yield flows.map((flow) => JSON.stringify(flow));
}

/** When the backup began that a part was written for, or when n8n sent it. */
function atOf(name: string): number {
  return instantOf(name.split(".")[0] ?? "");
}

/** Deletes the backups that have had their time, and every part that none of the others needs. */
async function removeOld(
  bucket: Bucket,
  settings: Config,
  ownId: string,
  nowMs: number,
): Promise<number> {
  const backups = await bucket.backups();
  const kept = keptBackups(backups, settings, nowMs);
  const needed = await neededParts(
    bucket,
    backups.filter(({ id }) => kept.has(id)),
  );
  const old = backups.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  const isOver = (name: string): boolean =>
    name.split(".")[1] === FLOWS ? nowMs - atOf(name) > FLOWS_WAIT_MS : name < ownId;
  const parts = needed
    ? [...(await bucket.parts()).keys()].filter((name) => !needed.has(name) && isOver(name))
    : [];
  await bucket.remove(old, parts);
  return old.length;
}

/** Undefined when a manifest cannot be read: who cannot tell what is needed deletes nothing. */
async function neededParts(
  bucket: Bucket,
  backups: readonly StoredBackup[],
): Promise<Set<string> | undefined> {
  const needed = new Set<string>();
  for (const { id } of backups) {
    const names = await bucket.partNames(id);
    if (!names) {
      log.error("backup_manifest_unreadable", { id });
      return undefined;
    }
    for (const name of names) needed.add(name);
  }
  return needed;
}
