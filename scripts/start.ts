import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { GuardedProcess } from "./lib/guarded-process.ts";
import { lastLines } from "./lib/last-lines.ts";
import { startLocalWorker, waitUntilHealthy } from "./lib/local-worker.ts";
import { migrate } from "./lib/migrate.ts";
import { isPortFree } from "./lib/ports.ts";
import { startPostgres, type PostgresServer } from "./lib/postgres.ts";
import { ROOT } from "./lib/root.ts";
import { readSettings, type LocalSettings } from "./lib/settings.ts";
import {
  findRunningService,
  forgetRunningService,
  makeStateFolder,
  EMBEDDED_POSTGRES,
  recordRunningService,
  STATE_FOLDER,
  WORKER_LOG,
} from "./lib/state.ts";
import { tickCrons } from "./lib/tick-crons.ts";
import { UserError } from "./lib/user-error.ts";

const BACKGROUND_POLL_MS = 200;
const BACKGROUND_LOG = join(STATE_FOLDER, "start.log");
/** The first line of the welcome text. The background start waits for it in the log. */
const STARTED = "✓ En marcha";

/** The parts of the service that run now, oldest first. */
const startedParts: { stop: () => Promise<void> }[] = [];
let stopping: Promise<void> | undefined;

/** `npm start`: runs the whole service on this machine until a signal stops it or the Worker ends. */
async function start(): Promise<void> {
  const settings = readSettings(process.env);
  await requireNotRunning(settings.port);
  makeStateFolder();
  settings.warnings.forEach(printStep);

  const postgres = settings.databaseUrl === undefined ? await startEmbeddedPostgres() : undefined;
  const databaseUrl = settings.databaseUrl ?? postgres?.url ?? "";
  printStep("Preparando la base de datos…");
  await migrateDatabase(databaseUrl);
  if (stopping) return;

  printStep("Arrancando el servicio…");
  const worker = await startLocalWorker(settings, databaseUrl);
  startedParts.push(worker);
  recordRunningService({
    pid: process.pid,
    address: settings.address,
    databaseUrl,
    children: [worker.pid, ...(postgres ? [postgres.pid] : [])],
  });
  await waitUntilHealthy(settings.address, worker, () => stopping !== undefined);
  if (stopping) return;
  startCronTicks(settings.address);
  console.log(welcome(settings));
  await waitForWorkerEnd(worker);
}

/** @throws {UserError} if the service of this folder, or another program, already uses the port */
async function requireNotRunning(port: number): Promise<void> {
  const running = findRunningService();
  if (running) {
    throw new UserError(`Ya está en marcha en ${running.address}. Para pararlo: npm run stop.`);
  }
  if (await isPortFree(port)) return;
  throw new UserError(
    `El puerto ${port} está ocupado. Cierra el programa que lo usa o elige otro: PORT=${port + 1} npm start`,
  );
}

async function startEmbeddedPostgres(): Promise<PostgresServer> {
  printStep("Arrancando PostgreSQL…");
  const postgres = await startPostgres(EMBEDDED_POSTGRES);
  startedParts.push(postgres);
  if (postgres.dataDir !== EMBEDDED_POSTGRES.dataDir) {
    printStep(
      `Los datos están en ${postgres.dataDir}: PostgreSQL no funciona como root, y el usuario que lo ejecuta no puede entrar en esta carpeta.`,
    );
  }
  return postgres;
}

async function migrateDatabase(url: string): Promise<void> {
  try {
    await migrate(url);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      `No se pudo preparar la base de datos (${reason}). Comprueba DATABASE_URL, que el servidor esté en marcha y que el usuario pueda crear tablas.`,
      { cause },
    );
  }
}

function startCronTicks(address: string): void {
  const abort = new AbortController();
  const ticking = tickCrons(address, abort.signal, printStep);
  startedParts.push({
    stop: async () => {
      abort.abort();
      await ticking;
    },
  });
}

/** @throws {UserError} if the Worker ends although no signal has stopped this process */
async function waitForWorkerEnd(worker: GuardedProcess): Promise<void> {
  const exitCode = await worker.ended;
  if (stopping) return;
  throw new UserError(`El servicio se ha cerrado solo (${exitCode}).\n${lastLines(WORKER_LOG)}`);
}

function welcome({ address, apiKey, worker }: LocalSettings): string {
  const body = JSON.stringify({
    chat_id: 1,
    tipo_tarea: "resumir",
    texto:
      "La reunión de hoy trató tres asuntos. El presupuesto de 2027 sube un 4 %. La mudanza se aplaza a junio por las obras del edificio. Marta coordinará el nuevo horario con los equipos.",
  });
  return `
${STARTED} en ${address}   (documentación: ${address}/docs)
  Clave: ${apiKey}
  ${worker["OPENAI_API_KEY"] ? "Responde el modelo configurado." : "Sin OPENAI_API_KEY responde el motor local: resume, clasifica, extrae e informa."}

  Prueba:
curl -s ${address}/api/v1/procesar -H 'x-api-key: ${apiKey}' -H 'content-type: application/json' -d '${body}'

  Ctrl-C (o «npm run stop») lo para todo; los datos quedan guardados.`;
}

function printStep(message: string): void {
  console.log(`· ${message}`);
}

/** Stops every part that runs. Safe to call again: it then also stops the parts that were started since. */
async function stop(): Promise<void> {
  stopping = (stopping ?? Promise.resolve()).then(stopStarted);
  await stopping;
}

/** Newest first: the Worker ends before its database. */
async function stopStarted(): Promise<void> {
  if (startedParts.length === 0) return;
  for (let part = startedParts.pop(); part; part = startedParts.pop()) await part.stop();
  forgetRunningService();
}

/** `npm start -- --background`: starts this script as a detached process and waits until the service is up. */
async function startInBackground(): Promise<void> {
  makeStateFolder();
  const log = openSync(BACKGROUND_LOG, "w", 0o600);
  const child = spawn(process.execPath, [import.meta.filename], {
    cwd: ROOT,
    stdio: ["ignore", log, log],
    detached: true,
  });
  let hasEnded = false;
  child.on("exit", () => {
    hasEnded = true;
  });
  const isUp = (): boolean => readFileSync(BACKGROUND_LOG, "utf8").includes(STARTED);
  while (!hasEnded && !isUp()) await wait(BACKGROUND_POLL_MS);
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
  if (!(error instanceof UserError)) throw error;
  console.error(`\n✗ ${error.message}`);
  process.exitCode = 1;
} finally {
  await stop();
}
