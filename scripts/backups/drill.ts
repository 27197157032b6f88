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
import { LineDigest } from "./line-digest.ts";

const PAGE = { rows: 2_000, bytes: 4_000_000 };

/** What two databases hold of the history up to an id, to compare. */
export type Comparison = { live: number; restored: number; areEqual: boolean };

/** Lends a new database on the same server, and drops it afterwards. */
export async function withDatabaseBeside<T>(
  url: string,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const beside = new URL(url);
  const name = `${beside.pathname.slice(1)}_simulacro_${process.pid}`;
  beside.pathname = `/${name}`;
  await runOn(url, (client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`));
  try {
    return await use(beside.href);
  } finally {
    await runOn(url, (client) =>
      client.query(`DROP DATABASE ${client.escapeIdentifier(name)} WITH (FORCE)`),
    );
  }
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
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
