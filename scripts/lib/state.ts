import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./run.ts";

/** What a running service leaves in the project's folder between runs. Git ignores it. */
export const STATE_FOLDER = join(ROOT, ".data");
export const WORKER_FOLDER = join(STATE_FOLDER, "worker");
export const WORKER_LOG = join(STATE_FOLDER, "worker.log");
/** The embedded server of this folder. */
export const OWN_POSTGRES = {
  dataDir: join(STATE_FOLDER, "postgres"),
  database: "asistente",
  logFile: join(STATE_FOLDER, "postgres.log"),
};
const RUN_FILE = join(STATE_FOLDER, "run.json");

/** The service that `npm start` runs in this folder. */
export type Run = { pid: number; address: string; databaseUrl: string | null; children: number[] };

export function makeStateFolder(): void {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o755 });
}

export function recordRun(run: Run): void {
  // It may hold a database's password.
  writeFileSync(RUN_FILE, JSON.stringify(run), { mode: 0o600 });
}

export function forgetRun(): void {
  rmSync(RUN_FILE, { force: true });
}

/** The run of this folder that is alive, if there is one. A pid is used again by others, so its command must be ours. */
export function currentRun(): Run | undefined {
  if (!existsSync(RUN_FILE)) return undefined;
  const run = JSON.parse(readFileSync(RUN_FILE, "utf8")) as Run;
  return isAlive(run) ? run : undefined;
}

function isAlive({ pid }: Run): boolean {
  try {
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)])
      .toString()
      .includes(join(ROOT, "scripts/start.ts"));
  } catch {
    // `ps` fails when there is no such process.
    return false;
  }
}
