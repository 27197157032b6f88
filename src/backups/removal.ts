import { log } from "../lib/log.ts";
import type { Bucket } from "./bucket.ts";
import { madeAt, tableIn } from "./part.ts";
import { keptBackups, type Retention } from "./retention.ts";
import { DAY_MS } from "../lib/durations.ts";

/** Stands for the table in the names of parts that hold flows of n8n. */
export const FLOWS = "flujos";
/** What n8n sent and no backup took in is kept this long. */
const FLOWS_WAIT_MS = 2 * DAY_MS;
/** Each is a call to R2. */
const MANIFESTS_AT_ONCE = 20;

/** How far the removal of what is no longer needed has come. Plain JSON. */
export type Removal = {
  /** Parts for later backups than this one are not looked at. */
  ownId: string;
  /** Whose manifests were read, and what they need. Null: one could not be read. */
  read: string[];
  needed: string[] | null;
};

export function beginRemoval(ownId: string): Removal {
  return { ownId, read: [], needed: [] };
}

/**
 * Deletes the backups that have had their time, and every part that none of the others needs. Gives the removal back
 * while it has not come to its end.
 */
export async function removeOld(
  bucket: Bucket,
  settings: Retention,
  { ownId, read, needed }: Removal,
  nowMs: number,
): Promise<{ removal: Removal | null; removed: number }> {
  const backups = await bucket.backups();
  const kept = keptBackups(backups, settings, nowMs);
  const unread = [...kept].filter((id) => !read.includes(id));
  if (unread.length > 0) {
    const some = unread.slice(0, MANIFESTS_AT_ONCE);
    const names = await namesIn(bucket, some);
    const both = needed && names && [...new Set([...needed, ...names])];
    return { removal: { ownId, read: [...read, ...some], needed: both }, removed: 0 };
  }

  const old = backups.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  const isOver = (name: string): boolean =>
    tableIn(name) === FLOWS ? nowMs - madeAt(name) > FLOWS_WAIT_MS : name < ownId;
  const all = needed ? [...(await bucket.parts()).keys()] : [];
  const stay = new Set(needed);
  await bucket.remove(
    old,
    all.filter((name) => !stay.has(name) && isOver(name)),
  );
  return { removal: null, removed: old.length };
}

/** Null when one cannot be read: who cannot tell what is needed deletes no part. */
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
