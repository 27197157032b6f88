import { rm } from "node:fs/promises";
import { join } from "node:path";
import { HISTORY, shapesOf } from "../../src/backups/backup-store.ts";
import { beginCopy, copyMore, isCopied, manifestOf } from "../../src/backups/copy.ts";
import { idOf, writeManifest, type Manifest } from "../../src/backups/manifest.ts";
import type { Database } from "../../src/db/database.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { withCleanup } from "../lib/cleanup.ts";
import { UserError } from "../lib/user-error.ts";
import { folderShelf, makeFolder, writeManifestFile } from "./folder.ts";

const SLICE_MS = 20_000;
const CHECK_LIMIT_MS = 10_000;

/**
 * Copies a database into a folder of its own below `target`, and gives that folder. Nothing that is there is touched,
 * and nothing stays of a copy that was not finished.
 * @throws {UserError} when the database has no history
 */
export async function backupDatabase(
  url: string,
  target: string,
  backupKey: string | null,
): Promise<{ folder: string; manifest: Omit<Manifest, "sello"> }> {
  const database = hyperdriveDatabase({ connectionString: url });
  await requireHistory(database);
  const id = idOf(Date.now());
  const folder = join(target, id);
  let isWhole = false;
  const removeUnfinished = async (): Promise<void> => {
    if (!isWhole) await rm(folder, { recursive: true, force: true });
  };
  return await withCleanup(removeUnfinished, async () => {
    await makeFolder(folder);
    const means = { database, shelf: folderShelf(folder), backupKey };
    let copy = await beginCopy(means, id);
    while (!isCopied(copy)) {
      const untilMs = Date.now() + SLICE_MS;
      copy = await copyMore(means, copy, null, () => Date.now() > untilMs);
    }
    const manifest = manifestOf(copy, [], backupKey);
    await writeManifestFile(folder, writeManifest(manifest, backupKey));
    isWhole = true;
    return { folder, manifest };
  });
}

async function requireHistory(database: Database): Promise<void> {
  const [table] = await database.query(CHECK_LIMIT_MS, (db) => shapesOf(db, [HISTORY]));
  if (table) return;
  throw new UserError(
    `La base de datos no tiene la tabla ${HISTORY}: no hay nada que copiar. Comprueba DATABASE_URL.`,
  );
}
