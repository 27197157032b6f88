import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const FILES = ["package.json", "package-lock.json"];
const HEARTBEAT_MS = 15_000;

type Tool = {
  name: string;
  /** The folder with its package.json and package-lock.json. */
  manifestFolder: string;
  /** Disk space and install time, in Spanish: printed while the install runs. */
  size: string;
  /** Packages to compile after the install. No install script of another package runs: some download binaries. */
  compile?: string[];
};

/**
 * Installs a tool that tests run but that is not a dependency of the project, and returns its folder. The folder is in
 * the user's cache and its name contains the digest of the manifest and the lock file, so the install runs once. An
 * interrupted install starts again from nothing.
 */
export async function installTool({
  name,
  manifestFolder,
  size,
  compile = [],
}: Tool): Promise<string> {
  const digest = createHash("sha256");
  for (const file of FILES) digest.update(readFileSync(join(manifestFolder, file)));
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const folder = join(cache, "asistente-ia", `${name}-${digest.digest("hex").slice(0, 16)}`);
  if (existsSync(join(folder, "listo"))) return folder;

  const building = `${folder}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  try {
    for (const file of FILES) cpSync(join(manifestFolder, file), join(building, file));
    console.log(`Instalando ${name} en ${folder} (solo la primera vez: ${size})…`);
    await npm(building, [
      ...["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    ]);
    if (compile.length > 0) {
      console.log(`Compilando ${compile.join(", ")}…`);
      await npm(building, ["rebuild", ...compile, "--foreground-scripts", "--loglevel=error"]);
    }
    writeFileSync(join(building, "listo"), "");
    rmSync(folder, { recursive: true, force: true });
    renameSync(building, folder);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

async function npm(folder: string, args: string[]): Promise<void> {
  const headers = join(folder, `node_modules/node-${process.platform}-${process.arch}`);
  const started = Date.now();
  const child = spawn("npm", args, {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...(existsSync(headers) && { npm_config_nodedir: headers }) },
  });
  const heartbeat = setInterval(
    () => console.log(`  … ${Math.round((Date.now() - started) / 1000)} s`),
    HEARTBEAT_MS,
  );
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) {
      throw new Error(
        `«npm ${args.join(" ")}» acabó con ${code}. Comprueba la conexión, que quepa en ${folder} y, si había que compilar, que haya un compilador de C++ (g++, make, python3), y repite.`,
      );
    }
  } finally {
    clearInterval(heartbeat);
  }
}
