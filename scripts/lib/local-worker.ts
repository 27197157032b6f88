import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { buildAssets } from "../build-assets.ts";
import { startGuarded, type GuardedProcess } from "./guarded-process.ts";
import { lastLines } from "./last-lines.ts";
import { moveRenamedObjects } from "./renamed-objects.ts";
import { respondsOk } from "./responds-ok.ts";
import { ROOT } from "./root.ts";
import { toEnvFile, type LocalSettings } from "./settings.ts";
import { STATE_FOLDER, WORKER_FOLDER, WORKER_LOG } from "./state.ts";
import { UserError } from "./user-error.ts";
import { QUIET_WRANGLER } from "./wrangler.ts";

const READY_TIMEOUT_MS = 90_000;
const HEALTH_REQUEST_TIMEOUT_MS = 5_000;
const POLL_MS = 200;
const STOP_GRACE_SECONDS = 10;
const ENV_FILE = join(STATE_FOLDER, "vars.env");

/** Starts the Worker with `wrangler dev`. It does not answer yet: see waitUntilHealthy. */
export async function startLocalWorker(
  { port, worker }: Pick<LocalSettings, "port" | "worker">,
  databaseUrl: string,
): Promise<GuardedProcess> {
  buildAssets();
  moveRenamedObjects(WORKER_FOLDER);
  // A new file, so that the mode applies: the settings contain secrets.
  rmSync(ENV_FILE, { force: true });
  writeFileSync(ENV_FILE, toEnvFile(worker), { mode: 0o600 });
  rmSync(WORKER_LOG, { force: true });

  return await startGuarded(
    join(ROOT, "node_modules/.bin/wrangler"),
    [
      ...["dev", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
      ...["--persist-to", WORKER_FOLDER, "--env-file", ENV_FILE],
      "--show-interactive-dev-session=false",
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
      graceSeconds: STOP_GRACE_SECONDS,
    },
  );
}

/**
 * Waits until the service at `address` answers. Returns early if `isCancelled`.
 * @throws {UserError} with the end of the log, if the Worker ends or the timeout passes
 */
export async function waitUntilHealthy(
  address: string,
  worker: Pick<GuardedProcess, "ended">,
  isCancelled: () => boolean,
): Promise<void> {
  let hasEnded = false;
  void worker.ended.then(() => {
    hasEnded = true;
  });
  const deadlineMs = Date.now() + READY_TIMEOUT_MS;
  while (!(await isHealthy(address))) {
    if (isCancelled()) return;
    if (hasEnded || Date.now() > deadlineMs) {
      throw new UserError(`El servicio no arrancó.\n${lastLines(WORKER_LOG)}`);
    }
    await wait(POLL_MS);
  }
}

async function isHealthy(address: string): Promise<boolean> {
  const signal = AbortSignal.timeout(HEALTH_REQUEST_TIMEOUT_MS);
  return await respondsOk(`${address}/health/detailed`, signal);
}
