import { rm } from "node:fs/promises";
import { join } from "node:path";
import { HISTORY, shapesOf } from "../../src/backups/backup-store.ts";
import { beginCopy, copyMore, isCopied, toBackupManifest } from "../../src/backups/copy.ts";
import { toBackupId, writeManifest, type Manifest } from "../../src/backups/manifest.ts";
import type { Database } from "../../src/db/database.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { withCleanup } from "../lib/cleanup.ts";
import { UserError } from "../lib/user-error.ts";
import { createFolderStorage, makeBackupFolder, writeManifestFile } from "./backup-folder.ts";

/** The copy reads the database in slices, as the job of the service does. */
const SLICE_MS = 20_000;
const CHECK_TIMEOUT_MS = 10_000;

/**
 * Copies a database into a new folder below `target`. Does not touch other files there. An unfinished copy is deleted.
 * @throws {UserError} if the database has no history table
 */
export async function backupDatabase(
  url: string,
  target: string,
  backupKey: string | null,
): Promise<{ folder: string; manifest: Manifest }> {
  const database = hyperdriveDatabase({ connectionString: url });
  await requireHistoryTable(database);
  const id = toBackupId(Date.now());
  const folder = join(target, id);
  let isComplete = false;
  const removeUnfinished = async (): Promise<void> => {
    if (!isComplete) await rm(folder, { recursive: true, force: true });
  };
  return await withCleanup(removeUnfinished, async () => {
    await makeBackupFolder(folder);
    const means = { database, storage: createFolderStorage(folder), backupKey };
    let copy = await beginCopy(means, id);
    while (!isCopied(copy)) {
      const sliceEndMs = Date.now() + SLICE_MS;
      copy = await copyMore(means, copy, null, () => Date.now() > sliceEndMs);
    }
    const manifest = toBackupManifest(copy, [], backupKey);
    await writeManifestFile(folder, writeManifest(manifest, backupKey));
    isComplete = true;
    return { folder, manifest };
  });
}

async function requireHistoryTable(database: Database): Promise<void> {
  const [table] = await database.query(CHECK_TIMEOUT_MS, (db) => shapesOf(db, [HISTORY]));
  if (table) return;
  throw new UserError(
    `La base de datos no tiene la tabla ${HISTORY}: no hay nada que copiar. Comprueba DATABASE_URL.`,
  );
}
