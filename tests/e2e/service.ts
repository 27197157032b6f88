import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** A copy of the project, uncommitted changes included, and an empty home folder. */
export type Clone = { folder: string; home: string; remove: () => void };

export function makeClone(): Clone {
  const base = mkdtempSync(join(tmpdir(), "asistente-clon-"));
  // When root runs this, PostgreSQL runs as another user, which must be able to enter.
  chmodSync(base, 0o755);
  const folder = join(base, "proyecto");
  const home = join(base, "casa");
  mkdirSync(home);
  const files = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    {
      cwd: ROOT,
    },
  );
  for (const file of files.toString().split("\0")) {
    // A deleted file is listed until its deletion is committed.
    if (file === "" || !existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
  return { folder, home, remove: () => rmSync(base, { recursive: true, force: true }) };
}

export type Service = {
  process: ChildProcess;
  /** Returns the output so far. */
  output: () => string;
  address: string;
  key: string;
  curl: string;
  /** Returns the ids of the processes that `npm start` started, from `.data/run.json`. */
  pids: () => number[];
  /** Sends the signal, waits for the exit and returns the exit code. */
  stop: (signal: NodeJS.Signals) => Promise<number | null>;
};

/** Runs `npm start`, or an equivalent command, in the clone and waits until the service is up. */
export async function startService(
  { folder, home }: Clone,
  settings: Record<string, string>,
  [command, ...args]: [string, ...string[]] = ["npm", "start"],
): Promise<Service> {
  const child = spawn(command, args, {
    cwd: folder,
    env: environment(home, settings),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let printed = "";
  const collect = (chunk: Buffer): void => {
    printed += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);

  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", () => {
      if (printed.includes("Ctrl-C")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${printed}`)));
  });
  return {
    process: child,
    output: () => printed,
    address: find(printed, /En marcha en (\S+)/),
    key: find(printed, /Clave: (\S+)/),
    curl: find(printed, /^(curl .*)$/m),
    pids: () => readPids(folder),
    async stop(signal) {
      const exit = once(child, "exit");
      // npm does not wait for its child, so the signal goes to the whole process group, as Ctrl-C does.
      process.kill(-(child.pid ?? 0), signal);
      const [code] = (await exit) as [number | null];
      return code;
    },
  };
}

/** Runs npm to its end. Returns its exit code and its output. */
export async function runNpm(
  { folder, home }: Clone,
  args: string[],
  settings: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn("npm", args, {
    cwd: folder,
    env: environment(home, settings),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "exit")) as [number | null];
  return { code, output };
}

export function isAlive(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)]).toString();
    return !state.startsWith("Z");
  } catch {
    // `ps` fails when there is no such process.
    return false;
  }
}

/**
 * The environment of a new user: none of this project's settings, but this machine's access to the package registry.
 */
function environment(home: string, settings: Record<string, string>): NodeJS.ProcessEnv {
  const npmrc = join(homedir(), ".npmrc");
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        ["LANG", "TMPDIR"].includes(name) ||
        /^(npm_config_|https?_proxy$|no_proxy$|NODE_EXTRA|SSL_CERT)/i.test(name),
    ),
  );
  return {
    ...inherited,
    // Without the node_modules/.bin of this project, which npm adds.
    PATH: (process.env["PATH"] ?? "")
      .split(":")
      .filter((folder) => !folder.includes("node_modules"))
      .join(":"),
    HOME: home,
    ...(existsSync(npmrc) && { NPM_CONFIG_USERCONFIG: npmrc }),
    NPM_CONFIG_CACHE: process.env["npm_config_cache"] ?? join(homedir(), ".npm"),
    ...settings,
  };
}

/** Reads the state that `npm start` writes to `.data/run.json`. */
export function readRun({ folder }: Pick<Clone, "folder">): {
  pid: number;
  children: number[];
  databaseUrl: string;
} {
  return JSON.parse(readFileSync(join(folder, ".data/run.json"), "utf8")) as ReturnType<
    typeof readRun
  >;
}

function readPids(folder: string): number[] {
  const { pid, children } = readRun({ folder });
  const listed = execFileSync("ps", ["-e", "-o", "pid=,ppid="])
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([pid, ...children]);
  // The list may contain a child before its parent, so this makes one pass per generation.
  for (let generation = 0; generation < 5; generation += 1) {
    for (const [child = 0, parent = 0] of listed) if (family.has(parent)) family.add(child);
  }
  return [...family];
}

function find(text: string, pattern: RegExp): string {
  const [, found] = pattern.exec(text) ?? [];
  if (found === undefined) throw new Error(`${String(pattern)} is not in:\n${text}`);
  return found;
}
