import { execFileSync } from "node:child_process";
import { findRunningService } from "./lib/state.ts";

/** `npm run ps`: lists the processes of the service that runs in this folder. */
function ps(): number {
  const running = findRunningService();
  if (!running) {
    console.log("No hay ningún servicio en marcha en esta carpeta.");
    return 1;
  }
  console.log(`En marcha en ${running.address}\n`);
  const pids = [running.pid, ...running.children].join(",");
  execFileSync("ps", ["-o", "pid,etime,rss,args", "-p", pids], { stdio: "inherit" });
  return 0;
}

process.exitCode = ps();
