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

type Program = {
  /** Of its folder in the cache, before the digest. */
  name: string;
  /** Where its package.json and package-lock.json are. */
  manifest: string;
  /** Spanish, for who waits: what it takes. */
  size: string;
  /** Packages that are compiled here; no other runs its own scripts, which would fetch binaries. */
  compile?: string[];
};

/**
 * The folder of a program that tests run and that is no dependency of the project, installed the first time: in the
 * user's cache, under the digest of its manifest and lock file. An install that was cut short is begun again.
 */
export async function installBeside({
  name,
  manifest,
  size,
  compile = [],
}: Program): Promise<string> {
  const digest = createHash("sha256");
  for (const file of FILES) digest.update(readFileSync(join(manifest, file)));
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const folder = join(cache, "asistente-ia", `${name}-${digest.digest("hex").slice(0, 16)}`);
  if (existsSync(join(folder, "listo"))) return folder;

  const building = `${folder}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  try {
    for (const file of FILES) cpSync(join(manifest, file), join(building, file));
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
