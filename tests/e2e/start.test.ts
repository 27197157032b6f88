import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { startFakeOpenAi, type FakeOpenAi } from "../support/fake-openai.ts";
import {
  isAlive,
  makeClone,
  readRun,
  runNpm,
  startService,
  until,
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

it("serves a stranger who clones it, runs npm start and pastes the curl, and keeps the data", async () => {
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
    expect(await ask(service, "consultar", { chat_id: 1 })).toMatchObject({
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

    before = await ask(service, "consultar", { chat_id: 1 });

    const other = await runNpm(clone, ["start"], { PORT: String(await findFreePort()) });
    expect(other).toMatchObject({
      code: 1,
      output: expect.stringContaining("Ya está en marcha") as string,
    });
  } finally {
    await service.stop("SIGTERM");
  }
  await until(() => !pids.some(isAlive), "every process has ended");

  const again = await startService(clone, { PORT: port });
  try {
    expect(again.key).toBe(service.key);
    expect(before["total"]).toBeGreaterThan(2);
    expect(await ask(again, "consultar", { chat_id: 1 })).toEqual(before);
  } finally {
    await again.stop("SIGINT");
  }
});

describe("a service that is taken care of", () => {
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

  it("has a clock of its own: what is due is done by itself, and npm run job does it now", async () => {
    const jobs = async (): Promise<{ ultima: { resultado: string } | null }[]> => {
      const listed = (await get(service, "trabajos-programados")) as {
        trabajos: { ultima: { resultado: string } | null }[];
      };
      return listed.trabajos;
    };
    await until(
      async () => (await jobs()).every(({ ultima }) => ultima?.resultado === "completada"),
      "every job has run since the start",
    );
    const printed = await npm("job", "--", "mantenimiento");
    expect(printed).toContain("✓ completada");
    expect(printed).toContain("registros_borrados: 0");
  });

  it("loses its database twice, and answers as before from either kind of backup", async () => {
    const { clave } = await ask(service, "claves", {
      nombre: "Otra",
      cliente: "otro",
      permisos: ["procesar", "historial"],
    });
    const other = { ...service, key: String(clave) };
    const texto =
      "El martes 3 la factura de 120,50 € llegó tarde. Marta reclama a ana@ejemplo.com.";
    for (const chat_id of [10, -20]) {
      for (const modo of ["/resumir", "/clasificar", "/extraer"]) {
        await ask(service, "estado", { chat_id, modo });
        expect(await ask(service, "procesar", { chat_id, texto })).toMatchObject({ success: true });
      }
    }
    await ask(other, "procesar", { chat_id: 10, texto, tipo_tarea: "resumir" });
    await ask(service, "estado", { chat_id: 10, modo: "/consultar" });
    await ask(service, "reportes/suscripcion", {
      chat_id: 10,
      zona_horaria: "America/Mexico_City",
    });

    const answers = async (): Promise<unknown[]> => [
      await ask(service, "consultar", { chat_id: 10, limit: 50 }),
      await ask(service, "consultar", { chat_id: -20, tipo_tarea: "extraer" }),
      await ask(other, "consultar", { chat_id: 10 }),
      await ask(service, "consultar-inteligente", {
        chat_id: 10,
        texto: "¿cuántos resúmenes hice?",
      }),
      await ask(service, "consultar-inteligente", { chat_id: 10, texto: "busca factura" }),
      await ask(service, "estado", { chat_id: 10, modo: null }),
      await get(service, "reportes?chat_id=10"),
      await get(service, "reportes/suscripcion?chat_id=10"),
    ];
    const newestId = async (chat_id: number): Promise<number> => {
      const { consultas } = await ask(service, "consultar", { chat_id });
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

    // Its files, and with the service stopped.
    await service.stop("SIGTERM");
    rmSync(join(clone.folder, ".data/postgres"), { recursive: true });
    expect(await npm("restore", "--", "--from", folder)).toContain("✓ Restaurada y comprobada");
    service = await startService(clone, { PORT: port, ...settings });
    expect(await answers()).toEqual(before);

    // All of it at once, in the middle of work.
    await dropDatabase(readRun(clone).databaseUrl);
    const meanwhile = { chat_id: 30, texto, tipo_tarea: "resumir" };
    expect(await ask(service, "procesar", meanwhile)).toMatchObject({ success: true });
    expect(await ask(service, "consultar", { chat_id: 30 })).toMatchObject({
      codigo: "historial_no_disponible",
    });
    expect(await npm("restore", "--", "--from", "latest")).toContain("✓ Restaurada y comprobada");
    expect(await answers()).toEqual(before);
    await until(async () => (await newestId(30)) > lastId, "what was done meanwhile has a new id");

    const again = await runNpm(clone, ["run", "-s", "restore"], settings);
    expect(again).toMatchObject({
      code: 1,
      output: expect.stringContaining("La base de datos no está vacía") as string,
    });
    expect(await npm("restore:drill")).toMatch(/✓ Simulacro: los \d+ registros son iguales/);
    expect(await answers()).toEqual(before);
  });
});

it("says so in the history when it was killed in the middle of a call, and does not pay again by itself", async () => {
  const settings = { PORT: port, OPENAI_API_KEY: "sk-de-pega", OPENAI_BASE_URL: model.url };
  const control = controlFakeOpenAi(model.url);
  const token = "palabra-que-nadie-mas-usa";
  await control.script(token, [{ kind: "hold" }]);

  const service = await startService(clone, settings);
  const pids = service.pids();
  const body = { chat_id: 2, texto: `Un texto ${token}.`, tipo_tarea: "resumir" };
  const cutOff = ask(service, "procesar", body).catch((error: unknown) => error);
  await until(async () => (await control.calls(token)).open === 1, "the model has been called");

  for (const pid of pids) process.kill(pid, "SIGKILL");
  expect(await cutOff).toBeInstanceOf(Error);
  await until(() => !pids.some(isAlive), "every process has ended");

  const again = await startService(clone, settings);
  try {
    const { consultas } = await ask(again, "consultar", { chat_id: 2 });
    expect(consultas).toEqual([
      expect.objectContaining({ estado: "interrumpida", texto_original: body.texto }),
    ]);
    expect((await control.calls(token)).calls).toBe(1);
  } finally {
    await again.stop("SIGTERM");
  }
});

it("finishes, keeps and pays once for what a client that hung up had asked for", async () => {
  const settings = { PORT: port, OPENAI_API_KEY: "sk-de-pega", OPENAI_BASE_URL: model.url };
  const control = controlFakeOpenAi(model.url);
  const token = "palabra-de-quien-cuelga";
  await control.script(token, [{ kind: "hold" }]);
  const body = { chat_id: 3, texto: `Un texto ${token}.`, tipo_tarea: "resumir" };

  const service = await startService(clone, settings);
  try {
    const hangUp = new AbortController();
    const hungUp = ask(service, "procesar", body, hangUp.signal).catch((error: unknown) => error);
    await until(async () => (await control.calls(token)).open === 1, "the model has been called");
    hangUp.abort();
    expect(await hungUp).toBeInstanceOf(Error);
    await control.release(token);

    await until(async () => {
      const { total } = await ask(service, "consultar", { chat_id: 3 });
      return total === 1;
    }, "the work is in the history");
    const again = await ask(service, "procesar", body);
    expect(again).toMatchObject({ success: true, uso: null });
    expect((await control.calls(token)).calls).toBe(1);
  } finally {
    await service.stop("SIGTERM");
  }
});

it("ends with a sentence that says what to do when the port is taken or a setting is wrong", async () => {
  const taken = await runNpm(clone, ["start"], { PORT: new URL(model.url).port });
  expect(taken.code).toBe(1);
  expect(taken.output).toContain("PORT=");
  const wrong = await runNpm(clone, ["start"], { PORT: port, OPENAI_TIMEOUT: "mucho" });
  expect(wrong.code).toBe(1);
  expect(wrong.output).toContain("OPENAI_TIMEOUT debe ser un número de segundos");
});

/** Every curl of the README and of the page of routes, aimed at this service. */
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

async function ask(
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
