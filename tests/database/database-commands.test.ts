import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { migrate } from "../../scripts/lib/migrate.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/db.ts");
const NAME = "pruebas_guiones";
const server = new Client({ connectionString: inject("postgresUrl") });
const url = new URL(inject("postgresUrl"));
url.pathname = NAME;

/** Runs `npm run db:…` on a database that only this file uses. */
function run(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
    env: { ...process.env, DATABASE_URL: url.href },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, output: stdout + stderr };
}

async function query<Row extends object>(statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

const INSERT_RECORDS = `INSERT INTO consultas_ia (cliente, chat_id, solicitud_id, tipo_tarea, texto_original, resultado,
  opciones, estado, cache, clave_cache, motor, prompt_version, intentos, fecha)
  SELECT 'principal', 1, gen_random_uuid(), 'resumir', 'texto', 'resultado', '{}', 'completada', 'miss', 'k', 'local', 1, 1, now()
  FROM generate_series(1, 100)`;

beforeAll(async () => {
  await server.connect();
  await server.query(`CREATE DATABASE ${NAME}`);
  await migrate(url.href);
});
afterAll(async () => {
  await server.query(`DROP DATABASE ${NAME} WITH (FORCE)`);
  await server.end();
});

describe("the database commands", { timeout: 120_000 }, () => {
  it("frees dead rows and refreshes the planner statistics with db:optimize", async () => {
    await query(INSERT_RECORDS);
    await query("DELETE FROM consultas_ia");
    await query(INSERT_RECORDS);
    const { status, output } = run("optimize");
    expect({ status, output }).toMatchObject({
      status: 0,
      output: expect.stringContaining("Historial optimizado") as unknown,
    });
    const [statistics] = await query<{ rows: number }>(
      "SELECT sum(reltuples)::int AS rows FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'consultas_ia'::regclass AND reltuples > 0",
    );
    expect(statistics).toEqual({ rows: 100 });
  });

  it("deletes every row and keeps the database usable with db:reset, only after --si", async () => {
    await query(INSERT_RECORDS);
    expect(run("reset").status).toBe(1);
    expect((await query("SELECT FROM consultas_ia")).length).toBeGreaterThan(0);
    expect(run("reset", "--si")).toMatchObject({ status: 0 });
    expect(await query("SELECT FROM consultas_ia")).toEqual([]);
    await query(INSERT_RECORDS);
  });
});
