import { setTimeout as wait } from "node:timers/promises";
import { currentRun } from "./lib/state.ts";

const LIMIT_MS = 30_000;
const POLL_MS = 100;

/** `npm run stop`: ends the service of this folder and waits until it has ended. */
async function stop(): Promise<number> {
  const run = currentRun();
  if (!run) {
    console.log("No hay ningún servicio en marcha en esta carpeta.");
    return 0;
  }
  process.kill(run.pid, "SIGTERM");
  const deadline = Date.now() + LIMIT_MS;
  while (currentRun()) {
    if (Date.now() > deadline) {
      console.error(`✗ No terminó a tiempo. Puedes cerrarlo con: kill -9 ${run.pid}`);
      return 1;
    }
    await wait(POLL_MS);
  }
  console.log("Parado. Los datos quedan guardados.");
  return 0;
}

process.exitCode = await stop();
