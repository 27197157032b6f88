// Runs `scripts/<name>.ts` with the project's own Node, installing what is missing first. Plain JavaScript and nothing
// but Node's own modules, because it is what runs before anything is installed, on Node 20 or newer.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const NODE = join(ROOT, "node_modules/node/bin/node");
/** Written when an install has ended well: holds the digest of the lock file that was installed. */
const STAMP = join(ROOT, "node_modules/.instalado");
const OLDEST_NODE = 20;
/** They import nothing that is installed, and may be asked for while the service runs on what an install would take away. */
const AS_THINGS_ARE = ["scripts/stop.ts", "scripts/ps.ts"];

const [script, ...args] = process.argv.slice(2);

requireNode();
install();
run();

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= OLDEST_NODE) return;
  fail(`Hace falta Node ${OLDEST_NODE} o más nuevo y este es el ${process.versions.node}.`);
}

function install() {
  if (AS_THINGS_ARE.includes(script) && existsSync(NODE)) return;
  const wanted = createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
  const installed = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
  if (installed === wanted && existsSync(NODE)) return;

  process.stderr.write("Instalando dependencias (la primera vez, un minuto o dos)…\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const started = Date.now();
  const { status, error } = spawnSync(npm, ["ci", "--loglevel=error", "--no-audit", "--no-fund"], {
    cwd: ROOT,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) fail(`No se pudo ejecutar npm (${error.message}). Instala npm y repite.`);
  if (status !== 0) {
    fail(
      "No se pudieron instalar las dependencias. Comprueba la conexión y que esta carpeta se pueda escribir, borra node_modules y repite.",
    );
  }
  if (!existsSync(NODE)) {
    fail(
      "La instalación no trajo el Node del proyecto: npm no ejecutó el script del paquete «node». Ejecuta «npm rebuild node» y repite.",
    );
  }
  writeFileSync(STAMP, wanted);
  process.stderr.write(
    `Dependencias instaladas en ${Math.round((Date.now() - started) / 1000)} s.\n`,
  );
}

function run() {
  const path = [join(ROOT, "node_modules/.bin"), process.env.PATH].join(
    process.platform === "win32" ? ";" : ":",
  );
  const quiet = "--disable-warning=ExperimentalWarning";
  const child = spawn(NODE, [quiet, join(ROOT, script), ...args], {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  // The terminal sends Ctrl-C to the whole group; what is sent to this process alone is passed on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`No se pudo ejecutar ${NODE} (${error.message}).`));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`\n✗ ${message}\n`);
  process.exit(1);
}
