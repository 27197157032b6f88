import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { findFreePort } from "../lib/ports.ts";
import { run } from "../lib/run.ts";
import { QUIET_WRANGLER } from "../lib/wrangler.ts";

/** A program under measurement: where it takes a text, and how it is asked. */
export type Contender = {
  url: string;
  headers: Record<string, string>;
  body: (text: string) => string;
  /** CPU that its process has used so far, in ms; undefined where the system does not tell. */
  cpuMs: () => number | undefined;
  stop: () => Promise<void>;
};

const API_KEY = "clave-solo-para-medir";
const PLATFORM = {
  compatibilityDate: "2026-10-01",
  compatibilityFlags: ["nodejs_compat"],
  kvNamespaces: ["CACHE"],
};

/** The bundle that a deploy would send, in workerd, with a real PostgreSQL behind it. */
export async function startAssistant(modelUrl: string, postgresUrl: string): Promise<Contender> {
  const folder = await mkdtemp(join(tmpdir(), "asistente-bench-"));
  const args = ["deploy", "--dry-run", "--outdir", folder];
  if ((await run("wrangler", args, { ...QUIET_WRANGLER, WRANGLER_LOG: "error" })) !== 0) {
    throw new Error("wrangler could not build the bundle");
  }
  const contents = readFileSync(join(folder, "index.js"), "utf8");
  await rm(folder, { recursive: true });
  const worker = await startWorker({
    ...PLATFORM,
    modules: [{ type: "ESModule", path: "index.js", contents }],
    durableObjects: {
      CHATS: { className: "ChatObject", useSQLite: true },
      CLOCK: { className: "ClockObject", useSQLite: true },
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

/** A few lines that do the same platform operations. */
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
const READY_LIMIT_MS = 30_000;

/** A well-known gateway in front of the same model, installed once in the user's cache; undefined where it cannot be. */
export async function startPortkey(modelUrl: string): Promise<Contender | undefined> {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(cache, "asistente-ia", PORTKEY.replaceAll("/", "-"));
  const script = join(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
  if (!existsSync(script)) {
    console.log(`Instalando ${PORTKEY} para comparar…`);
    try {
      await promisify(execFile)("npm", ["install", "--prefix", folder, "--no-audit", PORTKEY]);
    } catch (error) {
      console.log(`No se pudo instalar (${error instanceof Error ? error.message : "?"}).`);
      return undefined;
    }
  }
  const port = await findFreePort();
  const child = spawn(process.execPath, [script, `--port=${port}`, "--headless"], {
    stdio: "ignore",
    env: { ...process.env, TRUSTED_CUSTOM_HOSTS: "127.0.0.1,localhost", PORT: String(port) },
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await answers(url)) && Date.now() < deadline) await wait(100);
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

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).body?.cancel();
    return true;
  } catch {
    // Not listening yet.
    return false;
  }
}

/** Straight to the worker's socket: Miniflare's own entry would cost both the same, and hide the difference. */
async function startWorker(
  options: V4WorkerOptions,
): Promise<Pick<Contender, "url" | "cpuMs" | "stop">> {
  const before = childPids();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      host: "127.0.0.1",
      // The request log would be a part of what is measured.
      handleStructuredLogs: () => undefined,
    }),
  );
  const { href } = await miniflare.unsafeGetDirectURL();
  const pid = childPids().find((child) => !before.includes(child));
  return { url: href, cpuMs: () => cpuMsOf(pid), stop: () => miniflare.dispose() };
}

/** Empty where there is no /proc. */
function childPids(): number[] {
  const file = `/proc/${process.pid}/task/${process.pid}/children`;
  return existsSync(file) ? readFileSync(file, "utf8").split(" ").map(Number) : [];
}

/** Linux counts in hundredths of a second: proc_pid_stat(5), fields 14 and 15. */
const MS_PER_TICK = 10;

function cpuMsOf(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return undefined;
  const afterName = readFileSync(file, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(afterName[11]) + Number(afterName[12])) * MS_PER_TICK;
}
