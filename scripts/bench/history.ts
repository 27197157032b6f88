import { chmod, mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import { z } from "zod";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { createHistory, type History, type HistoryFilter } from "../../src/history/history.ts";
import { migrate } from "../lib/migrate.ts";
import { startPostgres } from "../lib/postgres.ts";
import { DAY_MS } from "../../src/lib/durations.ts";

const SMALL_ROWS = 10_000;
const LARGE_ROWS = 1_000_000;
const CHATS = 10_000;
/** As an n8n flow with a fixed chat makes. */
const BUSY_CHAT = 1;
const BUSY_SHARE = 0.2;
const MONTHS = 24;
const EXPORTED_ROWS = 100_000;
const MEASURED_ROWS = 20_000;
/** A batch and what the connection holds of it. */
const STEADY_MB = 16;
const RUNS = 41;
const FILLED_AT_ONCE = 100_000;

const TARGET = 1.5;
/** A machine has its moods: only a miss by this much fails the run. */
const WIDE_MARGIN = 1.3;

/** `npm run bench:history`: the same questions to a small history and to one that is a hundred times larger. */
async function bench(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "asistente-bench-historial-"));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({
    dataDir: join(folder, "datos"),
    database: "bench",
    logFile: join(folder, "postgres.log"),
  });
  try {
    const small = await fillDatabase(postgres.url, "pequena", SMALL_ROWS);
    const large = await fillDatabase(postgres.url, "grande", LARGE_ROWS);
    const latencies = await withClient(small, (toSmall) =>
      withClient(large, (toLarge) => measureAll(historyOn(toSmall), historyOn(toLarge))),
    );
    const exported = await exportRows(
      createHistory(hyperdriveDatabase({ connectionString: large })),
    );
    return report(latencies, exported);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes a database of its own with so many rows, and gives its address. */
async function fillDatabase(serverUrl: string, name: string, rows: number): Promise<string> {
  const url = new URL(serverUrl);
  await withClient(url.href, (client) => client.query(`CREATE DATABASE ${name}`));
  url.pathname = name;
  await migrate(url.href);
  console.log(`Filling ${rows} rows…`);
  await withClient(url.href, async (client) => {
    await client.query("SET statement_timeout = 0");
    const { rows: found } = await client.query<{ definition: string }>(
      "SELECT replace(pg_get_indexdef('consultas_ia_texto'::regclass), ' ON ONLY ', ' ON ') AS definition",
    );
    // An index of words is made faster at once than row by row.
    await client.query("DROP INDEX consultas_ia_texto");
    for (let from = 0; from < rows; from += FILLED_AT_ONCE) {
      await fill(client, from, Math.min(from + FILLED_AT_ONCE, rows));
    }
    await client.query(found[0]?.definition ?? "");
    await client.query("VACUUM (ANALYZE) consultas_ia");
  });
  return url.href;
}

/** The history as the service has it, on one connection that stays open. */
function historyOn(client: Client): History {
  const db = drizzle(client);
  return createHistory({
    query: (_limitMs, work) => work(db),
    snapshot: (_limitMs, work) => work(db),
  });
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Rows spread evenly over the months and the chats, but for the busy one; half of them in English. */
async function fill(client: Client, from: number, to: number): Promise<void> {
  await client.query(
    `INSERT INTO consultas_ia (cliente, chat_id, solicitud_id, tipo_tarea, texto_original, resultado, opciones, idioma,
       estado, cache, clave_cache, motor, prompt_version, intentos, fecha)
     SELECT 'principal',
       CASE WHEN n % 100 < $3 THEN ${BUSY_CHAT} ELSE 2 + n % ${CHATS} END,
       id,
       (ARRAY['resumir', 'traducir', 'clasificar', 'extraer'])[1 + n % 4],
       CASE WHEN n % 2 = 0 THEN 'La reunión número ' || n || ' trató del presupuesto, de la mudanza y de ' || (ARRAY['facturas', 'vacaciones', 'contratos', 'averías'])[1 + n % 4]
         ELSE 'Meeting number ' || n || ' was about the budget, the move and ' || (ARRAY['invoices', 'holidays', 'contracts', 'failures'])[1 + n % 4] END
         || repeat(' Marta coordinará el nuevo horario con los equipos.', 3),
       'Resumen ' || n, '{}', CASE WHEN n % 2 = 0 THEN 'es' ELSE 'en' END,
       'completada', 'miss', md5(n::text), 'openai', 1, 1,
       date_trunc('milliseconds', uuid_extract_timestamp(id))
     FROM (
       SELECT n, uuidv7(
         date_trunc('month', now()) - make_interval(months => ${MONTHS - 1})
         + ((n + n / 10000 * 37) % 1000) * make_interval(days => ${MONTHS} * 30) / 1000 + n * interval '1 millisecond' - now()
       ) AS id FROM generate_series($1::bigint, $2::bigint - 1) AS n
     ) AS made`,
    [from, to, BUSY_SHARE * 100],
  );
}

const QUIET: HistoryFilter = { client: "principal", chatId: 4_762 };
const BUSY: HistoryFilter = { client: "principal", chatId: BUSY_CHAT };
const LAST_MONTH = { from: new Date(Date.now() - 30 * DAY_MS), to: new Date() };

/** A quiet chat has 1 row in the small history and 100 in the large, the busy one a fifth of each. */
const QUESTIONS: Record<string, (history: History) => Promise<unknown>> = {
  "last 5 of a chat": (history) => history.rows({ filter: QUIET, order: "desc", limit: 5 }),
  "last 5 of a task": (history) =>
    history.rows({ filter: { ...QUIET, task: "resumir" }, order: "desc", limit: 5 }),
  "last 5 of the busy chat": (history) => history.rows({ filter: BUSY, order: "desc", limit: 5 }),
  "first of the busy chat": (history) => history.rows({ filter: BUSY, order: "asc", limit: 1 }),
  "a chat's last month": (history) =>
    history.rows({ filter: { ...QUIET, ...LAST_MONTH }, order: "desc", limit: 20 }),
  "how many in a chat": (history) => history.count(QUIET),
  "words in a chat": (history) =>
    history.rows({ filter: { ...QUIET, search: "facturas" }, order: "desc", limit: 5 }),
};

type Latencies = { small: number; large: number };

/** Medians, ms, with one connection kept open, as Hyperdrive keeps them. Both take turns: a machine has its moods. */
async function measureAll(small: History, large: History): Promise<Record<string, Latencies>> {
  const medians: Record<string, Latencies> = {};
  for (const [name, ask] of Object.entries(QUESTIONS)) {
    const times: Record<keyof Latencies, number[]> = { small: [], large: [] };
    for (let run = 0; run < RUNS; run += 1) {
      times.small.push(await timeOf(() => ask(small)));
      times.large.push(await timeOf(() => ask(large)));
    }
    medians[name] = { small: median(times.small), large: median(times.large) };
  }
  return medians;
}

async function timeOf(ask: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await ask();
  return performance.now() - startMs;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

type Exported = { rows: number; seconds: number; heldMb: number[] };

/** What is still held when all that can be collected was. */
setFlagsFromString("--expose-gc");
const collect = z
  .custom<() => void>((found) => typeof found === "function")
  .parse(runInNewContext("gc"));
function heldMb(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

async function exportRows(history: History): Promise<Exported> {
  const startMs = performance.now();
  const held = [heldMb()];
  let rows = 0;
  const enough = new Error("enough rows");
  try {
    await history.each(BUSY, async (batch) => {
      rows += batch.length;
      if (rows >= held.length * MEASURED_ROWS) held.push(heldMb());
      if (rows >= EXPORTED_ROWS) throw enough;
    });
  } catch (error) {
    if (rows < EXPORTED_ROWS) throw error;
  }
  const seconds = (performance.now() - startMs) / 1_000;
  return { rows, seconds, heldMb: held };
}

function report(latencies: Record<string, Latencies>, exported: Exported): number {
  const [cpu] = cpus();
  console.log(`
${cpus().length} × ${cpu?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB

| question | ${SMALL_ROWS} rows, ms | ${LARGE_ROWS} rows, ms | ratio |
| --- | --- | --- | --- |`);
  let worst = 0;
  for (const [name, { small, large }] of Object.entries(latencies)) {
    worst = Math.max(worst, large / small);
    console.log(
      `| ${name} | ${small.toFixed(2)} | ${large.toFixed(2)} | ${(large / small).toFixed(2)} |`,
    );
  }
  console.log(
    `\nExport of ${exported.rows} rows: ${exported.seconds.toFixed(1)} s. Held before it, and every ${MEASURED_ROWS} rows, MB: ${exported.heldMb.map((mb) => mb.toFixed(1)).join(", ")}. Target of the ratios: ≤ ${TARGET}.`,
  );
  const isSteady = Math.max(...exported.heldMb) <= Math.min(...exported.heldMb) + STEADY_MB;
  if (worst <= TARGET * WIDE_MARGIN && isSteady) return 0;
  console.error("✗ Far from its target.");
  return 1;
}

process.exitCode = await bench();
