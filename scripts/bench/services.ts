import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { buildBundle } from "../lib/bundle.ts";
import { waitUntil } from "../lib/poll.ts";
import { findFreePort } from "../lib/ports.ts";

/** A program to measure, and how to send it a text. */
export type Contender = {
  url: string;
  headers: Record<string, string>;
  body: (text: string) => string;
  /** CPU time of its process so far, in ms; undefined if the system does not report it. */
  cpuMs: () => number | undefined;
  stop: () => Promise<void>;
};

const API_KEY = "clave-solo-para-medir";
const PLATFORM = {
  compatibilityDate: "2026-10-01",
  compatibilityFlags: ["nodejs_compat"],
  kvNamespaces: ["CACHE"],
};

/** Runs the bundle of a deploy in workerd, with a real PostgreSQL. */
export async function startAssistant(modelUrl: string, postgresUrl: string): Promise<Contender> {
  const bundle = await buildBundle({ WRANGLER_LOG: "error" });
  if (!bundle) throw new Error("wrangler could not build the bundle");
  const worker = await startWorker({
    ...PLATFORM,
    modules: [{ type: "ESModule", path: "index.js", contents: bundle.toString() }],
    durableObjects: {
      CHATS: { className: "ChatObject", useSQLite: true },
      CLOCK: { className: "CoordinatorObject", useSQLite: true },
      IDEMPOTENCY_KEYS: { className: "IdempotencyKeyObject", useSQLite: true },
    },
    hyperdrives: { HYPERDRIVE: postgresUrl },
    bindings: {
      API_KEY,
      OPENAI_API_KEY: "sk-de-pega",
      OPENAI_BASE_URL: modelUrl,
      KV_WRITES_PER_DAY: "1000000",
    },
  });
  return {
    headers: { "x-api-key": API_KEY, "content-type": "application/json" },
    body: (texto) => JSON.stringify({ chat_id: 1, tipo_tarea: "resumir", texto }),
    ...worker,
    url: `${worker.url}api/v1/procesar`,
  };
}

/** Runs floor.ts, which does the same platform operations in a few lines. */
export async function startFloor(modelUrl: string): Promise<Contender> {
  const source = readFileSync(join(import.meta.dirname, "floor.ts"), "utf8");
  const worker = await startWorker({
    ...PLATFORM,
    modules: [{ type: "ESModule", path: "index.js", contents: stripTypeScriptTypes(source) }],
    durableObjects: { CHATS: { className: "FloorObject", useSQLite: true } },
    bindings: { MODEL_URL: modelUrl },
  });
  return {
    ...worker,
    headers: { "content-type": "application/json" },
    body: (texto) => JSON.stringify({ texto }),
  };
}

const PORTKEY = "@portkey-ai/gateway@1.15.2";
const PORTKEY_READY_TIMEOUT_MS = 30_000;

/** Runs a well-known gateway in front of the same model. Undefined if it cannot be installed in the user's cache. */
export async function startPortkey(modelUrl: string): Promise<Contender | undefined> {
  const script = await installPortkey();
  if (script === undefined) return undefined;
  const port = await findFreePort();
  const child = spawn(process.execPath, [script, `--port=${port}`, "--headless"], {
    stdio: "ignore",
    env: { ...process.env, TRUSTED_CUSTOM_HOSTS: "127.0.0.1,localhost", PORT: String(port) },
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntil(() => isListening(url), { timeoutMs: PORTKEY_READY_TIMEOUT_MS, pollMs: 100 });
  return {
    url: `${url}/v1/chat/completions`,
    headers: {
      authorization: "Bearer sk-de-pega",
      "content-type": "application/json",
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": modelUrl,
    },
    body: (text) =>
      JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: text }] }),
    cpuMs: () => cpuMsOf(child.pid),
    async stop() {
      child.kill();
      await once(child, "exit");
    },
  };
}

/** The path of the gateway's start script; undefined if npm fails. */
async function installPortkey(): Promise<string | undefined> {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(cache, "asistente-ia", PORTKEY.replaceAll("/", "-"));
  const script = join(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
  if (existsSync(script)) return script;
  console.log(`Instalando ${PORTKEY} para comparar…`);
  try {
    await promisify(execFile)("npm", ["install", "--prefix", folder, "--no-audit", PORTKEY]);
    return script;
  } catch (error) {
    console.log(`No se pudo instalar (${error instanceof Error ? error.message : "?"}).`);
    return undefined;
  }
}

async function isListening(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).body?.cancel();
    return true;
  } catch {
    // Not listening yet.
    return false;
  }
}

/** The URL is that of the Worker's own socket: Miniflare's proxy would add the same cost to all and hide differences. */
async function startWorker(
  options: V4WorkerOptions,
): Promise<Pick<Contender, "url" | "cpuMs" | "stop">> {
  const pidsBefore = childPids();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      host: "127.0.0.1",
      // Otherwise the measurement would include the request log.
      handleStructuredLogs: () => undefined,
    }),
  );
  const { href } = await miniflare.unsafeGetDirectURL();
  const pid = childPids().find((child) => !pidsBefore.includes(child));
  return { url: href, cpuMs: () => cpuMsOf(pid), stop: () => miniflare.dispose() };
}

/** Empty if the system has no /proc. */
function childPids(): number[] {
  const file = `/proc/${process.pid}/task/${process.pid}/children`;
  return existsSync(file) ? readFileSync(file, "utf8").split(" ").map(Number) : [];
}

/** Linux counts CPU time in hundredths of a second: proc_pid_stat(5), fields 14 and 15. */
const MS_PER_TICK = 10;

function cpuMsOf(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return undefined;
  const afterName = readFileSync(file, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(afterName[11]) + Number(afterName[12])) * MS_PER_TICK;
}
