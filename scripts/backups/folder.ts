import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BackupId } from "../../src/backups/manifest.ts";
import type { Shelf } from "../../src/backups/part.ts";
import { UserError } from "../lib/user-error.ts";

export const MANIFEST_FILE = "manifiesto.json";

/** A backup in a folder of its own: its parts, and its manifest, which is written last. */
export function folderShelf(folder: string): Shelf {
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

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

export async function writeManifestFile(folder: string, text: string): Promise<void> {
  await writeFile(join(folder, MANIFEST_FILE), text, { mode: 0o600 });
}

export async function readManifestFile(folder: string): Promise<string> {
  return await readFile(join(folder, MANIFEST_FILE), "utf8");
}

/**
 * The folder of the backup that a person means by a path: its manifest, its folder, or a folder of backups, of which
 * the newest.
 * @throws {UserError} when there is none
 */
export async function findBackupFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  const folder = found?.isFile() ? dirname(path) : path;
  if (found && existsSync(join(folder, MANIFEST_FILE))) return folder;
  const newest = found?.isDirectory()
    ? (await readdir(path))
        .filter((name) => BackupId.safeParse(name).success)
        .filter((name) => existsSync(join(path, name, MANIFEST_FILE)))
        .toSorted()
        .at(-1)
    : undefined;
  if (newest !== undefined) return join(path, newest);
  throw new UserError(
    `No hay ninguna copia en ${path}: ${found ? `falta su ${MANIFEST_FILE}` : "no existe"}. Da la carpeta de una copia, o la que las tiene todas.`,
  );
}
