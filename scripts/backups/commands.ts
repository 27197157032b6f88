import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Client, DatabaseError } from "pg";
import { z } from "zod";
import { readPart } from "../../src/backups/part.ts";
import { parseConfig, type Config } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { createHistory, MAX_DELETED_ROWS } from "../../src/history/history-store.ts";
import type { Erasure } from "../../src/coordinator/coordinator.object.ts";
import { historyRetention } from "../../src/history/retention.ts";
import { createReports, MAX_DELETED_REPORTS } from "../../src/reports/reports-store.ts";
import { isShuttingDown } from "../lib/cleanup.ts";
import { withDatabaseUrl } from "../lib/database.ts";
import { readRawSettings } from "../lib/settings.ts";
import { UserError } from "../lib/user-error.ts";
import { backupDatabase } from "./backup-database.ts";
import { compareHistories, withDatabaseBeside } from "./drill.ts";
import { explain } from "./explain.ts";
import { withBackup } from "./open-backup.ts";
import { erasuresIn, restoreDatabase, type Backup, type Restored } from "./restore-database.ts";
import { fetchErasures, findService, type Service } from "./service.ts";

const ANALYZE_LIMIT_MS = 10 * 60_000;

const USAGE: Record<string, string> = {
  backup: "npm run backup -- --to carpeta",
  restore:
    "npm run restore -- --from latest|copia|carpeta [--a-no-vacia] [--url https://…] [--flujos carpeta [--solo-flujos]]",
  drill: "npm run restore:drill -- [--from latest|copia|carpeta] [--url https://…]",
};
const COMMANDS: Record<string, (args: string[]) => Promise<void>> = { backup, restore, drill };

/** Runs a command of USAGE, tells the person how it goes, and gives its exit code. */
export async function runCommand([name = "", ...args]: string[]): Promise<number> {
  const command = COMMANDS[name];
  if (!command) throw new Error(`Unknown command: ${name}`);
  try {
    await command(args);
    return 0;
  } catch (error) {
    if (isShuttingDown()) return 1;
    const message = isUsage(error) ? explainUsage(error, USAGE[name] ?? "") : explain(error);
    if (message === undefined) throw error;
    console.error(`✗ ${message}`);
    return 1;
  }
}

async function backup(args: string[]): Promise<void> {
  const { to } = parseArgs({ args, options: { to: { type: "string" } } }).values;
  if (!to) throw new UserError(`Falta la carpeta: ${USAGE["backup"]}`);
  const { backupKey } = readConfig();
  await withDatabaseUrl(async (url) => {
    const { folder, manifest } = await backupDatabase(url, resolve(to), backupKey);
    console.log(
      `✓ Copia de ${manifest.filas} filas en ${folder} (${manifest.bytes} bytes${backupKey ? ", cifrada" : ""}).`,
    );
  }, asItIs);
}

async function restore(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      from: { type: "string", default: "latest" },
      url: { type: "string" },
      flujos: { type: "string" },
      "solo-flujos": { type: "boolean", default: false },
      "a-no-vacia": { type: "boolean", default: false },
      force: { type: "boolean", default: false },
    },
  });
  const { flujos: flowsFolder, "solo-flujos": flowsOnly } = values;
  if (flowsOnly && !flowsFolder) throw new UserError("Falta la carpeta: --flujos carpeta");
  const { config, backupKey } = readConfig();
  const service = findService(values.url);
  await withBackup(values.from, { service, backupKey }, async (opened) => {
    if (flowsFolder) await writeFlows(opened, resolve(flowsFolder));
    if (flowsOnly) return;
    const erasures = await knownErasures(service);
    await withDatabaseUrl(async (url) => {
      console.log("· Restaurando…");
      const replace = values["a-no-vacia"] || values.force;
      report(await restoreDatabase(url, opened, { erasures, replace }));
      await tidy(url, config);
    }, createMissing);
  });
}

/** Restores into a database beside the live one, compares, and takes it away again. Changes nothing of the live one. */
async function drill(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { from: { type: "string", default: "latest" }, url: { type: "string" } },
  });
  const { config, backupKey } = readConfig();
  const service = findService(values.url);
  await withBackup(values.from, { service, backupKey }, async (opened) => {
    const known = await knownErasures(service);
    await withDatabaseUrl(async (live) => {
      const erasures = [...known, ...(await erasuresIn(live))];
      await withDatabaseBeside(live, async (beside) => {
        console.log("· Restaurando en una base de datos aparte…");
        report(await restoreDatabase(beside, opened, { erasures, replace: false }));
        await tidy(beside, config);
        const compared = await compareHistories(live, beside, opened.manifest.corte.ultimo_id);
        if (!compared.areEqual) {
          throw new UserError(
            `La copia se restaura, pero no es igual que la base de datos: hasta su corte, la copia tiene ${compared.restored} registros y la base de datos ${compared.live}.`,
          );
        }
        console.log(`✓ Simulacro: los ${compared.live} registros son iguales, uno por uno.`);
      });
    }, asItIs);
  });
}

/** A copy is often made just before an upgrade: the schema stays what it is. */
async function asItIs(): Promise<void> {}

function readConfig(): { config: Config; backupKey: string | null } {
  const config = parseConfig(readRawSettings(process.env));
  return { config, backupKey: config.BACKUP_KEY ?? null };
}

async function knownErasures(service: Service | undefined): Promise<Erasure[]> {
  if (service) return await fetchErasures(service);
  console.log(
    "· Sin un servicio al que preguntar, solo se borran otra vez los chats que la copia y la base de datos saben borrados.",
  );
  return [];
}

/** A database that is gone altogether is made anew, where the server can be reached. */
async function createMissing(url: string): Promise<void> {
  if (await canConnect(url)) return;
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const server = new URL(url);
  server.pathname = "/postgres";
  const client = new Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

const NO_SUCH_DATABASE = "3D000";

async function canConnect(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === NO_SUCH_DATABASE) return false;
    throw error;
  } finally {
    await client.end();
  }
}

/** Forgets what has been kept long enough by now, as every night, and has PostgreSQL know what is left. */
async function tidy(url: string, config: Config): Promise<void> {
  const database = hyperdriveDatabase({ connectionString: url });
  const retention = historyRetention(config, Date.now());
  if (retention) {
    const [history, reports] = [createHistory(database), createReports(database)];
    let forgotten = 0;
    for (let rows = MAX_DELETED_ROWS; rows >= MAX_DELETED_ROWS; forgotten += rows) {
      rows = await history.deleteExpired(retention);
    }
    while ((await reports.deleteExpired(retention)) >= MAX_DELETED_REPORTS);
    if (forgotten > 0) console.log(`  Olvidados por antiguos: ${forgotten} registros.`);
  }
  await database.query(ANALYZE_LIMIT_MS, (db) => db.execute("ANALYZE"));
}

function report({ tables, erased }: Restored): void {
  for (const [name, rows] of Object.entries(tables)) console.log(`  ${name}: ${rows} filas`);
  if (erased > 0) console.log(`  Borrados otra vez: ${erased} registros de chats que se borraron.`);
  console.log("✓ Restaurada y comprobada.");
}

const Flow = z.looseObject({ id: z.string(), name: z.string() });

/** Each flow as a file that n8n imports; of two with one id, the one that came last. */
async function writeFlows({ manifest, shelf, backupKey }: Backup, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const ids = new Set<string>();
  for (const part of manifest.flujos) {
    for await (const lines of readPart(shelf, part, backupKey)) {
      for (const line of lines) {
        const flow = Flow.parse(JSON.parse(line));
        ids.add(flow.id);
        const file = `${flow.id.replaceAll(/[^\w-]/g, "_")}.json`;
        await writeFile(join(folder, file), `${JSON.stringify(flow, null, 2)}\n`);
        console.log(`  ${file}: ${flow.name}`);
      }
    }
  }
  console.log(`✓ ${ids.size} flujos de n8n en ${folder}.`);
}

type Usage = TypeError & { code: string };

function isUsage(error: unknown): error is Usage {
  return (
    error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")
  );
}

/** Node says it in English, with the word that it could not make sense of in quotes. */
function explainUsage({ message }: Usage, usage: string): string {
  const [, word = ""] = /'([^' ]+)/.exec(message) ?? [];
  return `No se entiende «${word}». Se usa así, con -- delante de las opciones: ${usage}`;
}
