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
import { runCommand } from "../../scripts/backups/commands.ts";
import type { OpenBackup } from "../../scripts/backups/open-backup.ts";
import { restoreDatabase } from "../../scripts/backups/restore-database.ts";
import { partsOf, readManifest, writeManifest } from "../../src/backups/manifest.ts";
import { makeDatabase, type OwnDatabase } from "../support/test-database.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/backups.ts");
const NOWHERE = { url: "postgres://nadie:nada@127.0.0.1:1/ninguna" };
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

type Made = OpenBackup & { folder: string };

async function backUp(database: OwnDatabase, backupKey: string | null = null): Promise<Made> {
  const { folder: made } = await backupDatabase(database.url, folder, backupKey);
  const manifest = readManifest(await readManifestFile(made), backupKey);
  return { manifest, storage: createFolderStorage(made), backupKey, folder: made };
}

const restore = (
  backup: OpenBackup,
  erasures: Parameters<typeof restoreDatabase>[2]["erasures"] = [],
) => restoreDatabase(target.url, backup, { erasures, replace: false });

/** `npm run backup`, `restore` or `restore:drill`, on a database, with these settings. */
async function run(
  command: string[],
  { url }: Pick<OwnDatabase, "url"> = target,
  settings: Record<string, string> = {},
): Promise<{ status: number; output: string }> {
  const given = { DATABASE_URL: url, BACKUP_KEY: "", ...settings };
  for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value);
  const printed: unknown[] = [];
  const spies = (["log", "error"] as const).map((way) =>
    vi.spyOn(console, way).mockImplementation((line) => void printed.push(line)),
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

const NASTY = String.raw`
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

/** Rows of two chats, one every ten minutes up to now. */
const rowsOf = (count: number): string => `
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

/** Every row, in its partition, and what is given out next. */
const EVERYTHING = `
  SELECT tableoid::regclass::text AS place, c::text AS row FROM consultas_ia AS c
  UNION ALL SELECT 'borrados', b::text FROM borrados AS b
  UNION ALL SELECT sequencename, last_value::text FROM pg_sequences WHERE schemaname = 'public'
  UNION ALL SELECT 'schema', max(created_at)::text FROM drizzle.__drizzle_migrations
  ORDER BY 1, 2`;

/** Those of drills: nothing else makes any, while other suites make and drop theirs. */
const drills = async (): Promise<string[]> =>
  z
    .array(z.object({ datname: z.string() }))
    .parse(
      await source.query(
        "SELECT datname FROM pg_database WHERE starts_with(datname, 'simulacro_') ORDER BY 1",
      ),
    )
    .map(({ datname }) => datname);

describe("a backup that is restored", () => {
  beforeEach(makeDatabases);
  afterEach(removeDatabases);

  it.for([
    ["plain", null],
    ["encrypted", KEY],
  ] as const)(
    "has every row to the last bit, in its month, and numbers that go on: %s",
    async ([, key]) => {
      await source.query(NASTY);
      await source.query("INSERT INTO borrados VALUES ('otro', -5, '2026-01-01 00:00:00.001+00')");
      const restored = await restore(await backUp(source, key));
      expect(restored).toMatchObject({ tables: { consultas_ia: 5, borrados: 1 }, erased: 0 });
      expect(await target.query(EVERYTHING)).toEqual(await source.query(EVERYTHING));
    },
  );

  it("has subscriptions, reports and deliveries, which refer to each other, and forgets those of an erased chat", async () => {
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

  it("may be empty", async () => {
    expect(await restore(await backUp(source))).toMatchObject({ tables: { consultas_ia: 0 } });
    expect(await target.query(EVERYTHING)).toEqual(await source.query(EVERYTHING));
  });

  it("makes the partitions that its months need", async () => {
    await source.query("SELECT crear_particion_consultas_ia('2019-03-01')");
    await source.query(NASTY.replace("1999-12-31 23:59:59", "2019-03-31 23:59:59"));
    await restore(await backUp(source));
    expect(await target.query(EVERYTHING)).toEqual(await source.query(EVERYTHING));
    expect(JSON.stringify(await target.query(EVERYTHING))).toContain("consultas_ia_2019_03");
  });

  it("does not bring back what was erased since: by its own list, the clock's or the database's", async () => {
    await source.query(rowsOf(10));
    const backup = await backUp(source);
    const untilMs = Date.now() - 35 * 60_000;
    const restored = await restore(backup, [{ client: "principal", chatId: 0, untilMs }]);
    // Of the five of chat 0, those that are older than that moment.
    expect(restored).toMatchObject({ tables: { consultas_ia: 6, borrados: 1 }, erased: 4 });

    await target.query("INSERT INTO borrados VALUES ('principal', 1, now()), ('ajeno', 1, now())");
    const again = await restoreDatabase(target.url, backup, { erasures: [], replace: true });
    expect(again).toMatchObject({ tables: { consultas_ia: 1, borrados: 3 }, erased: 9 });
  });

  it("gives no number again that was given before it, by the database that it takes the place of", async () => {
    await source.query(rowsOf(10));
    await target.query("SELECT setval('consultas_ia_id_seq', 1000)");
    await restore(await backUp(source));
    await target.query(rowsOf(1));
    expect(await target.query("SELECT max(id)::int AS id FROM consultas_ia")).toEqual([
      { id: 1001 },
    ]);
  });

  it("of an older schema is brought to the newest", async () => {
    // As it was before there was a table of erased chats.
    await downgrade(source.url, "0001_busqueda");
    await source.query(rowsOf(10));
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
  // Too little for all of its lines, which are some 70 MB, and what becomes of them.
  const LITTLE_MEMORY = "--max-old-space-size=96";
  const LONG = 40;
  const WAIT = { interval: 5, timeout: 30_000 };
  let from: string;
  beforeAll(async () => {
    await makeDatabases();
    await source.query(rowsOf(100_000));
    await source.query(rowsOf(LONG).replace("'Texto ' || n", "repeat('x', 1000000)"));
    await target.query(rowsOf(3));
    from = (await backUp(source, KEY)).folder;
  }, 180_000);
  afterAll(removeDatabases);

  /** A process of its own, which a test can end. */
  function begin(command: string[], { url }: OwnDatabase, flags: string[] = []) {
    const child = spawn(process.execPath, [...flags, SCRIPT, ...command], {
      env: { ...process.env, DATABASE_URL: url, BACKUP_KEY: KEY },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    return { child, said: () => said, ended: once(child, "exit") };
  }

  /** Begins and is ended in the middle: while a statement like this runs in a database of that name. */
  async function cutOff(
    command: string[],
    database: OwnDatabase,
    signal: NodeJS.Signals,
    [where, statement]: [where: string, statement: string],
  ): Promise<{ said: string; end: unknown[] }> {
    const activity = `SELECT 1 FROM pg_stat_activity WHERE datname LIKE '${where}' AND ltrim(query, E' \\n') LIKE '${statement}%'`;
    const isActive = async (): Promise<boolean> => (await source.query(activity)).length > 0;
    // The server finishes a statement whose client was killed.
    await vi.waitUntil(async () => !(await isActive()), WAIT);
    const { child, said, ended } = begin(command, database);
    await vi.waitUntil(async () => child.exitCode !== null || (await isActive()), WAIT);
    child.kill(signal);
    return { end: await ended, said: said() };
  }

  const INSERT = 'INSERT INTO "consultas_ia"';
  const nameOf = ({ url }: OwnDatabase): string => new URL(url).pathname.slice(1);

  it.for([
    ["SIGKILL", [null, "SIGKILL"], ""],
    ["SIGINT", [130, null], "Interrumpido"],
  ] as const)(
    "changes nothing when its restoration ends in the middle: %s",
    async ([signal, end, says]) => {
      const before = await target.query(EVERYTHING);
      const command = ["restore", "--from", from, "--a-no-vacia"];
      const cut = await cutOff(command, target, signal, [nameOf(target), INSERT]);
      expect(cut.end).toEqual(end);
      expect(cut.said).toContain(says);
      expect(await target.query(EVERYTHING)).toEqual(before);
    },
  );

  it("leaves nothing of a copy that was interrupted", async () => {
    const to = mkdtempSync(join(folder, "cortada-"));
    const cut = await cutOff(["backup", "--to", to], source, "SIGINT", [
      nameOf(source),
      "SELECT _line",
    ]);
    expect(cut).toMatchObject({
      end: [130, null],
      said: expect.stringContaining("Interrumpido") as string,
    });
    expect(readdirSync(to)).toEqual([]);
  });

  it("leaves nothing of a drill that was interrupted, nor of an earlier one that was killed", async () => {
    const names = await drills();
    const drilled = ["drill", "--from", from];
    const beside: [string, string] = ["simulacro%", INSERT];
    await cutOff(drilled, source, "SIGKILL", beside);
    expect(await drills()).toHaveLength(names.length + 1);
    expect(await cutOff(drilled, source, "SIGINT", beside)).toMatchObject({ end: [130, null] });
    expect(await drills()).toEqual(names);
  });

  it("is restored as it was, row by row, in little memory", { timeout: 180_000 }, async () => {
    const restored = begin(["restore", "--from", from, "--a-no-vacia"], target, [LITTLE_MEMORY]);
    expect({ end: await restored.ended, said: restored.said() }).toEqual({
      end: [0, null],
      said: "",
    });
    const digest =
      "SELECT count(*), sum(hashtextextended(c::text, 0)) AS sum FROM consultas_ia AS c";
    expect(await target.query(digest)).toEqual(await source.query(digest));
  });
});

describe("npm run restore", () => {
  beforeEach(makeDatabases);
  afterEach(removeDatabases);

  it("refuses a database that is not empty, and says how to insist", async () => {
    await source.query(rowsOf(5));
    await target.query(rowsOf(3));
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

  it("makes a database that is gone altogether", async () => {
    await source.query(rowsOf(5));
    const { folder: from } = await backUp(source);
    await target.remove();
    expect(await run(["restore", "--from", from])).toMatchObject({ status: 0 });
    expect(await target.query("SELECT count(*)::int AS n FROM consultas_ia")).toEqual([{ n: 5 }]);
  });

  it("takes the newest backup of a folder of them, and a manifest's own path", async () => {
    const some = mkdtempSync(join(folder, "varias-"));
    for (const rows of [1, 2]) {
      await source.query(rowsOf(rows));
      expect(await run(["backup", "--to", some], source)).toMatchObject({ status: 0 });
    }
    expect(readdirSync(some)).toHaveLength(2);
    expect((await run(["restore", "--from", some])).output).toContain("consultas_ia: 3 filas");
    const first = join(some, readdirSync(some).toSorted()[0] ?? "", "manifiesto.json");
    expect((await run(["restore", "--from", first, "--force"])).output).toContain(
      "consultas_ia: 1 filas",
    );
  });

  it("cannot be made where there is no folder, or of a database that has no history", async () => {
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

  it("is of the schema as it is, and is compared with it: neither changes anything", async () => {
    await downgrade(source.url, "0001_busqueda");
    await source.query(rowsOf(10));
    const before = await source.query(SCHEMA);
    const some = mkdtempSync(join(folder, "antigua-"));
    expect(await run(["backup", "--to", some], source)).toMatchObject({ status: 0 });
    const { output } = await run(["drill", "--from", some], source);
    expect(output).toContain("los 10 registros son iguales");
    expect(await source.query(SCHEMA)).toEqual(before);
  });

  it("forgets what has been kept long enough", async () => {
    await source.query(rowsOf(1_000));
    const { folder: from } = await backUp(source);
    const { output } = await run(["restore", "--from", from], target, { RETENCION_DIAS: "3" });
    expect(output).toContain("Olvidados por antiguos");
    const left = await target.query(
      "SELECT count(*)::int AS n FROM consultas_ia WHERE fecha < now() - interval '3 days 1 minute'",
    );
    expect(left).toEqual([{ n: 0 }]);
  });

  it("leaves the flows of n8n as files", async () => {
    const { folder: from } = await backUp(source);
    const flows = join(folder, "flujos");
    const { output } = await run(["restore", "--from", from, "--flujos", flows]);
    expect(output).toContain("0 flujos de n8n");
  });

  it("leaves only those, with no database at all, when only they are asked for", async () => {
    const { folder: from } = await backUp(source);
    const gone = { ...target, url: "postgres://nadie:x@127.0.0.1:1/nada" };
    const args = ["restore", "--from", from, "--solo-flujos"];
    const { status, output } = await run([...args, "--flujos", join(folder, "flujos")], gone);
    expect(output).toContain("0 flujos de n8n");
    expect(status).toBe(0);
    const incomplete = await run(args, gone);
    expect(incomplete.output).toContain("Falta la carpeta: --flujos");
    expect(incomplete.status).toBe(1);
  });

  it("says so when the key is another one, or none", async () => {
    await source.query(rowsOf(5));
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

  it("asks for a newer program when the schema is newer", async () => {
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

describe("a backup that is spoiled", () => {
  let whole: Made;
  beforeAll(async () => {
    await makeDatabases();
    await source.query(rowsOf(5));
    await source.query("INSERT INTO borrados VALUES ('otro', 1, now())");
    await target.query(rowsOf(2));
    whole = await backUp(source);
  });
  afterAll(removeDatabases);

  type Spoil = (part: string, bytes: Buffer, backup: Made) => void;
  const spoiled: [what: string, spoil: Spoil, says: string | RegExp][] = [
    ["a part is missing", (part) => rmSync(part), /Falta la parte \S+/],
    [
      "a part is cut short",
      (part, bytes) => writeFileSync(part, bytes.subarray(0, -9)),
      "está dañada",
    ],
    ["a part is empty", (part) => writeFileSync(part, ""), "está dañada"],
    [
      "a part has another bit",
      (part, bytes) => {
        bytes[60] = (bytes[60] ?? 0) ^ 1;
        writeFileSync(part, bytes);
      },
      "está dañada",
    ],
    [
      "a part is another backup's",
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

  it.for(spoiled)("changes nothing when %s", async ([, spoil, says]) => {
    const backup = { ...whole, folder: mkdtempSync(join(folder, "dañada-")) };
    cpSync(whole.folder, backup.folder, { recursive: true });
    const before = await target.query(EVERYTHING);
    const [part] = partsOf(backup.manifest);
    const file = join(backup.folder, part?.name ?? "");
    spoil(file, readFileSync(file), backup);
    const { status, output } = await run(["restore", "--from", backup.folder, "--a-no-vacia"]);
    expect(output).toMatch(says);
    expect(status).toBe(1);
    expect(await target.query(EVERYTHING)).toEqual(before);
  });
});

describe("a command that cannot be done", () => {
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
  ] as const)("%s: %s", async ([command, says]) => {
    const given = { API_KEY };
    const { status, output } = await run([...command], NOWHERE, given);
    expect(output).toContain(says);
    expect(status).toBe(1);
  });
});

describe("what the service answers", () => {
  const [old, newest] = ["20261124T020000123Z", "20261125T020000123Z"];
  const listed = (id: string, filas: number): object => ({
    ...{ id, filas, creada: "2026-11-25T02:00:00.123Z", bytes: 1, version: "1", migracion: "0" },
    ...{ cifrada: false, buena: true, verificada: null },
  });
  const respaldos = [listed(newest, 2), listed(old, 100)];

  it.for<[what: string, status: number, answer: string, says: string]>([
    ["has lost most", 200, JSON.stringify({ success: true, respaldos }), `--from ${old}`],
    ["is nothing", 200, JSON.stringify({ success: true, respaldos: [] }), "no tiene ninguna copia"],
    ["is another's page", 200, "<html>", "no es este servicio"],
    ["is no", 401, "{}", "no acepta la clave de API_KEY"],
    ["is a failure", 500, "<html>", "respondió 500"],
    ["is a problem of ours", 503, '{"mensaje": "Faltan copias."}', "Faltan copias."],
  ])("%s", async ([, status, answer, says]) => {
    const server = createServer((_, response) => response.writeHead(status).end(answer));
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}`;
      const told = await run(["restore", "--url", url], NOWHERE, { API_KEY });
      expect(told.output).toContain(says);
      expect(told.status).toBe(1);
    } finally {
      server.close();
    }
  });
});

describe("npm run restore:drill", () => {
  beforeEach(makeDatabases);
  afterEach(removeDatabases);

  it("restores beside the live database, compares, and leaves nothing behind", async () => {
    await source.query(rowsOf(50));
    const { folder: from } = await backUp(source);
    // What came since is no difference; nor is what was erased.
    await source.query(rowsOf(3));
    await source.query(
      "DELETE FROM consultas_ia WHERE chat_id = 0; INSERT INTO borrados VALUES ('principal', 0, now())",
    );
    const [before, names] = [await source.query(EVERYTHING), await drills()];
    const { status, output } = await run(["drill", "--from", from], source);
    expect(output).toContain("✓ Simulacro: los 25 registros son iguales, uno por uno.");
    expect(status).toBe(0);
    expect(await source.query(EVERYTHING)).toEqual(before);
    expect(await drills()).toEqual(names);
  });

  it("fails when the live database is not what the backup says", async () => {
    await source.query(rowsOf(50));
    const { folder: from } = await backUp(source);
    await source.query("UPDATE consultas_ia SET resultado = 'otro' WHERE id = 7");
    const names = await drills();
    const { status, output } = await run(["drill", "--from", from], source);
    expect(output).toContain("no es igual que la base de datos");
    expect(status).toBe(1);
    expect(await drills()).toEqual(names);
  });
});
