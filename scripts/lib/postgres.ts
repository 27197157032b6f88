import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { startGuarded, type GuardedProcess } from "./guarded-process.ts";
import { lastLines } from "./last-lines.ts";
import { waitUntil } from "./poll.ts";
import { findFreePort } from "./ports.ts";
import {
  postgresUser,
  prepareDataDir,
  preparePostgresBinaries,
  type SystemUser,
} from "./postgres-files.ts";
import { describeProcess } from "./process-info.ts";
import { UserError } from "./user-error.ts";

export type PostgresServer = {
  /** On 127.0.0.1. It contains a password because wrangler requires one; the server does not check it. */
  url: string;
  /** The folder in use. It differs from the requested one if PostgreSQL's user cannot enter that. */
  dataDir: string;
  pid: number;
  stop: () => Promise<void>;
};

export type PostgresOptions = {
  /** Created if it does not exist. */
  dataDir: string;
  /** Name of the database. Created if it does not exist. */
  database: string;
  /** Default: any free port. */
  port?: number;
  logFile: string;
  /** PostgreSQL settings, by name. */
  settings?: Record<string, string>;
};

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
const STOP_GRACE_SECONDS = 10;
/** PostgreSQL's default of 100 is too low for the tests with 150 clients. */
const MAX_CONNECTIONS = "300";

/**
 * Starts the PostgreSQL server that npm installed, and creates its database. The server ends when this process ends,
 * even after a `kill -9` of this process.
 * @throws {UserError} if the server cannot start
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const user = postgresUser();
  const binFolder = preparePostgresBinaries(user);
  const dataDir = prepareDataDir(options.dataDir, user);
  await stopLeftoverServer(dataDir);
  if (!existsSync(join(dataDir, "PG_VERSION"))) {
    initialiseDataDir(join(binFolder, "initdb"), dataDir, user);
  }

  const port = options.port ?? (await findFreePort());
  const settings = { max_connections: MAX_CONNECTIONS, ...options.settings };
  const server = await startGuarded(
    join(binFolder, "postgres"),
    [
      ...["-D", dataDir, "-h", "127.0.0.1", "-p", String(port), "-k", ""],
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    {
      cwd: dataDir,
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
      logFile: options.logFile,
      // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to disconnect.
      stopSignal: "SIGINT",
      graceSeconds: STOP_GRACE_SECONDS,
      user,
    },
  );
  const baseUrl = `postgres://postgres:local@127.0.0.1:${port}`;
  try {
    await createDatabase(`${baseUrl}/postgres`, options.database, server);
  } catch (cause) {
    await server.stop();
    throw new UserError(
      `PostgreSQL no arrancó. Esto es lo último de su registro (${options.logFile}):\n${lastLines(options.logFile)}`,
      { cause },
    );
  }
  return { url: `${baseUrl}/${options.database}`, dataDir, pid: server.pid, stop: server.stop };
}

/** Stops a server of an earlier run that still uses this data folder: two servers would corrupt the data. */
async function stopLeftoverServer(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  const isAlive = (): boolean => {
    const description = describeProcess(pid);
    return description.includes("postgres") && description.includes(dataDir);
  };
  if (isAlive()) process.kill(pid, "SIGINT");
  await waitUntil(() => !isAlive(), { timeoutMs: STOP_GRACE_SECONDS * 1_000, pollMs: POLL_MS });
  // A zombie (its parent has not reaped it, as in a container without an init) looks alive to PostgreSQL.
  if (describeProcess(pid).startsWith("Z")) rmSync(pidFile, { force: true });
}

function initialiseDataDir(initdb: string, dataDir: string, user: SystemUser | undefined): void {
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
    throw new UserError(describeInitFailure(cause), { cause });
  }
}

function describeInitFailure(cause: unknown): string {
  const output = cause instanceof Error && "stderr" in cause ? String(cause.stderr) : String(cause);
  const [, library] = /error while loading shared libraries: ([^:]+):/.exec(output) ?? [];
  if (library) {
    return `A este sistema le falta la biblioteca ${library}, que PostgreSQL necesita. Instálala con el gestor de paquetes y repite, o indica tu propio servidor con DATABASE_URL.`;
  }
  return `No se pudo crear la base de datos: ${output.trim().split("\n").at(-1) ?? ""}`;
}

async function createDatabase(url: string, name: string, server: GuardedProcess): Promise<void> {
  const client = await connectWhenReady(url, server);
  try {
    const existing = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (existing.rowCount === 0) {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
}

/** @throws the last connection error, if the server ends or the timeout passes */
async function connectWhenReady(url: string, server: GuardedProcess): Promise<Client> {
  let hasEnded = false;
  void server.ended.then(() => {
    hasEnded = true;
  });
  const deadlineMs = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (hasEnded || Date.now() >= deadlineMs) throw error;
      await wait(POLL_MS);
    }
  }
}
