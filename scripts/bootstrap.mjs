// Installs the dependencies if they are missing or out of date, then runs `scripts/<name>.ts` with the Node of
// node_modules. It runs before the installation, on the system's Node 20 or newer: plain JavaScript, built-in modules only.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const NODE = join(ROOT, "node_modules/node/bin/node");
/** Written after a successful installation. Contains the digest of the installed lock file. */
const STAMP = join(ROOT, "node_modules/.instalado");
const OLDEST_NODE = 20;
/** They import no package, and an installation would remove files that the running service uses. */
const SCRIPTS_WITHOUT_INSTALL = ["scripts/stop.ts", "scripts/ps.ts"];

const [script, ...args] = process.argv.slice(2);

requireNode();
installIfNeeded();
runScript();

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= OLDEST_NODE) return;
  fail(`Hace falta Node ${OLDEST_NODE} o más nuevo y este es el ${process.versions.node}.`);
}

function installIfNeeded() {
  if (SCRIPTS_WITHOUT_INSTALL.includes(script) && existsSync(NODE)) return;
  const lockDigest = createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
  const installedDigest = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
  if (installedDigest === lockDigest && existsSync(NODE)) return;
  install();
  writeFileSync(STAMP, lockDigest);
}

function install() {
  process.stderr.write("Instalando dependencias (la primera vez, un minuto o dos)…\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const startMs = Date.now();
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
  process.stderr.write(
    `Dependencias instaladas en ${Math.round((Date.now() - startMs) / 1000)} s.\n`,
  );
}

function runScript() {
  const path = [join(ROOT, "node_modules/.bin"), process.env.PATH].join(
    process.platform === "win32" ? ";" : ":",
  );
  const child = spawn(
    NODE,
    ["--disable-warning=ExperimentalWarning", join(ROOT, script), ...args],
    {
      stdio: "inherit",
      env: { ...process.env, PATH: path },
    },
  );
  // Ctrl-C in the terminal reaches the whole process group. A signal to this process alone is forwarded.
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
