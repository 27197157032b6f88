import { spawn } from "node:child_process";
import { openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { buildAssets } from "./build-assets.ts";
import { startGuarded, type Guarded } from "./lib/guarded.ts";
import { lastLines } from "./lib/last-lines.ts";
import { migrate } from "./lib/migrate.ts";
import { startPostgres, type PostgresServer } from "./lib/postgres.ts";
import { ROOT } from "./lib/run.ts";
import { readSettings, toEnvFile, type LocalSettings } from "./lib/settings.ts";
import { StartError } from "./lib/start-error.ts";
import {
  currentRun,
  forgetRun,
  makeStateFolder,
  OWN_POSTGRES,
  recordRun,
  STATE_FOLDER,
  WORKER_FOLDER,
  WORKER_LOG,
} from "./lib/state.ts";
import { tickCrons } from "./lib/tick-crons.ts";
import { QUIET_WRANGLER } from "./lib/wrangler.ts";

const READY_LIMIT_MS = 90_000;
const POLL_MS = 200;
const WORKER_GRACE_SECONDS = 10;
const BACKGROUND_LOG = join(STATE_FOLDER, "start.log");

const running: { stop: () => Promise<void> }[] = [];
let stopping: Promise<void> | undefined;

/** `npm start`: the whole service on this machine, until it is told to stop. */
async function start(): Promise<void> {
  const settings = readSettings(process.env);
  const other = currentRun();
  if (other) {
    throw new StartError(`Ya está en marcha en ${other.address}. Para pararlo: npm run stop.`);
  }
  await requireFreePort(settings.port);
  makeStateFolder();
  for (const warning of settings.warnings) say(warning);

  const postgres = settings.databaseUrl === undefined ? await startOwnPostgres() : undefined;
  const databaseUrl = settings.databaseUrl ?? postgres?.url ?? "";
  say("Preparando la base de datos…");
  await migrateOrExplain(databaseUrl);

  say("Arrancando el servicio…");
  const worker = await startWorker(settings, databaseUrl);
  recordRun({
    pid: process.pid,
    address: addressOf(settings),
    databaseUrl,
    children: [worker.pid, ...(postgres ? [postgres.pid] : [])],
  });
  await waitUntilHealthy(settings, worker);
  startClock(settings);
  console.log(welcome(settings));

  const code = await worker.ended;
  if (stopping) return;
  throw new StartError(`El servicio se ha cerrado solo (${code}).\n${lastLines(WORKER_LOG)}`);
}

async function startOwnPostgres(): Promise<PostgresServer> {
  say("Arrancando PostgreSQL…");
  const postgres = await startPostgres(OWN_POSTGRES);
  running.push(postgres);
  if (postgres.dataDir !== OWN_POSTGRES.dataDir) {
    say(
      `Los datos están en ${postgres.dataDir}: PostgreSQL no funciona como root, y el usuario que lo ejecuta no puede entrar en esta carpeta.`,
    );
  }
  return postgres;
}

async function migrateOrExplain(databaseUrl: string): Promise<void> {
  try {
    await migrate(databaseUrl);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `No se pudo preparar la base de datos (${reason}). Comprueba DATABASE_URL, que el servidor esté en marcha y que el usuario pueda crear tablas.`,
      { cause },
    );
  }
}

async function startWorker(settings: LocalSettings, databaseUrl: string): Promise<Guarded> {
  buildAssets();
  const envFile = join(STATE_FOLDER, "vars.env");
  rmSync(envFile, { force: true });
  writeFileSync(envFile, toEnvFile(settings.worker), { mode: 0o600 });
  rmSync(WORKER_LOG, { force: true });

  const worker = await startGuarded(
    join(ROOT, "node_modules/.bin/wrangler"),
    [
      ...["dev", "--ip", "127.0.0.1", "--port", String(settings.port), "--inspector-port", "0"],
      ...[
        "--persist-to",
        WORKER_FOLDER,
        "--env-file",
        envFile,
        "--show-interactive-dev-session=false",
      ],
    ],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        ...QUIET_WRANGLER,
        FORCE_COLOR: "0",
        CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: databaseUrl,
      },
      logFile: WORKER_LOG,
      stopSignal: "SIGTERM",
      graceSeconds: WORKER_GRACE_SECONDS,
    },
  );
  running.push(worker);
  return worker;
}

/** Wrangler's crons never go off by themselves on this machine. */
function startClock(settings: LocalSettings): void {
  const abort = new AbortController();
  const ticking = tickCrons(addressOf(settings), abort.signal, say);
  running.push({
    stop: async () => {
      abort.abort();
      await ticking;
    },
  });
}

async function waitUntilHealthy(settings: LocalSettings, worker: Guarded): Promise<void> {
  let ended = false;
  void worker.ended.then(() => {
    ended = true;
  });
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await isHealthy(settings))) {
    if (stopping) return;
    if (ended || Date.now() > deadline) {
      throw new StartError(`El servicio no arrancó.\n${lastLines(WORKER_LOG)}`);
    }
    await wait(POLL_MS);
  }
}

async function isHealthy(settings: LocalSettings): Promise<boolean> {
  try {
    const response = await fetch(`${addressOf(settings)}/health/detailed`, {
      signal: AbortSignal.timeout(5_000),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
  if (free) return;
  throw new StartError(
    `El puerto ${port} está ocupado. Cierra el programa que lo usa o elige otro: PORT=${port + 1} npm start`,
  );
}

function welcome(settings: LocalSettings): string {
  const body = JSON.stringify({
    chat_id: 1,
    tipo_tarea: "resumir",
    texto:
      "La reunión de hoy trató tres asuntos. El presupuesto de 2027 sube un 4 %. La mudanza se aplaza a junio por las obras del edificio. Marta coordinará el nuevo horario con los equipos.",
  });
  return `
✓ En marcha en ${addressOf(settings)}   (documentación: ${addressOf(settings)}/docs)
  Clave: ${settings.apiKey}
  ${settings.worker["OPENAI_API_KEY"] ? "Responde el modelo configurado." : "Sin OPENAI_API_KEY responde el motor local: resume, clasifica, extrae e informa."}

  Prueba:
curl -s ${addressOf(settings)}/api/v1/procesar -H 'x-api-key: ${settings.apiKey}' -H 'content-type: application/json' -d '${body}'

  Ctrl-C (o «npm run stop») lo para todo; los datos quedan guardados.`;
}

function addressOf({ port }: LocalSettings): string {
  return `http://127.0.0.1:${port}`;
}

function say(message: string): void {
  console.log(`· ${message}`);
}

/** The Worker first, so that nothing writes to a database that is going away. Safe to call twice. */
async function stop(): Promise<void> {
  stopping ??= (async () => {
    for (const part of running.toReversed()) await part.stop();
    if (running.length > 0) forgetRun();
  })();
  await stopping;
}

/** Starts this script apart from the terminal and waits until it is up. */
async function startInBackground(): Promise<void> {
  makeStateFolder();
  const log = openSync(BACKGROUND_LOG, "w", 0o600);
  const child = spawn(process.execPath, [import.meta.filename], {
    cwd: ROOT,
    stdio: ["ignore", log, log],
    detached: true,
  });
  let code: number | null | undefined;
  child.on("exit", (exitCode) => {
    code = exitCode;
  });
  const isUp = (): boolean => readFileSync(BACKGROUND_LOG, "utf8").includes("✓ En marcha");
  while (code === undefined && !isUp()) await wait(POLL_MS);
  console.log(readFileSync(BACKGROUND_LOG, "utf8"));
  child.unref();
  process.exitCode = isUp() ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void stop());
}

try {
  await (process.argv.includes("--background") ? startInBackground() : start());
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(`\n✗ ${error.message}`);
  process.exitCode = 1;
} finally {
  await stop();
}
