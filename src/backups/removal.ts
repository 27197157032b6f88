import { log } from "../lib/log.ts";
import type { Bucket } from "./bucket.ts";
import { partStartMs, partTable } from "./part.ts";
import { keptBackups, type BackupRetention } from "./retention.ts";
import { DAY_MS } from "../lib/durations.ts";

/** Takes the place of the table in the names of parts that hold n8n flows. */
export const FLOWS = "flujos";
/** Sent flows that no backup included are deleted after this time. */
const UNUSED_FLOWS_TTL_MS = 2 * DAY_MS;
/** Manifests read per slice; each is one R2 call. */
const MANIFESTS_PER_SLICE = 20;

/** Progress of the removal, between slices. Plain JSON. */
export type Removal = {
  /** Parts of backups later than this one are kept. */
  ownId: string;
  /** Ids of the manifests read so far, and the parts they need; `needed` is null when a manifest could not be read. */
  read: string[];
  needed: string[] | null;
};

export function beginRemoval(ownId: string): Removal {
  return { ownId, read: [], needed: [] };
}

/**
 * Deletes expired backups and every part that no remaining backup needs. Returns the removal again while it is not
 * complete.
 */
export async function removeOld(
  bucket: Bucket,
  settings: BackupRetention,
  { ownId, read, needed }: Removal,
  nowMs: number,
): Promise<{ removal: Removal | null; removed: number }> {
  const backups = await bucket.backups();
  const kept = keptBackups(backups, settings, nowMs);
  const unread = [...kept].filter((id) => !read.includes(id));
  if (unread.length > 0) {
    const some = unread.slice(0, MANIFESTS_PER_SLICE);
    const names = await namesIn(bucket, some);
    const both = needed && names && [...new Set([...needed, ...names])];
    return { removal: { ownId, read: [...read, ...some], needed: both }, removed: 0 };
  }

  const old = backups.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  const isExpired = (name: string): boolean =>
    partTable(name) === FLOWS ? nowMs - partStartMs(name) > UNUSED_FLOWS_TTL_MS : name < ownId;
  const all = needed ? [...(await bucket.parts()).keys()] : [];
  const neededParts = new Set(needed);
  await bucket.remove(
    old,
    all.filter((name) => !neededParts.has(name) && isExpired(name)),
  );
  return { removal: null, removed: old.length };
}

/** Returns null when a manifest cannot be read. Then no part may be deleted, since the needed ones are unknown. */
async function namesIn(bucket: Bucket, ids: readonly string[]): Promise<string[] | null> {
  const names: string[] = [];
  for (const id of ids) {
    const own = await bucket.partNames(id);
    if (!own) {
      log.error("backup_manifest_unreadable", { id });
      return null;
    }
    names.push(...own);
  }
  return names;
}
