import { drizzle } from "drizzle-orm/node-postgres";
import type { Client } from "pg";
import { shapesOf, type TableShape } from "../../src/backups/backup-store.ts";
import type { BackupTable } from "../../src/backups/manifest.ts";
import { readPart } from "../../src/backups/part.ts";
import { UserError } from "../lib/user-error.ts";
import { LineDigest } from "./line-digest.ts";
import type { OpenBackup } from "./open-backup.ts";
import { digestTable } from "./table-digest.ts";

/** Limits of one INSERT statement. */
const BATCH_ROWS = 1_000;
const BATCH_CHARS = 1_000_000;

/**
 * Inserts the rows of a backed-up table into the empty table, and reads them back.
 * @throws {UserError} if the stored rows differ from those of the backup
 */
export async function restoreTable(
  client: Client,
  { storage, backupKey }: Pick<OpenBackup, "storage" | "backupKey">,
  table: BackupTable,
): Promise<void> {
  const db = drizzle(client);
  const [schemaShape] = await shapesOf(db, [table.name]);
  if (!schemaShape) throw new Error(`The schema of the backup has no table ${table.name}`);
  const shape = withColumnsInOrder(schemaShape, table.columns);
  const insert = insertStatement(client, shape);

  const inserted = new LineDigest();
  for (const part of table.ranges.flatMap(({ parts }) => parts)) {
    for await (const lines of inBatches(readPart(storage, part, backupKey))) {
      inserted.add(lines);
      await client.query(insert, [`[${lines.join(",")}]`]);
    }
  }

  const stored = await digestTable(db, shape);
  if (inserted.rows !== table.rows || !inserted.equals(stored)) {
    throw new UserError(
      `Lo que quedó en ${table.name} no es lo que hay en la copia. No se ha cambiado nada.`,
    );
  }
}

/** The columns in the order in which the lines of the backup list their values. */
function withColumnsInOrder(shape: TableShape, names: readonly string[]): TableShape {
  const types = new Map(shape.columns.map(({ name, type }) => [name, type]));
  return {
    ...shape,
    columns: names.map((name) => ({ name, type: types.get(name) ?? "text" })),
  };
}

/** Its parameter is a JSON array of lines; a line is a JSON array of the values of a row. */
function insertStatement(client: Client, { name, columns }: TableShape): string {
  const columnList = columns.map((column) => client.escapeIdentifier(column.name)).join(", ");
  const values = columns.map(({ type }, index) => `(line->>${index})::${type}`).join(", ");
  return `INSERT INTO ${client.escapeIdentifier(name)} (${columnList}) OVERRIDING SYSTEM VALUE
    SELECT ${values} FROM jsonb_array_elements($1::jsonb) AS lines (line)`;
}

async function* inBatches(source: AsyncIterable<string[]>): AsyncGenerator<string[]> {
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
