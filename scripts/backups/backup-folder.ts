import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BackupId } from "../../src/backups/manifest.schemas.ts";
import type { BackupStorage } from "../../src/backups/part.ts";
import { UserError } from "../lib/user-error.ts";

const MANIFEST_FILE = "manifiesto.json";

/** Stores the parts of one backup as files of a folder. */
export function createFolderStorage(folder: string): BackupStorage {
  return {
    async put(name, chunks) {
      const unfinished = join(folder, `${name}.a-medias`);
      await pipeline(Readable.from(chunks), createWriteStream(unfinished, { mode: 0o600 }));
      await rename(unfinished, join(folder, name));
    },
    async get(name) {
      const file = join(folder, name);
      return existsSync(file) ? createReadStream(file) : null;
    },
  };
}

export async function makeBackupFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Write the manifest after all parts: a folder with a manifest is a complete backup. */
export async function writeManifestFile(folder: string, text: string): Promise<void> {
  await writeFile(join(folder, MANIFEST_FILE), text, { mode: 0o600 });
}

export async function readManifestFile(folder: string): Promise<string> {
  return await readFile(join(folder, MANIFEST_FILE), "utf8");
}

/**
 * The folder of a backup. `path` may be its manifest, its folder, or a folder of backups, of which the newest counts.
 * @throws {UserError} if there is none
 */
export async function findBackupFolder(path: string): Promise<string> {
  const stats = await stat(path).catch(() => undefined);
  const folder = stats?.isFile() ? dirname(path) : path;
  if (stats && hasManifest(folder)) return folder;
  const newest = stats?.isDirectory() ? await findNewestBackup(path) : undefined;
  if (newest !== undefined) return newest;
  throw new UserError(
    `No hay ninguna copia en ${path}: ${stats ? `falta su ${MANIFEST_FILE}` : "no existe"}. Da la carpeta de una copia, o la que las tiene todas.`,
  );
}

/** Backup ids are times, so the last id in alphabetical order is the newest backup. */
async function findNewestBackup(parent: string): Promise<string | undefined> {
  return (await readdir(parent))
    .filter((name) => BackupId.safeParse(name).success)
    .toSorted()
    .map((name) => join(parent, name))
    .findLast(hasManifest);
}

function hasManifest(folder: string): boolean {
  return existsSync(join(folder, MANIFEST_FILE));
}
