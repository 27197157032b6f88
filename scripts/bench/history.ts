import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Client } from "pg";
import { z } from "zod";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import {
  createHistory,
  type History,
  type HistoryFilter,
} from "../../src/history/history-store.ts";
import { DAY_MS } from "../../src/lib/durations.ts";
import { createClientDatabase } from "../lib/client-database.ts";
import { median } from "../lib/median.ts";
import { migrate } from "../lib/migrate.ts";
import { withPgClient } from "../lib/with-pg-client.ts";
import { describeMachine } from "./machine.ts";
import { withTemporaryPostgres } from "./temporary-postgres.ts";

const SMALL_ROWS = 10_000;
const LARGE_ROWS = 1_000_000;
const CHATS = 10_000;
/** One chat with many rows, as an n8n flow that always uses the same chat produces. */
const BUSY_CHAT = 1;
const BUSY_SHARE = 0.2;
const MONTHS = 24;
const EXPORTED_ROWS = 100_000;
const ROWS_BETWEEN_MEMORY_READINGS = 20_000;
/** Allowed growth of the memory in use: one batch, and what the connection buffers of it. */
const STEADY_MB = 16;
const RUNS_PER_QUERY = 41;
const ROWS_PER_INSERT = 100_000;

const TARGET = 1.5;
/** Tolerance for noise of the machine: the run fails only if a ratio misses its target by this factor. */
const NOISE_FACTOR = 1.3;

/** `npm run bench:history`: runs the same queries on a small history and on one a hundred times larger. */
async function main(): Promise<number> {
  return await withTemporaryPostgres(async (serverUrl) => {
    const smallUrl = await createFilledDatabase(serverUrl, "pequena", SMALL_ROWS);
    const largeUrl = await createFilledDatabase(serverUrl, "grande", LARGE_ROWS);
    // One open connection each, as Hyperdrive keeps them.
    const latencies = await withPgClient(smallUrl, (small) =>
      withPgClient(largeUrl, (large) =>
        measureQueries(
          createHistory(createClientDatabase(small)),
          createHistory(createClientDatabase(large)),
        ),
      ),
    );
    const largeDatabase = hyperdriveDatabase({ connectionString: largeUrl });
    return report(latencies, await exportRows(createHistory(largeDatabase)));
  });
}

/** Returns the URL of the new database. */
async function createFilledDatabase(
  serverUrl: string,
  name: string,
  rows: number,
): Promise<string> {
  const url = new URL(serverUrl);
  await withPgClient(url.href, (client) => client.query(`CREATE DATABASE ${name}`));
  url.pathname = name;
  await migrate(url.href);
  console.log(`Filling ${rows} rows…`);
  await withPgClient(url.href, async (client) => {
    await client.query("SET statement_timeout = 0");
    const { rows: indexes } = await client.query<{ definition: string }>(
      "SELECT replace(pg_get_indexdef('consultas_ia_texto'::regclass), ' ON ONLY ', ' ON ') AS definition",
    );
    // Building the full-text index afterwards is faster than updating it for every row.
    await client.query("DROP INDEX consultas_ia_texto");
    for (let from = 0; from < rows; from += ROWS_PER_INSERT) {
      await insertRows(client, from, Math.min(from + ROWS_PER_INSERT, rows));
    }
    await client.query(indexes[0]?.definition ?? "");
    await client.query("VACUUM (ANALYZE) consultas_ia");
  });
  return url.href;
}

/** Rows spread evenly over the months and the quiet chats; BUSY_SHARE of them in the busy chat; half in English. */
async function insertRows(client: Client, from: number, to: number): Promise<void> {
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

const QUIET_CHAT_FILTER: HistoryFilter = { client: "principal", chatId: 4_762 };
const BUSY_CHAT_FILTER: HistoryFilter = { client: "principal", chatId: BUSY_CHAT };
const LAST_MONTH = { from: new Date(Date.now() - 30 * DAY_MS), to: new Date() };

/** The quiet chat has 1 row in the small history and 100 in the large one. The busy chat has a fifth of all rows. */
const QUERIES: Record<string, (history: History) => Promise<unknown>> = {
  "last 5 of a chat": (history) =>
    history.rows({ filter: QUIET_CHAT_FILTER, order: "desc", limit: 5 }),
  "last 5 of a task": (history) =>
    history.rows({ filter: { ...QUIET_CHAT_FILTER, task: "resumir" }, order: "desc", limit: 5 }),
  "last 5 of the busy chat": (history) =>
    history.rows({ filter: BUSY_CHAT_FILTER, order: "desc", limit: 5 }),
  "first of the busy chat": (history) =>
    history.rows({ filter: BUSY_CHAT_FILTER, order: "asc", limit: 1 }),
  "a chat's last month": (history) =>
    history.rows({ filter: { ...QUIET_CHAT_FILTER, ...LAST_MONTH }, order: "desc", limit: 20 }),
  "how many in a chat": (history) => history.count(QUIET_CHAT_FILTER),
  "words in a chat": (history) =>
    history.rows({ filter: { ...QUIET_CHAT_FILTER, search: "facturas" }, order: "desc", limit: 5 }),
};

/** Medians, in ms. */
type Latencies = { small: number; large: number };

/** The two histories take turns, so that noise of the machine affects both. */
async function measureQueries(small: History, large: History): Promise<Record<string, Latencies>> {
  const medians: Record<string, Latencies> = {};
  for (const [name, query] of Object.entries(QUERIES)) {
    const timesMs: Record<keyof Latencies, number[]> = { small: [], large: [] };
    for (let run = 0; run < RUNS_PER_QUERY; run += 1) {
      timesMs.small.push(await measureMs(() => query(small)));
      timesMs.large.push(await measureMs(() => query(large)));
    }
    medians[name] = { small: median(timesMs.small), large: median(timesMs.large) };
  }
  return medians;
}

async function measureMs(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

type ExportFigures = { rows: number; seconds: number; memoryMb: number[] };

setFlagsFromString("--expose-gc");
const collectGarbage = z
  .custom<() => void>((value) => typeof value === "function")
  .parse(runInNewContext("gc"));

/** Memory that is still in use after a garbage collection. */
function readMemoryMb(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

async function exportRows(history: History): Promise<ExportFigures> {
  const startMs = performance.now();
  const memoryMb = [readMemoryMb()];
  let rows = 0;
  const enoughRows = new Error("enough rows");
  try {
    await history.each(BUSY_CHAT_FILTER, async (batch) => {
      rows += batch.length;
      if (rows >= memoryMb.length * ROWS_BETWEEN_MEMORY_READINGS) memoryMb.push(readMemoryMb());
      if (rows >= EXPORTED_ROWS) throw enoughRows;
    });
  } catch (error) {
    if (rows < EXPORTED_ROWS) throw error;
  }
  const seconds = (performance.now() - startMs) / 1_000;
  return { rows, seconds, memoryMb };
}

function report(latencies: Record<string, Latencies>, exported: ExportFigures): number {
  console.log(`
${describeMachine()}

| question | ${SMALL_ROWS} rows, ms | ${LARGE_ROWS} rows, ms | ratio |
| --- | --- | --- | --- |`);
  let worstRatio = 0;
  for (const [name, { small, large }] of Object.entries(latencies)) {
    worstRatio = Math.max(worstRatio, large / small);
    console.log(
      `| ${name} | ${small.toFixed(2)} | ${large.toFixed(2)} | ${(large / small).toFixed(2)} |`,
    );
  }
  console.log(
    `\nExport of ${exported.rows} rows: ${exported.seconds.toFixed(1)} s. Held before it, and every ${ROWS_BETWEEN_MEMORY_READINGS} rows, MB: ${exported.memoryMb.map((mb) => mb.toFixed(1)).join(", ")}. Target of the ratios: ≤ ${TARGET}.`,
  );
  const isSteady = Math.max(...exported.memoryMb) <= Math.min(...exported.memoryMb) + STEADY_MB;
  if (worstRatio <= TARGET * NOISE_FACTOR && isSteady) return 0;
  console.error("✗ Far from its target.");
  return 1;
}

process.exitCode = await main();
