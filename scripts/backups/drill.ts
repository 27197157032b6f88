import { createHash } from "node:crypto";
import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import {
  HISTORY,
  historyRows,
  readPage,
  setTextForms,
  shapesOf,
  type TableShape,
} from "../../src/backups/backup-store.ts";
import { withCleanup } from "../lib/cleanup.ts";
import { UserError } from "../lib/user-error.ts";
import { LineDigest } from "./line-digest.ts";

const PAGE = { rows: 2_000, bytes: 1_000_000 };

/** What two databases hold of the history up to an id, to compare. */
export type Comparison = { live: number; restored: number; areEqual: boolean };

/** Any number will do that nothing else locks. */
const DRILL_LOCK_ID = 7_261_905;

/**
 * Lends a new database on the same server, and drops it afterwards. What a drill left that was killed is dropped too.
 * @throws {UserError} when there is another drill of the same database
 */
export async function withDatabaseBeside<T>(
  url: string,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const beside = new URL(url);
  // PostgreSQL cuts names at 63 bytes, and a long one with something behind it would be that of another database.
  const name = `simulacro_${createHash("sha256").update(beside.pathname).digest("hex").slice(0, 12)}`;
  beside.pathname = name;
  return await runOn(url, async (client) => {
    const { rows } = await client.query<{ mine: boolean }>(
      "SELECT pg_try_advisory_lock($1) AS mine",
      [DRILL_LOCK_ID],
    );
    if (!rows[0]?.mine) throw new UserError("Ya hay un simulacro en marcha. Espera a que acabe.");
    const drop = async (): Promise<void> => {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    };
    return await withCleanup(drop, async () => {
      await drop();
      await client.query(`CREATE DATABASE ${name}`);
      return await use(beside.href);
    });
  });
}

/** Row by row, whatever their order. */
export async function compareHistories(
  liveUrl: string,
  restoredUrl: string,
  lastId: string,
): Promise<Comparison> {
  const shape = await runOn(liveUrl, async (client) => {
    const [found] = await shapesOf(drizzle(client), [HISTORY]);
    return found;
  });
  if (!shape) return { live: 0, restored: await countOf(restoredUrl), areEqual: false };
  const live = await digestOf(liveUrl, shape, lastId);
  const restored = await digestOf(restoredUrl, shape, lastId);
  return { live: live.rows, restored: restored.rows, areEqual: live.equals(restored) };
}

async function countOf(url: string): Promise<number> {
  return await runOn(url, async (client) => {
    const { rows } = await client.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${HISTORY}`,
    );
    return Number(rows[0]?.rows);
  });
}

async function digestOf(url: string, shape: TableShape, lastId: string): Promise<LineDigest> {
  return await runOn(url, async (client) => {
    const db = drizzle(client);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SET LOCAL statement_timeout = 0");
    await setTextForms(db);
    const digest = new LineDigest();
    const rows = historyRows({ from: null, to: null }, lastId);
    for (let after: string[] | null = null; ;) {
      const page = await readPage(db, shape, rows, after, PAGE);
      if (!page.after) return digest;
      digest.add(page.lines);
      after = page.after;
    }
  });
}

async function runOn<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // The end of a connection is told by the statement that needed it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
