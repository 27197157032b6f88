import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  inject,
  it,
  vi,
} from "vitest";
import { Client } from "pg";
import { z } from "zod";
import journal from "../../migrations/meta/_journal.json" with { type: "json" };
import { buildSchema, dropSchema } from "../../scripts/lib/schema.ts";
import { backupDatabase } from "../../scripts/backups/backup-database.ts";
import { createFolderStorage, readManifestFile } from "../../scripts/backups/backup-folder.ts";
import { runCommand } from "../../scripts/backups/run-command.ts";
import type { OpenBackup } from "../../scripts/backups/open-backup.ts";
import { restoreDatabase } from "../../scripts/backups/restore-database.ts";
import { partsOf, readManifest, writeManifest } from "../../src/backups/manifest.ts";
import { makeDatabase, type OwnDatabase } from "../support/test-database.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/backups.ts");
const UNREACHABLE = { url: "postgres://nadie:nada@127.0.0.1:1/ninguna" };
const API_KEY = "clave-de-prueba-larga";
const KEY = btoa("7".repeat(32));
const folder = mkdtempSync(join(tmpdir(), "asistente-copias-"));
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let source: OwnDatabase;
let target: OwnDatabase;
const makeDatabases = async (): Promise<void> => {
  const make = (): Promise<OwnDatabase> => makeDatabase(inject("postgresUrl"));
  [source, target] = await Promise.all([make(), make()]);
};
const removeDatabases = async (): Promise<void> => {
  await Promise.all([source.remove(), target.remove()]);
};
afterAll(() => rmSync(folder, { recursive: true }));

type CompletedBackup = OpenBackup & { folder: string };

async function backUp(
  database: OwnDatabase,
  backupKey: string | null = null,
): Promise<CompletedBackup> {
  const { folder: made } = await backupDatabase(database.url, folder, backupKey);
  const manifest = readManifest(await readManifestFile(made), backupKey);
  return { manifest, storage: createFolderStorage(made), backupKey, folder: made };
}

const restore = (
  backup: OpenBackup,
  erasures: Parameters<typeof restoreDatabase>[2]["erasures"] = [],
) => restoreDatabase(target.url, backup, { erasures, replace: false });

/** Runs `npm run backup`, `restore` or `restore:drill` on a database, with these settings. */
async function run(
  command: string[],
  { url }: Pick<OwnDatabase, "url"> = target,
  settings: Record<string, string> = {},
): Promise<{ status: number; output: string }> {
  const environment = { DATABASE_URL: url, BACKUP_KEY: "", ...settings };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const printed: unknown[] = [];
  const spies = (["log", "error"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((line) => void printed.push(line)),
  );
  try {
    return { status: await runCommand(command), output: printed.join("\n") };
  } finally {
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

const COLUMNS = `cliente, chat_id, solicitud_id, tipo_tarea, texto_original, resultado, datos, opciones, idioma, estado,
  codigo_error, cache, clave_cache, motor, modelo, prompt_version, intentos, tokens_entrada, coste_usd, fecha`;

const EDGE_CASE_ROWS = String.raw`
  INSERT INTO consultas_ia (${COLUMNS})
  SELECT 'principal', chat, gen_random_uuid(), 'resumir', texto, resultado, datos::jsonb, '{}', idioma, 'completada', NULL,
    'miss', 'k', 'modelo', NULL, 1, 1, NULL, coste, fecha::timestamptz
  FROM (VALUES
    (-9007199254740991, '', '', NULL, NULL, 0.1::float8, '2026-01-31 23:59:59.999999+00'),
    (9007199254740991, E'\\ " \t \r\n \u0001 \u007f \u2028 \ufeff', E'línea\nlínea', 'null', '', 1e-300, '2026-02-01 00:00:00+00'),
    (1, '😀 👨‍👩‍👧‍👦 العربية 日本', repeat('ñ', 1000000), '{"a": [1.0, 12345678901234567890.123456789, null]}', 'es', 'NaN', '2024-02-29 12:00:00.1+00'),
    (2, '\N', '\\.', '"texto"', 'NULL', 'Infinity', '1999-12-31 23:59:59+00'),
    (3, '["no", null]', '{}', '[]', NULL, -0.0, '2150-06-01 00:00:00+00')
  ) AS filas (chat, texto, resultado, datos, idioma, coste, fecha)`;

/** Inserts rows of two chats, one every ten minutes until now. */
const insertRows = (count: number): string => `
  INSERT INTO consultas_ia (${COLUMNS})
  SELECT 'principal', n % 2, gen_random_uuid(), 'resumir', 'Texto ' || n || ' ' || md5(n::text), 'Resultado ' || n, NULL, '{}',
    'es', 'completada', NULL, 'miss', md5(n::text), 'local', NULL, 1, 1, NULL, 0, now() - n * interval '10 minutes'
  FROM generate_series(1, ${count}) AS n`;

async function downgrade(url: string, newest: string): Promise<void> {
  const when = journal.entries.find(({ tag }) => tag === newest)?.when ?? Number.NaN;
  const client = new Client({ connectionString: url });
  await client.connect();
  await dropSchema(client);
  await buildSchema(client, when);
  await client.end();
}

const SCHEMA = "SELECT max(created_at)::text, count(*) FROM drizzle.__drizzle_migrations";

/** Every row with its partition, the value of every sequence, and the schema version. */
const EVERYTHING = `
  SELECT tableoid::regclass::text AS place, c::text AS row FROM consultas_ia AS c
  UNION ALL SELECT 'borrados', b::text FROM borrados AS b
  UNION ALL SELECT sequencename, last_value::text FROM pg_sequences WHERE schemaname = 'public'
  UNION ALL SELECT 'schema', max(created_at)::text FROM drizzle.__drizzle_migrations
  ORDER BY 1, 2`;

/** Lists the databases of restore drills. Only this file runs drills. */
const listDrillDatabases = async (): Promise<string[]> =>
  z
    .array(z.object({ datname: z.string() }))
    .parse(
      await source.query(
        "SELECT datname FROM pg_database WHERE starts_with(datname, 'simulacro_') ORDER BY 1",
      ),
    )
    .map(({ datname }) => datname);

describe("backing up and restoring", () => {
  beforeEach(makeDatabases);
  afterEach(removeDatabases);

  it.for([
    ["unencrypted", null],
    ["encrypted", KEY],
  ] as const)(
    "restores every row exactly, in its partition, and every sequence, from a backup that is %s",
    async ([, key]) => {
      await source.query(EDGE_CASE_ROWS);
      await source.query("INSERT INTO borrados VALUES ('otro', -5, '2026-01-01 00:00:00.001+00')");
      const restored = await restore(await backUp(source, key));
      expect(restored).toMatchObject({ tables: { consultas_ia: 5, borrados: 1 }, erased: 0 });
      expect(await target.query(EVERYTHING)).toEqual(await source.query(EVERYTHING));
    },
  );

  it("restores subscriptions with their reports and deliveries, except those of an erased chat", async () => {
    await source.query(`
      INSERT INTO suscripciones SELECT 'principal', n, true, 'Europe/Madrid', NULL, NULL, NULL, now(), now(), now() FROM generate_series(1, 2) AS n;
      INSERT INTO reportes (cliente, chat_id, semana, cifras, creado) SELECT 'principal', chat_id, '2026-11-16', '{"total": 1}', now() FROM suscripciones;
      INSERT INTO entregas SELECT id, 'webhook', 'https://n8n.test/', 'pendiente', 0, now(), NULL FROM reportes`);
    const backup = await backUp(source);
    await restore(backup);
    const all = `SELECT r::text, e::text, s::text FROM suscripciones AS s
      JOIN reportes AS r USING (cliente, chat_id) JOIN entregas AS e ON e.reporte_id = r.id ORDER BY 1`;
    expect(await target.query(all)).toHaveLength(2);
    expect(await target.query(all)).toEqual(await source.query(all));
    expect(await target.query(EVERYTHING)).toEqual(await source.query(EVERYTHING));

    const erasures = [{ client: "principal", chatId: 1, untilMs: Date.now() }];
    const again = await restoreDatabase(target.url, backup, { erasures, replace: true });
    expect(again.tables).toMatchObject({ suscripciones: 1, reportes: 1, entregas: 1 });
  });

  it("restores a backup without rows", async () => {
    expect(await restore(await backUp(source))).toMatchObject({ tables: { consultas_ia: 0 } });
    expect(await target.query(EVERYTHING)).toEqual(await source.query(EVERYTHING));
  });

  it("creates the partition of every month in the backup", async () => {
    await source.query("SELECT crear_particion_consultas_ia('2019-03-01')");
    await source.query(EDGE_CASE_ROWS.replace("1999-12-31 23:59:59", "2019-03-31 23:59:59"));
    await restore(await backUp(source));
    expect(await target.query(EVERYTHING)).toEqual(await source.query(EVERYTHING));
    expect(JSON.stringify(await target.query(EVERYTHING))).toContain("consultas_ia_2019_03");
  });

  it("leaves out the rows of chats erased later, listed by the service or by the target database", async () => {
    await source.query(insertRows(10));
    const backup = await backUp(source);
    const untilMs = Date.now() - 35 * 60_000;
    const restored = await restore(backup, [{ client: "principal", chatId: 0, untilMs }]);
    // Four of the five rows of chat 0 are older than the erasure.
    expect(restored).toMatchObject({ tables: { consultas_ia: 6, borrados: 1 }, erased: 4 });

    await target.query("INSERT INTO borrados VALUES ('principal', 1, now()), ('ajeno', 1, now())");
    const again = await restoreDatabase(target.url, backup, { erasures: [], replace: true });
    expect(again).toMatchObject({ tables: { consultas_ia: 1, borrados: 3 }, erased: 9 });
  });

  it("never reuses an id that the replaced database assigned", async () => {
    await source.query(insertRows(10));
    await target.query("SELECT setval('consultas_ia_id_seq', 1000)");
    await restore(await backUp(source));
    await target.query(insertRows(1));
    expect(await target.query("SELECT max(id)::int AS id FROM consultas_ia")).toEqual([
      { id: 1001 },
    ]);
  });

  it("migrates a backup of an older schema to the newest one", async () => {
    // The schema before the table of erased chats existed.
    await downgrade(source.url, "0001_busqueda");
    await source.query(insertRows(10));
    const backup = await backUp(source);
    expect(backup.manifest).toMatchObject({ schema: { migration: "0001_busqueda" } });
    expect(backup.manifest.tables.map(({ name }) => name)).toEqual(["consultas_ia"]);
    expect(await restore(backup)).toMatchObject({ tables: { consultas_ia: 10 } });
    expect(await target.query("SELECT c::text FROM consultas_ia AS c ORDER BY id")).toEqual(
      await source.query("SELECT c::text FROM consultas_ia AS c ORDER BY id"),
    );
    const fresh = await makeDatabase(inject("postgresUrl"));
    expect(await target.query(SCHEMA)).toEqual(await fresh.query(SCHEMA));
    expect(await target.query("SELECT retener_consultas_ia(NULL, '{}', 10) AS rows")).toEqual([
      { rows: 0 },
    ]);
    await fresh.remove();
  });
});

describe("a large backup", () => {
  // Too little to hold all lines, which are about 70 MB, and the copies made of them.
  const SMALL_HEAP = "--max-old-space-size=96";
  const LARGE_ROWS = 40;
  const WAIT = { interval: 5, timeout: 30_000 };
  let from: string;
  beforeAll(async () => {
    await makeDatabases();
    await source.query(insertRows(100_000));
    await source.query(insertRows(LARGE_ROWS).replace("'Texto ' || n", "repeat('x', 1000000)"));
    await target.query(insertRows(3));
    from = (await backUp(source, KEY)).folder;
  }, 180_000);
  afterAll(removeDatabases);

  /** Runs a backup command in another process, so that a test can kill it. */
  function startCommand(command: string[], { url }: OwnDatabase, flags: string[] = []) {
    const child = spawn(process.execPath, [...flags, SCRIPT, ...command], {
      env: { ...process.env, DATABASE_URL: url, BACKUP_KEY: KEY },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    return { child, stderr: () => stderr, exit: once(child, "exit") };
  }

  /**
   * Starts a command and sends it the signal while a statement runs. `where`: LIKE pattern of the database name.
   * `statement`: beginning of the statement.
   */
  async function interrupt(
    command: string[],
    database: OwnDatabase,
    signal: NodeJS.Signals,
    [where, statement]: [where: string, statement: string],
  ): Promise<{ stderr: string; exit: unknown[] }> {
    const activity = `SELECT 1 FROM pg_stat_activity WHERE datname LIKE '${where}' AND ltrim(query, E' \\n') LIKE '${statement}%'`;
    const isActive = async (): Promise<boolean> => (await source.query(activity)).length > 0;
    // The server finishes the statement of a killed client first.
    await vi.waitUntil(async () => !(await isActive()), WAIT);
    const { child, stderr, exit } = startCommand(command, database);
    await vi.waitUntil(async () => child.exitCode !== null || (await isActive()), WAIT);
    child.kill(signal);
    return { exit: await exit, stderr: stderr() };
  }

  const INSERT = 'INSERT INTO "consultas_ia"';
  const databaseName = ({ url }: OwnDatabase): string => new URL(url).pathname.slice(1);

  it.for([
    ["SIGKILL", [null, "SIGKILL"], ""],
    ["SIGINT", [130, null], "Interrumpido"],
  ] as const)("changes nothing when %s interrupts the restore", async ([signal, exit, message]) => {
    const before = await target.query(EVERYTHING);
    const command = ["restore", "--from", from, "--a-no-vacia"];
    const interrupted = await interrupt(command, target, signal, [databaseName(target), INSERT]);
    expect(interrupted.exit).toEqual(exit);
    expect(interrupted.stderr).toContain(message);
    expect(await target.query(EVERYTHING)).toEqual(before);
  });

  it("leaves no files when the backup is interrupted", async () => {
    const to = mkdtempSync(join(folder, "cortada-"));
    const interrupted = await interrupt(["backup", "--to", to], source, "SIGINT", [
      databaseName(source),
      "SELECT _line",
    ]);
    expect(interrupted).toMatchObject({
      exit: [130, null],
      stderr: expect.stringContaining("Interrumpido") as string,
    });
    expect(readdirSync(to)).toEqual([]);
  });

  it("drops the databases of an interrupted drill and of an earlier drill that was killed", async () => {
    const databases = await listDrillDatabases();
    const drill = ["drill", "--from", from];
    const statement: [string, string] = ["simulacro%", INSERT];
    await interrupt(drill, source, "SIGKILL", statement);
    expect(await listDrillDatabases()).toHaveLength(databases.length + 1);
    expect(await interrupt(drill, source, "SIGINT", statement)).toMatchObject({
      exit: [130, null],
    });
    expect(await listDrillDatabases()).toEqual(databases);
  });

  it("restores every row with a small heap", { timeout: 180_000 }, async () => {
    const restoring = startCommand(["restore", "--from", from, "--a-no-vacia"], target, [
      SMALL_HEAP,
    ]);
    expect({ exit: await restoring.exit, stderr: restoring.stderr() }).toEqual({
      exit: [0, null],
      stderr: "",
    });
    const digest =
      "SELECT count(*), sum(hashtextextended(c::text, 0)) AS sum FROM consultas_ia AS c";
    expect(await target.query(digest)).toEqual(await source.query(digest));
  });
});

describe("npm run restore", () => {
  beforeEach(makeDatabases);
  afterEach(removeDatabases);

  it("refuses a database that is not empty, and names the option that replaces its rows", async () => {
    await source.query(insertRows(5));
    await target.query(insertRows(3));
    const before = await target.query(EVERYTHING);
    const { folder: from } = await backUp(source);
    const refused = await run(["restore", "--from", from]);
    expect(refused.status).toBe(1);
    expect(refused.output).toContain("La base de datos no está vacía: tiene 3 filas");
    expect(refused.output).toContain("--a-no-vacia");
    expect(await target.query(EVERYTHING)).toEqual(before);

    const done = await run(["restore", "--from", from, "--force"]);
    expect(done).toMatchObject({ status: 0 });
    expect(done.output).toContain("consultas_ia: 5 filas");
    expect(await target.query("SELECT count(*)::int AS n FROM consultas_ia")).toEqual([{ n: 5 }]);
  });

  it("creates the database when it does not exist", async () => {
    await source.query(insertRows(5));
    const { folder: from } = await backUp(source);
    await target.remove();
    expect(await run(["restore", "--from", from])).toMatchObject({ status: 0 });
    expect(await target.query("SELECT count(*)::int AS n FROM consultas_ia")).toEqual([{ n: 5 }]);
  });

  it("restores the newest backup of a folder, or the backup of a given manifest", async () => {
    const backups = mkdtempSync(join(folder, "varias-"));
    for (const rows of [1, 2]) {
      await source.query(insertRows(rows));
      expect(await run(["backup", "--to", backups], source)).toMatchObject({ status: 0 });
    }
    expect(readdirSync(backups)).toHaveLength(2);
    expect((await run(["restore", "--from", backups])).output).toContain("consultas_ia: 3 filas");
    const first = join(backups, readdirSync(backups).toSorted()[0] ?? "", "manifiesto.json");
    expect((await run(["restore", "--from", first, "--force"])).output).toContain(
      "consultas_ia: 1 filas",
    );
  });

  it("fails when the target is not a folder, and when the database has no history table", async () => {
    const inFile = await run(["backup", "--to", SCRIPT], source);
    expect(inFile).toMatchObject({
      status: 1,
      output: expect.stringContaining("Elige otra") as string,
    });
    await source.query("DROP TABLE consultas_ia");
    const empty = mkdtempSync(join(folder, "sin-historial-"));
    const { status, output } = await run(["backup", "--to", empty], source);
    expect(output).toContain("no tiene la tabla consultas_ia");
    expect(status).toBe(1);
    expect(readdirSync(empty)).toEqual([]);
  });

  it("backs up and drills a database of an older schema without migrating it", async () => {
    await downgrade(source.url, "0001_busqueda");
    await source.query(insertRows(10));
    const before = await source.query(SCHEMA);
    const backups = mkdtempSync(join(folder, "antigua-"));
    expect(await run(["backup", "--to", backups], source)).toMatchObject({ status: 0 });
    const { output } = await run(["drill", "--from", backups], source);
    expect(output).toContain("los 10 registros son iguales");
    expect(await source.query(SCHEMA)).toEqual(before);
  });

  it("deletes rows older than the retention after a restore", async () => {
    await source.query(insertRows(1_000));
    const { folder: from } = await backUp(source);
    const { output } = await run(["restore", "--from", from], target, { RETENCION_DIAS: "3" });
    expect(output).toContain("Olvidados por antiguos");
    const left = await target.query(
      "SELECT count(*)::int AS n FROM consultas_ia WHERE fecha < now() - interval '3 days 1 minute'",
    );
    expect(left).toEqual([{ n: 0 }]);
  });

  it("writes the flows of n8n to the given folder", async () => {
    const { folder: from } = await backUp(source);
    const flows = join(folder, "flujos");
    const { output } = await run(["restore", "--from", from, "--flujos", flows]);
    expect(output).toContain("0 flujos de n8n");
  });

  it("restores only the flows with --solo-flujos, without a database", async () => {
    const { folder: from } = await backUp(source);
    const unreachable = { ...target, url: "postgres://nadie:x@127.0.0.1:1/nada" };
    const args = ["restore", "--from", from, "--solo-flujos"];
    const { status, output } = await run(
      [...args, "--flujos", join(folder, "flujos")],
      unreachable,
    );
    expect(output).toContain("0 flujos de n8n");
    expect(status).toBe(0);
    const incomplete = await run(args, unreachable);
    expect(incomplete.output).toContain("Falta la carpeta: --flujos");
    expect(incomplete.status).toBe(1);
  });

  it("reports a missing, wrong or invalid BACKUP_KEY", async () => {
    await source.query(insertRows(5));
    const { folder: from } = await backUp(source, KEY);
    expect((await run(["restore", "--from", from])).output).toContain("Pon en BACKUP_KEY");
    const other = { BACKUP_KEY: btoa("8".repeat(32)) };
    expect((await run(["restore", "--from", from], target, other)).output).toContain(
      "BACKUP_KEY no es la clave de esta copia",
    );
    expect(
      (await run(["restore", "--from", from], target, { BACKUP_KEY: "corta" })).output,
    ).toContain("BACKUP_KEY debe ser 32 bytes");
    expect(await run(["restore", "--from", from], target, { BACKUP_KEY: KEY })).toMatchObject({
      status: 0,
    });
  });

  it("asks for a newer version of the program when the schema of the backup is newer", async () => {
    const { folder: from, manifest } = await backUp(source);
    const schema = { migration: "9999_futuro", journalMs: 9_999_999_999_999 };
    const newer = { ...manifest, schema };
    writeFileSync(join(from, "manifiesto.json"), writeManifest(newer, null));
    const { status, output } = await run(["restore", "--from", from]);
    expect({ status, output }).toMatchObject({
      status: 1,
      output: expect.stringContaining(
        "es de una versión más nueva. Actualiza el programa",
      ) as string,
    });
  });
});

describe("restoring a damaged backup", () => {
  let intact: CompletedBackup;
  beforeAll(async () => {
    await makeDatabases();
    await source.query(insertRows(5));
    await source.query("INSERT INTO borrados VALUES ('otro', 1, now())");
    await target.query(insertRows(2));
    intact = await backUp(source);
  });
  afterAll(removeDatabases);

  type Damage = (part: string, bytes: Buffer, backup: CompletedBackup) => void;
  const DAMAGES: [name: string, damage: Damage, message: string | RegExp][] = [
    ["a part is missing", (part) => rmSync(part), /Falta la parte \S+/],
    [
      "a part is truncated",
      (part, bytes) => writeFileSync(part, bytes.subarray(0, -9)),
      "está dañada",
    ],
    ["a part is empty", (part) => writeFileSync(part, ""), "está dañada"],
    [
      "one bit of a part changed",
      (part, bytes) => {
        bytes[60] = (bytes[60] ?? 0) ^ 1;
        writeFileSync(part, bytes);
      },
      "está dañada",
    ],
    [
      "a part is the file of another table",
      (part, _, { folder: made }) => {
        const other =
          readdirSync(made)
            .filter((name) => name.includes(".borrados."))
            .at(0) ?? "";
        cpSync(join(made, other), part);
      },
      "está dañada",
    ],
    [
      "the manifest was changed",
      (_, __, { folder: made }) => {
        const file = join(made, "manifiesto.json");
        writeFileSync(file, readFileSync(file, "utf8").replace('"filas":5', '"filas":4'));
      },
      "su sello no es el suyo",
    ],
    [
      "the manifest is missing",
      (_, __, { folder: made }) => rmSync(join(made, "manifiesto.json")),
      "No hay ninguna copia",
    ],
  ];

  it.for(DAMAGES)("changes nothing when %s", async ([, damage, message]) => {
    const backup = { ...intact, folder: mkdtempSync(join(folder, "dañada-")) };
    cpSync(intact.folder, backup.folder, { recursive: true });
    const before = await target.query(EVERYTHING);
    const [part] = partsOf(backup.manifest);
    const file = join(backup.folder, part?.name ?? "");
    damage(file, readFileSync(file), backup);
    const { status, output } = await run(["restore", "--from", backup.folder, "--a-no-vacia"]);
    expect(output).toMatch(message);
    expect(status).toBe(1);
    expect(await target.query(EVERYTHING)).toEqual(before);
  });
});

describe("a command with invalid arguments or an unreachable server", () => {
  it.for([
    [["restore", "--from", "latest"], "No hay ningún servicio en marcha"],
    [["restore", "--from", "/no/existe"], "No hay ninguna copia en /no/existe: no existe"],
    [["restore", "--from", SCRIPT], "falta su manifiesto.json"],
    [["restore", "latest"], "No se entiende «latest»"],
    [["restore", "--desde", "x"], "No se entiende «--desde»"],
    [["restore", "--url", "http://127.0.0.1:1"], "El servicio no responde"],
    [["restore", "--url", "respaldos"], "--url debe ser una dirección"],
    [["backup"], "Falta la carpeta"],
    [["backup", "--to"], "No se entiende «--to»"],
    [["backup", "--to", folder], "No se puede llegar a la base de datos"],
  ] as const)("fails with %j and prints «%s»", async ([command, message]) => {
    const { status, output } = await run([...command], UNREACHABLE, { API_KEY });
    expect(output).toContain(message);
    expect(status).toBe(1);
  });
});

describe("npm run restore --url", () => {
  const [old, newest] = ["20261124T020000123Z", "20261125T020000123Z"];
  const backupEntry = (id: string, filas: number): object => ({
    ...{ id, filas, creada: "2026-11-25T02:00:00.123Z", bytes: 1, version: "1", migracion: "0" },
    ...{ cifrada: false, buena: true, verificada: null },
  });
  const respaldos = [backupEntry(newest, 2), backupEntry(old, 100)];

  it.for<[response: string, status: number, answer: string, message: string]>([
    [
      "a list whose newest backup lost most rows",
      200,
      JSON.stringify({ success: true, respaldos }),
      `--from ${old}`,
    ],
    [
      "an empty list",
      200,
      JSON.stringify({ success: true, respaldos: [] }),
      "no tiene ninguna copia",
    ],
    ["a page of another service", 200, "<html>", "no es este servicio"],
    ["401", 401, "{}", "no acepta la clave de API_KEY"],
    ["500", 500, "<html>", "respondió 500"],
    ["a problem of the service", 503, '{"mensaje": "Faltan copias."}', "Faltan copias."],
  ])(
    "fails and explains the response when the service returns %s",
    async ([, status, answer, message]) => {
      const server = createServer((_, response) => response.writeHead(status).end(answer));
      await once(server.listen(0, "127.0.0.1"), "listening");
      try {
        const { port } = server.address() as AddressInfo;
        const url = `http://127.0.0.1:${port}`;
        const result = await run(["restore", "--url", url], UNREACHABLE, { API_KEY });
        expect(result.output).toContain(message);
        expect(result.status).toBe(1);
      } finally {
        server.close();
      }
    },
  );
});

describe("npm run restore:drill", () => {
  beforeEach(makeDatabases);
  afterEach(removeDatabases);

  it("restores into a temporary database, compares it with the live one, and drops it", async () => {
    await source.query(insertRows(50));
    const { folder: from } = await backUp(source);
    // Rows added and rows erased after the backup are no difference.
    await source.query(insertRows(3));
    await source.query(
      "DELETE FROM consultas_ia WHERE chat_id = 0; INSERT INTO borrados VALUES ('principal', 0, now())",
    );
    const [before, databases] = [await source.query(EVERYTHING), await listDrillDatabases()];
    const { status, output } = await run(["drill", "--from", from], source);
    expect(output).toContain("✓ Simulacro: los 25 registros son iguales, uno por uno.");
    expect(status).toBe(0);
    expect(await source.query(EVERYTHING)).toEqual(before);
    expect(await listDrillDatabases()).toEqual(databases);
  });

  it("fails when a row of the live database differs from the backup", async () => {
    await source.query(insertRows(50));
    const { folder: from } = await backUp(source);
    await source.query("UPDATE consultas_ia SET resultado = 'otro' WHERE id = 7");
    const databases = await listDrillDatabases();
    const { status, output } = await run(["drill", "--from", from], source);
    expect(output).toContain("no es igual que la base de datos");
    expect(status).toBe(1);
    expect(await listDrillDatabases()).toEqual(databases);
  });
});
