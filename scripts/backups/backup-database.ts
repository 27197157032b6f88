import { join } from "node:path";
import { beginCopy, copyMore, isCopied, manifestOf } from "../../src/backups/copy.ts";
import { idOf, writeManifest, type Manifest } from "../../src/backups/manifest.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { folderShelf, makeFolder, writeManifestFile } from "./folder.ts";

const SLICE_MS = 20_000;

/** Copies a database into a folder of its own below `target`, and gives that folder. Nothing that is there is touched. */
export async function backupDatabase(
  url: string,
  target: string,
  backupKey: string | null,
): Promise<{ folder: string; manifest: Omit<Manifest, "sello"> }> {
  const id = idOf(Date.now());
  const folder = join(target, id);
  await makeFolder(folder);
  const database = hyperdriveDatabase({ connectionString: url });
  const means = { database, shelf: folderShelf(folder), backupKey };
  let copy = await beginCopy(means, id);
  while (!isCopied(copy)) {
    const untilMs = Date.now() + SLICE_MS;
    copy = await copyMore(means, copy, null, () => Date.now() > untilMs);
  }
  const manifest = manifestOf(copy, [], backupKey);
  await writeManifestFile(folder, writeManifest(manifest, backupKey));
  return { folder, manifest };
}
