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

const MANIFEST = join(import.meta.dirname, "runtime");
const FILES = ["package.json", "package-lock.json"];
const HEARTBEAT_MS = 15_000;

/**
 * The folder of the pinned n8n, installed the first time: 2.9 GB in the user's cache, apart from the project, under
 * the digest of its lock file. An install that was cut short is thrown away and begun again.
 */
export async function installN8n(): Promise<string> {
  const digest = createHash("sha256");
  for (const file of FILES) digest.update(readFileSync(join(MANIFEST, file)));
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const folder = join(cache, "asistente-ia", `n8n-${digest.digest("hex").slice(0, 16)}`);
  if (existsSync(join(folder, "listo"))) return folder;

  const building = `${folder}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  try {
    for (const file of FILES) cpSync(join(MANIFEST, file), join(building, file));
    console.log(`Instalando n8n en ${folder} (solo la primera vez: 2,9 GB, unos cinco minutos)…`);
    // Its own scripts would fetch binaries; only SQLite is built, against the headers that came along.
    await npm(building, [
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ]);
    console.log("Compilando SQLite para n8n…");
    await npm(building, ["rebuild", "sqlite3", "--foreground-scripts", "--loglevel=error"]);
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
        `«npm ${args.join(" ")}» acabó con ${code}. Comprueba la conexión, que quepan 3 GB en ${folder} y que haya un compilador de C++ (g++, make, python3), y repite.`,
      );
    }
  } finally {
    clearInterval(heartbeat);
  }
}
