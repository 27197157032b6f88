import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import { HISTORY, readPage, setTextForms, shapesOf } from "../../src/backups/backup-store.ts";
import { partsOf, type Manifest, type Table } from "../../src/backups/manifest.ts";
import { readPart, type Shelf } from "../../src/backups/part.ts";
import { createEraseChatRows } from "../../src/chats/erase-chat-store.ts";
import type { Erasure } from "../../src/coordinator/coordinator.object.ts";
import { SCHEMA_LOCK_ID } from "../lib/migrate.ts";
import { buildSchema, dropSchema, MIGRATIONS, upgradeSchema } from "../lib/schema.ts";
import { UserError } from "../lib/user-error.ts";
import { explain } from "./explain.ts";
import { LineDigest } from "./line-digest.ts";

const BATCH_ROWS = 1_000;
const BATCH_CHARS = 1_000_000;
const PAGE = { rows: 2_000, bytes: 1_000_000 };
const LOCK_LIMIT = "60s";
/** What the program notes by itself (its keys are kept elsewhere) or must not bring back makes no database worth keeping. */
const NOTES = new Set(["borrados", "ejecuciones", "claves"]);

/** A backup whose manifest was read, where its parts are, and the key it is under. */
export type Backup = {
  manifest: Manifest;
  shelf: Pick<Shelf, "get">;
  backupKey: string | null;
};

export type Restored = {
  /** Rows of each table as they stand now. */
  tables: Record<string, number>;
  /** Rows of the backup that had been erased since, and were erased again. */
  erased: number;
};

/**
 * Reads every part through, as a restore will.
 * @throws {PartError} for the first that is missing or damaged
 */
export async function verifyParts({ manifest, shelf, backupKey }: Backup): Promise<void> {
  for (const part of partsOf(manifest)) {
    for await (const _ of readPart(shelf, part, backupKey));
  }
}

/**
 * Puts a backup in place of what the database holds, in one transaction: all of it, or nothing is changed. It is
 * restored into the schema that it was made of, checked row by row, and then brought to the newest. What was erased
 * since, by anybody's record, is erased again.
 * @throws {UserError} when the database is not empty and may not be replaced, or the schema is newer than ours
 */
export async function restoreDatabase(
  url: string,
  backup: Backup,
  { erasures, replace }: { erasures: readonly Erasure[]; replace: boolean },
): Promise<Restored> {
  const newest = requireKnownSchema(backup.manifest);
  const client = new Client({ connectionString: url });
  // The end of a connection is told by the statement that needed it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("BEGIN");
    await client.query(`SET LOCAL statement_timeout = 0`);
    await client.query(`SET LOCAL lock_timeout = '${LOCK_LIMIT}'`);
    await client.query("SELECT pg_advisory_xact_lock($1)", [SCHEMA_LOCK_ID]);
    await setTextForms(drizzle(client));
    const before = await lookAround(client, backup.manifest);
    if (before.rows > 0 && !replace) throw notEmpty(before.rows);

    await dropSchema(client);
    await buildSchema(client, newest);
    await createPartitions(client, backup.manifest);
    for (const table of await parentsFirst(client, backup.manifest.tablas)) {
      await restoreTable(client, backup, table);
    }
    await restoreSequences(client, backup.manifest.secuencias, before.sequences);
    await upgradeSchema(client, newest);
    const erased = await eraseAgain(client, [...erasures, ...before.erasures]);
    const tables = await countRows(client, [...before.names, ...namesIn(backup.manifest)]);
    await commit(client);
    return { tables, erased };
  } catch (error) {
    const reason = error instanceof UserError ? undefined : explain(error);
    if (reason === undefined) throw error;
    throw new UserError(`${reason} No se ha cambiado nada.`, { cause: error });
  } finally {
    // What was not committed is undone.
    await client.end();
  }
}

async function commit(client: Client): Promise<void> {
  try {
    await client.query("COMMIT");
  } catch (cause) {
    throw new UserError(
      "La conexión se cortó al terminar y no se sabe si la copia quedó restaurada entera o no se cambió nada. Compruébalo con: npm run restore:drill",
      { cause },
    );
  }
}

function requireKnownSchema({ esquema }: Manifest): number {
  if (MIGRATIONS.some(({ folderMillis }) => folderMillis === esquema.cuando)) return esquema.cuando;
  throw new UserError(
    `La copia se hizo con un esquema que este programa no conoce (${esquema.migracion}): es de una versión más nueva. Actualiza el programa y repite. No se ha cambiado nada.`,
  );
}

function notEmpty(rows: number): UserError {
  return new UserError(
    `La base de datos no está vacía: tiene ${rows} filas. No se ha cambiado nada. Para poner la copia en lugar de lo que hay, repite con --a-no-vacia.`,
  );
}

type Before = {
  names: string[];
  rows: number;
  sequences: Map<string, string>;
  erasures: Erasure[];
};

/** What the database holds now, which nobody changes from here on. */
async function lookAround(client: Client, manifest: Manifest): Promise<Before> {
  const shapes = await shapesOf(drizzle(client), [...new Set([...namesIn(manifest), "borrados"])]);
  const names = shapes.map(({ name }) => name);
  if (names.length === 0) return { names, rows: 0, sequences: new Map(), erasures: [] };
  await client.query(`LOCK TABLE ${names.join(", ")} IN ACCESS EXCLUSIVE MODE`);
  const counts = await countRows(client, names);
  const sequences = await client.query<{ name: string; value: string }>(
    "SELECT sequencename AS name, last_value AS value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL",
  );
  const erasures = names.includes("borrados") ? await readErasures(client) : [];
  return {
    names,
    rows: names
      .filter((name) => !NOTES.has(name))
      .reduce((sum, name) => sum + (counts[name] ?? 0), 0),
    sequences: new Map(sequences.rows.map(({ name, value }) => [name, value])),
    erasures,
  };
}

async function readErasures(client: Client): Promise<Erasure[]> {
  const { rows } = await client.query<{ client: string; chatId: string; untilMs: string }>(
    `SELECT cliente AS client, chat_id AS "chatId", ceil(extract(epoch FROM hasta) * 1000)::bigint AS "untilMs" FROM borrados`,
  );
  return rows.map((row) => ({
    ...{ client: row.client, chatId: Number(row.chatId), untilMs: Number(row.untilMs) },
  }));
}

/** The chats that a database knows to be erased. */
export async function erasuresIn(url: string): Promise<Erasure[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const [table] = await shapesOf(drizzle(client), ["borrados"]);
    return table ? await readErasures(client) : [];
  } finally {
    await client.end();
  }
}

function namesIn({ tablas }: Manifest): string[] {
  return tablas.map(({ tabla }) => tabla);
}

/** The months of the backup that the migrations do not make by themselves. */
async function createPartitions(client: Client, { tablas }: Manifest): Promise<void> {
  const spans = tablas.find(({ tabla }) => tabla === HISTORY)?.tramos ?? [];
  for (const { desde, hasta } of spans) {
    if (desde === null || hasta === null || !isOneMonth(desde, hasta)) continue;
    await client.query("SELECT crear_particion_consultas_ia($1::date)", [desde.slice(0, 10)]);
  }
}

function isOneMonth(from: string, to: string): boolean {
  const start = new Date(from);
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1) === Date.parse(to);
}

/** Tables in an order in which no row refers to one that is not there yet. */
async function parentsFirst(client: Client, tables: readonly Table[]): Promise<Table[]> {
  const { rows } = await client.query<{ child: string; parent: string }>(
    `SELECT child.relname AS child, parent.relname AS parent FROM pg_constraint
     JOIN pg_class AS child ON child.oid = conrelid JOIN pg_class AS parent ON parent.oid = confrelid
     WHERE contype = 'f' AND conrelid <> confrelid`,
  );
  const ordered: Table[] = [];
  const place = (table: Table): void => {
    if (ordered.includes(table)) return;
    const parents = new Set(
      rows.filter(({ child }) => child === table.tabla).map(({ parent }) => parent),
    );
    tables.filter(({ tabla }) => parents.has(tabla)).forEach(place);
    ordered.push(table);
  };
  tables.forEach(place);
  return ordered;
}

/** @throws {UserError} when what stands in the table afterwards is not what the parts said, to the last row */
async function restoreTable(client: Client, backup: Backup, table: Table): Promise<void> {
  const db = drizzle(client);
  const [shape] = await shapesOf(db, [table.tabla]);
  if (!shape) throw new Error(`The schema of the backup has no table ${table.tabla}`);
  const types = new Map(shape.columns.map(({ name, type }) => [name, type]));
  const columns = table.columnas.map((name) => client.escapeIdentifier(name)).join(", ");
  const values = table.columnas.map((name, index) => `(line->>${index})::${types.get(name)}`);
  const insert = `INSERT INTO ${client.escapeIdentifier(table.tabla)} (${columns}) OVERRIDING SYSTEM VALUE
    SELECT ${values.join(", ")} FROM jsonb_array_elements($1::jsonb) AS lines (line)`;

  const given = new LineDigest();
  for (const part of table.tramos.flatMap(({ partes }) => partes)) {
    for await (const lines of batched(readPart(backup.shelf, part, backup.backupKey))) {
      given.add(lines);
      await client.query(insert, [`[${lines.join(",")}]`]);
    }
  }

  const stored = new LineDigest();
  const inOrder = { ...shape, columns: columnsOf(table, types) };
  for (let after: string[] | null = null; ;) {
    const page = await readPage(db, inOrder, undefined, after, PAGE);
    if (!page.after) break;
    stored.add(page.lines);
    after = page.after;
  }
  if (given.rows !== table.filas || !given.equals(stored)) {
    throw new UserError(
      `Lo que quedó en ${table.tabla} no es lo que hay en la copia. No se ha cambiado nada.`,
    );
  }
}

function columnsOf(
  { columnas }: Table,
  types: ReadonlyMap<string, string>,
): { name: string; type: string }[] {
  return columnas.map((name) => ({ name, type: types.get(name) ?? "text" }));
}

/** Lines as many as go well into one statement. */
async function* batched(source: AsyncIterable<string[]>): AsyncGenerator<string[]> {
  let batch: string[] = [];
  let chars = 0;
  for await (const lines of source) {
    for (const line of lines) {
      batch.push(line);
      chars += line.length;
      if (batch.length < BATCH_ROWS && chars < BATCH_CHARS) continue;
      yield batch;
      batch = [];
      chars = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

/** Numbers that were given out before are never given again. */
async function restoreSequences(
  client: Client,
  saved: Manifest["secuencias"],
  before: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, value] of Object.entries(saved)) {
    await client.query("SELECT setval($1, greatest($2::bigint, $3::bigint))", [
      name,
      value,
      before.get(name) ?? value,
    ]);
  }
}

/** As the service itself erases a chat. Gives how many records had come back. */
async function eraseAgain(client: Client, known: readonly Erasure[]): Promise<number> {
  const latest = new Map<string, Erasure>();
  for (const erasure of [...known, ...(await readErasures(client))]) {
    const chat = JSON.stringify([erasure.client, erasure.chatId]);
    const untilMs = Math.max(erasure.untilMs, latest.get(chat)?.untilMs ?? 0);
    latest.set(chat, { ...erasure, untilMs });
  }
  const db = drizzle(client);
  const eraseChatRows = createEraseChatRows({ query: (_timeoutMs, work) => work(db) });
  let erased = 0;
  for (const { untilMs, ...chat } of latest.values()) {
    erased += (await eraseChatRows(chat, new Date(untilMs))).records;
  }
  return erased;
}

async function countRows(
  client: Client,
  names: readonly string[],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of new Set(names)) {
    const { rows } = await client.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${client.escapeIdentifier(name)}`,
    );
    counts[name] = Number(rows[0]?.rows);
  }
  return counts;
}
