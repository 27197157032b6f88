import type { Config } from "../config.ts";
import { DAY_MS } from "../lib/durations.ts";

const WEEK_DAYS = 7;
const MONTH_DAYS = 31;
/** 1970-01-01 was a Thursday, so the first Monday is day 4. */
const FIRST_MONDAY_DAY = 4;

export type BackupRetention = Pick<
  Config,
  "BACKUP_RETENTION_DAYS" | "BACKUP_KEEP_WEEKLY" | "BACKUP_KEEP_MONTHLY"
>;
type Backup = { id: string; atMs: number; isGood: boolean };

/**
 * Returns the ids of the backups to keep: those of the last days, the newest good one of each configured week and
 * month, and the newest good one regardless of its age.
 */
export function keptBackups(
  backups: readonly Backup[],
  settings: BackupRetention,
  nowMs: number,
): Set<string> {
  const newestFirst = backups.toSorted((a, b) => b.atMs - a.atMs);
  const good = newestFirst.filter(({ isGood }) => isGood);
  const since = nowMs - settings.BACKUP_RETENTION_DAYS * DAY_MS;
  return new Set(
    [
      ...newestFirst.filter(({ atMs }) => atMs > since),
      ...newestOfEach(good, weekOf, settings.BACKUP_KEEP_WEEKLY),
      ...newestOfEach(good, monthOf, settings.BACKUP_KEEP_MONTHLY),
      ...good.slice(0, 1),
    ].map(({ id }) => id),
  );
}

function newestOfEach(
  newestFirst: readonly Backup[],
  periodOf: (atMs: number) => string | number,
  periods: number,
): Backup[] {
  const newest = new Map<string | number, Backup>();
  for (const backup of newestFirst) {
    const period = periodOf(backup.atMs);
    if (!newest.has(period)) newest.set(period, backup);
  }
  return [...newest.values()].slice(0, periods);
}

function weekOf(atMs: number): number {
  return Math.floor((Math.floor(atMs / DAY_MS) - FIRST_MONDAY_DAY) / WEEK_DAYS);
}

function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

/** Latest instant at which a backup may still contain data that is deleted now. The nightly job adds up to a day. */
export function backupsHoldUntil(settings: BackupRetention, nowMs: number): Date {
  const days = Math.max(
    settings.BACKUP_RETENTION_DAYS,
    settings.BACKUP_KEEP_WEEKLY * WEEK_DAYS,
    settings.BACKUP_KEEP_MONTHLY * MONTH_DAYS,
  );
  return new Date(nowMs + (days + 1) * DAY_MS);
}
