import { waitUntil } from "./lib/poll.ts";
import { findRunningService } from "./lib/state.ts";

const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 100;

/** `npm run stop`: stops the service of this folder and waits for its end. */
async function stop(): Promise<number> {
  const running = findRunningService();
  if (!running) {
    console.log("No hay ningún servicio en marcha en esta carpeta.");
    return 0;
  }
  process.kill(running.pid, "SIGTERM");
  const hasStopped = await waitUntil(() => findRunningService() === undefined, {
    timeoutMs: STOP_TIMEOUT_MS,
    pollMs: POLL_MS,
  });
  if (!hasStopped) {
    console.error(`✗ No terminó a tiempo. Puedes cerrarlo con: kill -9 ${running.pid}`);
    return 1;
  }
  console.log("Parado. Los datos quedan guardados.");
  return 0;
}

process.exitCode = await stop();
