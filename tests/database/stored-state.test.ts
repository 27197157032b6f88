import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { runCommand } from "../../scripts/backups/run-command.ts";
import { buildAssets } from "../../scripts/build-assets.ts";
import { moveRenamedObjects } from "../../scripts/lib/renamed-objects.ts";
import { ROOT } from "../../scripts/lib/root.ts";
import { QUIET_WRANGLER } from "../../scripts/lib/wrangler.ts";
import { isActive } from "../../src/alerts/alert-state.ts";
import type { CoordinatorObject } from "../../src/coordinator/coordinator.object.ts";
import { TrabajosProgramadosReply } from "../../src/jobs/registry/trabajos-programados.schemas.ts";
import { WorkResult } from "../../src/tasks/work-result.ts";
import { makeDatabase, type OwnDatabase } from "../support/test-database.ts";

/** Written by version 0.1.0. The README in its folder explains how, and lists its contents. */
const STATE = join(ROOT, "tests/fixtures/state-0.1.0/worker.tar.gz");
const API_KEY = "clave-de-la-prueba-de-estado";
const OTHER_KEY =
  "aia_otro_f4342980f22c5b73_6c52ed90067318a1ce5935e002672306e3f64fd50df7b46d41eeac863e6fdf36";
const SETTINGS = {
  API_KEY,
  KEYS_PEPPER: "pimienta-de-la-prueba-de-estado-0123456789",
  JWT_SECRET: "secreto-de-la-prueba-de-estado-0123456789",
  OPENAI_API_KEY: "sk-de-pega",
  // No test needs a model: every result is in the stored state.
  OPENAI_BASE_URL: "http://127.0.0.1:1",
};
const FIRST_TEXT =
  "El martes 1 la factura de 120,50 € llegó tarde. Marta reclama a ana@ejemplo.com. El pago se hará en junio.";

const folder = mkdtempSync(join(tmpdir(), "asistente-estado-"));
const workerFolder = join(folder, "worker");
let database: OwnDatabase;
let miniflare: Miniflare;
let address: string;
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** Moves the expiry of results and idempotent answers into the future, so that the Worker does not delete them. */
function extendExpiries(): void {
  const chats = join(workerFolder, "v3/do/asistente-ia-ChatObject");
  for (const file of readdirSync(chats)) {
    if (!/^[0-9a-f]+\.sqlite$/.test(file)) continue;
    const chat = new DatabaseSync(join(chats, file));
    for (const table of ["work", "answers"]) {
      chat.exec(`UPDATE ${table} SET expires_ms = ${Date.now() + 3_600_000} WHERE expires_ms > 0`);
    }
    chat.close();
  }
}

async function bundleWorker(): Promise<string> {
  buildAssets();
  const wrangler = join(ROOT, "node_modules/.bin/wrangler");
  await promisify(execFile)(
    process.execPath,
    [wrangler, "deploy", "--dry-run", "--outdir", join(folder, "bundle")],
    { cwd: ROOT, env: { ...process.env, ...QUIET_WRANGLER, WRANGLER_LOG: "error" } },
  );
  return readFileSync(join(folder, "bundle/index.js"), "utf8");
}

beforeAll(async () => {
  execFileSync("tar", ["-xzf", STATE, "-C", folder]);
  extendExpiries();
  moveRenamedObjects(workerFolder);
  database = await makeDatabase(inject("postgresUrl"));
  const contents = await bundleWorker();
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "asistente-ia",
      modules: [{ type: "ESModule", path: "index.js", contents }],
      compatibilityDate: "2026-10-01",
      compatibilityFlags: ["nodejs_compat"],
      durableObjects: {
        CHATS: { className: "ChatObject", useSQLite: true },
        CLOCK: { className: "CoordinatorObject", useSQLite: true },
        IDEMPOTENCY_KEYS: { className: "IdempotencyKeyObject", useSQLite: true },
        ACCESS: { className: "AccessObject", useSQLite: true },
        JOBS: { className: "JobObject", useSQLite: true },
      },
      resourcePersistencePath: join(workerFolder, "v3"),
      kvNamespaces: ["CACHE"],
      r2Buckets: { BACKUPS: "asistente-ia-copias" },
      hyperdrives: { HYPERDRIVE: database.url },
      ratelimits: { REFUSED_KEYS: { namespace_id: "1001", simple: { limit: 30, period: 60 } } },
      bindings: SETTINGS,
      host: "127.0.0.1",
      handleStructuredLogs: () => undefined,
    }),
  );
  address = (await miniflare.ready).href;
});

afterAll(async () => {
  await miniflare.dispose();
  await database.remove();
  rmSync(folder, { recursive: true });
});

async function call(
  path: string,
  {
    body,
    key = API_KEY,
    headers,
  }: { body?: unknown; key?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${address}api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "x-api-key": key, "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

/** Calls a method of the coordinator. Miniflare returns objects as proxies, so they are copied. */
async function readCoordinator<T>(
  read: (coordinator: DurableObjectStub<CoordinatorObject>) => PromiseLike<T>,
): Promise<T> {
  const namespace = await miniflare.getDurableObjectNamespace("CLOCK");
  const stub = namespace.get(namespace.idFromName("clock"));
  const result = await read(stub as unknown as DurableObjectStub<CoordinatorObject>);
  return JSON.parse(JSON.stringify(result)) as T;
}

it("reads a chat's mode and its options", async () => {
  const { json } = await call("/estado", { body: { chat_id: 7 } });
  expect(json).toMatchObject({
    modo_actual: "/clasificar",
    opciones: { etiquetas: ["factura", "otro"] },
  });
});

it("answers an Idempotency-Key with the stored answer", async () => {
  const { status, json } = await call("/procesar", {
    body: { chat_id: 8, tipo_tarea: "resumir", texto: FIRST_TEXT },
    headers: { "idempotency-key": "guardada-1" },
  });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    resultado: `[modelo] ${FIRST_TEXT}.`,
    solicitud_id: "01a228cf-7699-7083-8e61-a8aecf506343",
  });
});

it("accepts an API key", async () => {
  expect(await call("/estado", { body: { chat_id: 1 }, key: OTHER_KEY })).toMatchObject({
    status: 200,
    json: { modo_actual: null },
  });
});

it("delivers a pending record, and a record for interrupted work", async () => {
  await vi.waitFor(async () => {
    const rows = await database.query(
      "SELECT chat_id::int, solicitud_id, estado FROM consultas_ia ORDER BY chat_id",
    );
    expect(rows).toEqual([
      { chat_id: 10, solicitud_id: "01a228cf-8e51-7e66-b75c-7f3a3df1e943", estado: "completada" },
      { chat_id: 11, solicitud_id: "01a228d0-4fcb-7e95-a849-3c7edf2cfaa0", estado: "interrumpida" },
    ]);
  }, 30_000);
  await vi.waitFor(async () => {
    expect(await readCoordinator((coordinator) => coordinator.listWaitingChats(10))).toEqual([]);
  }, 30_000);
});

it("reads finished work in the current format", () => {
  const file =
    "asistente-ia-ChatObject/bb72400c14ca036e2802cb75419cdc66f47ff8db12a268e61bc6728078b2fcc3.sqlite";
  const chat = new DatabaseSync(join(workerFolder, "v3/do", file));
  const rows = chat.prepare("SELECT result FROM work WHERE result IS NOT NULL").all();
  chat.close();
  expect(rows).toHaveLength(1);
  expect(WorkResult.parse(JSON.parse(String(rows[0]?.["result"])))).toMatchObject({
    text: expect.stringContaining("[modelo] El martes 4") as string,
  });
});

it("finishes an interrupted run of a job, and delivers pending runs", async () => {
  await vi.waitFor(async () => {
    const rows = await database.query("SELECT id, trabajo FROM ejecuciones ORDER BY id");
    expect(rows).toEqual([
      { id: "01a228cf-9e36-7fa9-b9e9-2f89a77f2199", trabajo: "alertas" },
      { id: "01a228d0-4e85-7d46-ae54-a63134882df2", trabajo: "alertas" },
      { id: "01a228d0-4f12-7179-a77e-d5b3e6e140cc", trabajo: "alertas" },
      { id: "01a228d0-5049-7b44-80c3-d80d734db725", trabajo: "mantenimiento" },
    ]);
  }, 30_000);
});

it("lists the last run of each job, and no job as running", async () => {
  await vi.waitFor(async () => {
    const { trabajos } = TrabajosProgramadosReply.parse((await call("/trabajos-programados")).json);
    const runs = trabajos.map(({ nombre, estado, ultima }) => [
      nombre,
      estado,
      ultima?.ejecucion_id,
    ]);
    expect(runs).toEqual([
      ["entregar-pendientes", "en_espera", "01a228cf-69d2-7a71-9816-d5dc2e554266"],
      ["mantenimiento", "en_espera", "01a228d0-5049-7b44-80c3-d80d734db725"],
      ["informes-semanales", "en_espera", "01a228cf-69d4-7197-adf7-447b1adace23"],
      ["copia-de-seguridad", "en_espera", "01a228cf-8619-7078-962b-a6c37fa047e6"],
      ["verificar-copia", "en_espera", "01a228cf-8828-7e99-acce-679c37905c8f"],
      ["alertas", "en_espera", "01a228d0-4f12-7179-a77e-d5b3e6e140cc"],
    ]);
  }, 30_000);
});

it("reads the purges of the cache, the erased chats and the alerts", async () => {
  expect(await readCoordinator((coordinator) => coordinator.readPurgeEpochs("principal"))).toEqual({
    all: 0,
    byTask: { resumir: 1_795_981_014_805 },
  });
  expect(await readCoordinator((coordinator) => coordinator.listErasures())).toEqual([
    { client: "principal", chatId: 9, untilMs: 1_795_981_017_049 },
  ]);
  const alerts = await readCoordinator((coordinator) => coordinator.readAlerts());
  expect(alerts).toMatchObject([
    { condition: { key: "base_de_datos" }, clearedAtMs: null, raiseTold: ["webhook"] },
  ]);
  expect(alerts.every(isActive)).toBe(true);
});

it("restores a backup into an empty database", async () => {
  const restored = await makeDatabase(inject("postgresUrl"));
  const settings = { DATABASE_URL: restored.url, API_KEY, BACKUP_KEY: "", RETENCION_DIAS: "0" };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  vi.spyOn(console, "log").mockReturnValue();
  try {
    expect(await runCommand(["restore", "--from", "latest", "--url", address])).toBe(0);
    expect(await restored.query("SELECT chat_id::int, cliente FROM consultas_ia")).toEqual([
      { chat_id: 8, cliente: "principal" },
      { chat_id: 8, cliente: "principal" },
    ]);
  } finally {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await restored.remove();
  }
});
