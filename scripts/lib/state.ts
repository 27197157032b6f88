import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeProcess } from "./process-info.ts";
import { ROOT } from "./root.ts";

/** Data and logs of the local service. They stay between runs; Git ignores the folder. */
export const STATE_FOLDER = join(ROOT, ".data");
export const WORKER_FOLDER = join(STATE_FOLDER, "worker");
export const WORKER_LOG = join(STATE_FOLDER, "worker.log");
/** Options of the embedded PostgreSQL of this folder. */
export const EMBEDDED_POSTGRES = {
  dataDir: join(STATE_FOLDER, "postgres"),
  database: "asistente",
  logFile: join(STATE_FOLDER, "postgres.log"),
};
const RUN_FILE = join(STATE_FOLDER, "run.json");

/** The `npm start` process of this folder. `children`: the pids of its guards. */
export type RunningService = {
  pid: number;
  address: string;
  databaseUrl: string | null;
  children: number[];
};

export function makeStateFolder(): void {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o755 });
}

export function recordRunningService(service: RunningService): void {
  // The database URL may contain a password.
  writeFileSync(RUN_FILE, JSON.stringify(service), { mode: 0o600 });
}

export function forgetRunningService(): void {
  rmSync(RUN_FILE, { force: true });
}

/** The recorded service, if its process is still alive. */
export function findRunningService(): RunningService | undefined {
  if (!existsSync(RUN_FILE)) return undefined;
  const service = JSON.parse(readFileSync(RUN_FILE, "utf8")) as RunningService;
  const isAlive = describeProcess(service.pid).includes(join(ROOT, "scripts/start.ts"));
  return isAlive ? service : undefined;
}
