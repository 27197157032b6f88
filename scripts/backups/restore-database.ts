import { drizzle } from "drizzle-orm/node-postgres";
import type { Client } from "pg";
import { HISTORY, setTextFormats, shapesOf } from "../../src/backups/backup-store.ts";
import type { Manifest, BackupTable } from "../../src/backups/manifest.ts";
import type { ChatErasure } from "../../src/history/chat-erasure.ts";
import { SCHEMA_LOCK_ID } from "../lib/migrate.ts";
import { buildSchema, dropSchema, MIGRATIONS, upgradeSchema } from "../lib/schema.ts";
import { UserError } from "../lib/user-error.ts";
import { withPgClient } from "../lib/with-pg-client.ts";
import { countRows } from "./count-rows.ts";
import { eraseChats, ERASURES, readErasures } from "./erasures.ts";
import { explainError } from "./explain-error.ts";
import type { OpenBackup } from "./open-backup.ts";
import { restoreTable } from "./restore-table.ts";

/** PostgreSQL's notation. */
const LOCK_TIMEOUT = "60s";
/**
 * Tables whose rows do not count as user data: the service writes the rows by itself, has a copy (keys), or a restore must
 * not bring the rows back (erasures).
 */
const BOOKKEEPING_TABLES = new Set([ERASURES, "ejecuciones", "claves"]);

export type RestoreResult = {
  /** Rows of each table after the restore. */
  tables: Record<string, number>;
  /** Rows of the backup that were deleted because their chat has been erased since. */
  erased: number;
};

export type RestoreOptions = {
  /** Chats to erase again, besides those that the database and the backup record. */
  erasures: readonly ChatErasure[];
  /** Whether a database with rows may be replaced. */
  replace: boolean;
};

/**
 * Replaces the contents of the database with those of a backup, in one transaction: a failed restore changes nothing.
 * Restores into the schema of the backup, verifies every row, and then migrates to the newest schema.
 * @throws {UserError} if the database has rows and `replace` is false, or if the backup has a newer schema than this program
 */
export async function restoreDatabase(
  url: string,
  backup: OpenBackup,
  { erasures, replace }: RestoreOptions,
): Promise<RestoreResult> {
  const backupMigrationMs = requireKnownSchema(backup.manifest);
  return await withPgClient(url, async (client) => {
    try {
      await beginTransaction(client);
      const previous = await lockAndInspect(client, backup.manifest);
      if (previous.rows > 0 && !replace) throw notEmptyError(previous.rows);

      await dropSchema(client);
      await buildSchema(client, backupMigrationMs);
      await createPartitions(client, backup.manifest);
      for (const table of await parentsFirst(client, backup.manifest.tables)) {
        await restoreTable(client, backup, table);
      }
      await restoreSequences(client, backup.manifest.sequences, previous.sequences);
      await upgradeSchema(client, backupMigrationMs);

      const restoredErasures = await readErasures(client);
      const erased = await eraseChats(client, [
        ...erasures,
        ...previous.erasures,
        ...restoredErasures,
      ]);
      const tables = await countRows(client, [...previous.tables, ...tableNames(backup.manifest)]);
      await commit(client);
      return { tables, erased };
    } catch (error) {
      const reason = error instanceof UserError ? undefined : explainError(error);
      if (reason === undefined) throw error;
      throw new UserError(`${reason} No se ha cambiado nada.`, { cause: error });
    }
  });
}

function requireKnownSchema({ schema }: Manifest): number {
  if (MIGRATIONS.some(({ folderMillis }) => folderMillis === schema.journalMs))
    return schema.journalMs;
  throw new UserError(
    `La copia se hizo con un esquema que este programa no conoce (${schema.migration}): es de una versión más nueva. Actualiza el programa y repite. No se ha cambiado nada.`,
  );
}

function notEmptyError(rows: number): UserError {
  return new UserError(
    `La base de datos no está vacía: tiene ${rows} filas. No se ha cambiado nada. Para poner la copia en lugar de lo que hay, repite con --a-no-vacia.`,
  );
}

async function beginTransaction(client: Client): Promise<void> {
  await client.query("BEGIN");
  await client.query("SET LOCAL statement_timeout = 0");
  await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
  await client.query("SELECT pg_advisory_xact_lock($1)", [SCHEMA_LOCK_ID]);
  await setTextFormats(drizzle(client));
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

type DatabaseContents = {
  tables: string[];
  /** Rows of all tables except the bookkeeping ones. */
  rows: number;
  /** The last value of each sequence, by name. */
  sequences: Map<string, string>;
  erasures: ChatErasure[];
};

/** Locks the tables of the service, so that no other connection changes them before the transaction ends. */
async function lockAndInspect(client: Client, manifest: Manifest): Promise<DatabaseContents> {
  const wanted = [...new Set([...tableNames(manifest), ERASURES])];
  const tables = (await shapesOf(drizzle(client), wanted)).map(({ name }) => name);
  if (tables.length === 0) return { tables, rows: 0, sequences: new Map(), erasures: [] };
  await client.query(`LOCK TABLE ${tables.join(", ")} IN ACCESS EXCLUSIVE MODE`);
  const counts = await countRows(
    client,
    tables.filter((name) => !BOOKKEEPING_TABLES.has(name)),
  );
  return {
    tables,
    rows: Object.values(counts).reduce((sum, count) => sum + count, 0),
    sequences: await readSequences(client),
    erasures: await readErasures(client),
  };
}

async function readSequences(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(
    "SELECT sequencename AS name, last_value AS value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL",
  );
  return new Map(rows.map(({ name, value }) => [name, value]));
}

function tableNames({ tables }: Manifest): string[] {
  return tables.map(({ name }) => name);
}

/** Creates the monthly partitions of the backup that the migrations do not create. */
async function createPartitions(client: Client, { tables }: Manifest): Promise<void> {
  const ranges = tables.find(({ name }) => name === HISTORY)?.ranges ?? [];
  for (const { from, to } of ranges) {
    if (from === null || to === null || !isOneMonth(from, to)) continue;
    await client.query("SELECT crear_particion_consultas_ia($1::date)", [from.slice(0, 10)]);
  }
}

function isOneMonth(from: string, to: string): boolean {
  const start = new Date(from);
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1) === Date.parse(to);
}

/** Orders the tables so that a table follows those to which its foreign keys refer. */
async function parentsFirst(
  client: Client,
  tables: readonly BackupTable[],
): Promise<BackupTable[]> {
  const { rows } = await client.query<{ child: string; parent: string }>(
    `SELECT child.relname AS child, parent.relname AS parent FROM pg_constraint
     JOIN pg_class AS child ON child.oid = conrelid JOIN pg_class AS parent ON parent.oid = confrelid
     WHERE contype = 'f' AND conrelid <> confrelid`,
  );
  const ordered: BackupTable[] = [];
  const addAfterParents = (table: BackupTable): void => {
    if (ordered.includes(table)) return;
    const parents = new Set(
      rows.filter(({ child }) => child === table.name).map(({ parent }) => parent),
    );
    tables.filter(({ name }) => parents.has(name)).forEach(addAfterParents);
    ordered.push(table);
  };
  tables.forEach(addAfterParents);
  return ordered;
}

/** Sets each sequence to the higher of its saved and its previous value, so that no number is given out twice. */
async function restoreSequences(
  client: Client,
  saved: Manifest["sequences"],
  previous: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, value] of Object.entries(saved)) {
    await client.query("SELECT setval($1, greatest($2::bigint, $3::bigint))", [
      name,
      value,
      previous.get(name) ?? value,
    ]);
  }
}
