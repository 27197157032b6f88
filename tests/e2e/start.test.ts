import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { startFakeOpenAi, type FakeOpenAi } from "../support/fake-openai.ts";
import { waitUntil } from "../support/wait-until.ts";
import {
  isAlive,
  makeClone,
  readRun,
  runNpm,
  startService,
  type Clone,
  type Service,
} from "./service.ts";

let clone: Clone;
let model: FakeOpenAi;
let port: string;

beforeAll(async () => {
  clone = makeClone();
  model = await startFakeOpenAi();
  port = String(await findFreePort());
});

afterAll(async () => {
  await model.stop();
  clone.remove();
});

it("starts from a fresh clone, answers the printed curl, and keeps its data after a restart", async () => {
  const service = await startService(clone, { PORT: port });
  const pids = service.pids();
  let before: Record<string, unknown> = {};
  try {
    expect(service.address).toBe(`http://127.0.0.1:${port}`);
    expect(readFileSync(join(clone.folder, ".dev.vars"), "utf8")).toContain(service.key);

    const [first, second] = [runShell(service.curl), runShell(service.curl)];
    expect(first).toMatchObject({ success: true, motor: "local", cache: "miss", chat_id: 1 });
    expect(second).toMatchObject({ success: true, resultado: first["resultado"] });
    expect(["colo", "kv", "chat"]).toContain(second["cache"]);
    expect(await post(service, "consultar", { chat_id: 1 })).toMatchObject({
      total: 2,
      consultas: [{ resultado: first["resultado"] }, { resultado: first["resultado"] }],
    });

    const curls = documentedCurls(clone, service);
    expect(curls.length).toBeGreaterThan(8);
    for (const curl of curls) {
      const translation = curl.includes("traducir");
      expect(runShell(curl)).toMatchObject(
        translation ? { codigo: "motor_local_no_puede" } : { success: true },
      );
    }

    before = await post(service, "consultar", { chat_id: 1 });

    const other = await runNpm(clone, ["start"], { PORT: String(await findFreePort()) });
    expect(other).toMatchObject({
      code: 1,
      output: expect.stringContaining("Ya está en marcha") as string,
    });
  } finally {
    await service.stop("SIGTERM");
  }
  await waitUntil(() => !pids.some(isAlive), "every process has exited");

  const again = await startService(clone, { PORT: port });
  try {
    expect(again.key).toBe(service.key);
    expect(before["total"]).toBeGreaterThan(2);
    expect(await post(again, "consultar", { chat_id: 1 })).toEqual(before);
  } finally {
    await again.stop("SIGINT");
  }
});

describe("operating the service", () => {
  const settings = { BACKUP_KEY: btoa("7".repeat(32)) };
  let service: Service;
  const npm = async (...args: string[]): Promise<string> => {
    const { code, output } = await runNpm(clone, ["run", "-s", ...args], settings);
    if (code !== 0) throw new Error(output);
    return output;
  };

  beforeAll(async () => {
    service = await startService(clone, { PORT: port, ...settings });
  });
  afterAll(async () => {
    await service.stop("SIGTERM");
  });

  it("runs due jobs by itself, and runs one job immediately with npm run job", async () => {
    const jobs = async (): Promise<{ ultima: { resultado: string } | null }[]> => {
      const listed = (await get(service, "trabajos-programados")) as {
        trabajos: { ultima: { resultado: string } | null }[];
      };
      return listed.trabajos;
    };
    await waitUntil(
      async () => (await jobs()).every(({ ultima }) => ultima?.resultado === "completada"),
      "every job has completed a run",
    );
    const printed = await npm("job", "--", "mantenimiento");
    expect(printed).toContain("✓ completada");
    expect(printed).toContain("registros_borrados: 0");
  });

  it("returns the same answers after a restore of the lost database, from a folder and from the service", async () => {
    const { clave } = await post(service, "claves", {
      nombre: "Otra",
      cliente: "otro",
      permisos: ["procesar", "historial"],
    });
    const other = { ...service, key: String(clave) };
    const texto =
      "El martes 3 la factura de 120,50 € llegó tarde. Marta reclama a ana@ejemplo.com.";
    for (const chat_id of [10, -20]) {
      for (const modo of ["/resumir", "/clasificar", "/extraer"]) {
        await post(service, "estado", { chat_id, modo });
        expect(await post(service, "procesar", { chat_id, texto })).toMatchObject({
          success: true,
        });
      }
    }
    await post(other, "procesar", { chat_id: 10, texto, tipo_tarea: "resumir" });
    await post(service, "estado", { chat_id: 10, modo: "/consultar" });
    await post(service, "reportes/suscripcion", {
      chat_id: 10,
      zona_horaria: "America/Mexico_City",
    });

    const answers = async (): Promise<unknown[]> => [
      await post(service, "consultar", { chat_id: 10, limit: 50 }),
      await post(service, "consultar", { chat_id: -20, tipo_tarea: "extraer" }),
      await post(other, "consultar", { chat_id: 10 }),
      await post(service, "consultar-inteligente", {
        chat_id: 10,
        texto: "¿cuántos resúmenes hice?",
      }),
      await post(service, "consultar-inteligente", { chat_id: 10, texto: "busca factura" }),
      await post(service, "estado", { chat_id: 10, modo: null }),
      await get(service, "reportes?chat_id=10"),
      await get(service, "reportes/suscripcion?chat_id=10"),
    ];
    const newestId = async (chat_id: number): Promise<number> => {
      const { consultas } = await post(service, "consultar", { chat_id });
      return (consultas as { id: number }[])[0]?.id ?? 0;
    };
    const [before, lastId] = [await answers(), await newestId(-20)];
    expect(before).toMatchObject([
      { success: true, total: 3 },
      { success: true, total: 1 },
      { success: true, total: 1 },
      { success: true, total: 1 },
      { success: true, total: 3 },
      { success: true, modo_actual: "/consultar" },
      { success: true },
      { success: true, activa: true, zona_horaria: "America/Mexico_City" },
    ]);
    const folder = join(clone.home, "copias");
    expect(await npm("backup", "--", "--to", folder)).toContain("cifrada");
    expect(await npm("job", "--", "copia-de-seguridad")).toContain("✓ completada");

    // Lose the files of the database, while the service is stopped.
    await service.stop("SIGTERM");
    rmSync(join(clone.folder, ".data/postgres"), { recursive: true });
    expect(await npm("restore", "--", "--from", folder)).toContain("✓ Restaurada y comprobada");
    service = await startService(clone, { PORT: port, ...settings });
    expect(await answers()).toEqual(before);

    // Lose the database while the service runs.
    await dropDatabase(readRun(clone).databaseUrl);
    const duringOutage = { chat_id: 30, texto, tipo_tarea: "resumir" };
    expect(await post(service, "procesar", duringOutage)).toMatchObject({ success: true });
    expect(await post(service, "consultar", { chat_id: 30 })).toMatchObject({
      codigo: "historial_no_disponible",
    });
    expect(await npm("restore", "--", "--from", "latest")).toContain("✓ Restaurada y comprobada");
    expect(await answers()).toEqual(before);
    await waitUntil(
      async () => (await newestId(30)) > lastId,
      "the record of the outage has a new id",
    );

    const again = await runNpm(clone, ["run", "-s", "restore"], settings);
    expect(again).toMatchObject({
      code: 1,
      output: expect.stringContaining("La base de datos no está vacía") as string,
    });
    expect(await npm("restore:drill")).toMatch(/✓ Simulacro: los \d+ registros son iguales/);
    expect(await answers()).toEqual(before);
  });
});

it("records interrupted work after a kill in the middle of a model call, without a second call", async () => {
  const settings = { PORT: port, OPENAI_API_KEY: "sk-de-pega", OPENAI_BASE_URL: model.url };
  const control = controlFakeOpenAi(model.url);
  const token = "palabra-que-nadie-mas-usa";
  await control.script(token, [{ kind: "hold" }]);

  const service = await startService(clone, settings);
  const pids = service.pids();
  const body = { chat_id: 2, texto: `Un texto ${token}.`, tipo_tarea: "resumir" };
  const interrupted = post(service, "procesar", body).catch((error: unknown) => error);
  await waitUntil(
    async () => (await control.calls(token)).open === 1,
    "the model receives the call",
  );

  for (const pid of pids) process.kill(pid, "SIGKILL");
  expect(await interrupted).toBeInstanceOf(Error);
  await waitUntil(() => !pids.some(isAlive), "every process has exited");

  const again = await startService(clone, settings);
  try {
    const { consultas } = await post(again, "consultar", { chat_id: 2 });
    expect(consultas).toEqual([
      expect.objectContaining({ estado: "interrumpida", texto_original: body.texto }),
    ]);
    expect((await control.calls(token)).calls).toBe(1);
  } finally {
    await again.stop("SIGTERM");
  }
});

it("finishes and stores the work of a client that disconnects, and calls the model once", async () => {
  const settings = { PORT: port, OPENAI_API_KEY: "sk-de-pega", OPENAI_BASE_URL: model.url };
  const control = controlFakeOpenAi(model.url);
  const token = "palabra-de-quien-cuelga";
  await control.script(token, [{ kind: "hold" }]);
  const body = { chat_id: 3, texto: `Un texto ${token}.`, tipo_tarea: "resumir" };

  const service = await startService(clone, settings);
  try {
    const abortController = new AbortController();
    const aborted = post(service, "procesar", body, abortController.signal).catch(
      (error: unknown) => error,
    );
    await waitUntil(
      async () => (await control.calls(token)).open === 1,
      "the model receives the call",
    );
    abortController.abort();
    expect(await aborted).toBeInstanceOf(Error);
    await control.release(token);

    await waitUntil(async () => {
      const { total } = await post(service, "consultar", { chat_id: 3 });
      return total === 1;
    }, "the history contains the work");
    const again = await post(service, "procesar", body);
    expect(again).toMatchObject({ success: true, uso: null });
    expect((await control.calls(token)).calls).toBe(1);
  } finally {
    await service.stop("SIGTERM");
  }
});

it("exits with an instruction when the port is in use or a setting is invalid", async () => {
  const taken = await runNpm(clone, ["start"], { PORT: new URL(model.url).port });
  expect(taken.code).toBe(1);
  expect(taken.output).toContain("PORT=");
  const wrong = await runNpm(clone, ["start"], { PORT: port, OPENAI_TIMEOUT: "mucho" });
  expect(wrong.code).toBe(1);
  expect(wrong.output).toContain("OPENAI_TIMEOUT debe ser un número de segundos");
});

/** Returns every curl command of the README and of docs/routes.md, with the address and key of this service. */
function documentedCurls({ folder }: Clone, { address, key }: Service): string[] {
  const pages = ["README.md", "docs/routes.md"].map((page) =>
    readFileSync(join(folder, page), "utf8"),
  );
  const commands = pages.flatMap((page) => page.match(/^curl (?:.*\\\n)*.*/gm) ?? []);
  return commands.map((command) =>
    command.replaceAll("http://127.0.0.1:8787", address).replaceAll("$CLAVE", key),
  );
}

function runShell(command: string): Record<string, unknown> {
  return JSON.parse(execFileSync("bash", ["-c", command]).toString()) as Record<string, unknown>;
}

async function get({ address, key }: Service, path: string): Promise<unknown> {
  const response = await fetch(`${address}/api/v1/${path}`, { headers: { "x-api-key": key } });
  return await response.json();
}

async function dropDatabase(url: string): Promise<void> {
  const server = new URL(url);
  server.pathname = "/postgres";
  const client = new Client({ connectionString: server.href });
  await client.connect();
  try {
    const name = client.escapeIdentifier(new URL(url).pathname.slice(1));
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

async function post(
  { address, key }: Service,
  route: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${address}/api/v1/${route}`, {
    method: "POST",
    headers: { "x-api-key": key, "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  return await response.json<Record<string, unknown>>();
}
