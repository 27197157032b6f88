import { runCommand } from "./backups/run-command.ts";
import { cleanUpOnSignals } from "./lib/cleanup.ts";

cleanUpOnSignals(
  "Interrumpido. Lo que no dijo «✓» no ha cambiado nada, y lo que estaba a medias se ha quitado.",
);
process.exitCode = await runCommand(process.argv.slice(2));
