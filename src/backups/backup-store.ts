import { is, sql, type SQL } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { z } from "zod";
import * as schema from "../schema.ts";
import type { Queries } from "../db/database.ts";

export const HISTORY = "consultas_ia";
const HISTORY_SEQUENCE = "consultas_ia_id_seq";
/** Rather than keep everyone waiting behind a long write. */
const LOCK_LIMIT = "3s";

/** A table as the database has it, whatever this program thinks of it. */
export type TableShape = {
  name: string;
  columns: { name: string; type: string }[];
  /** The columns of its primary key. */
  key: string[];
};

/** ISO instants; null: whenever. */
export type TimeSpan = { from: string | null; to: string | null };

/** Rows in the order of their key, as lines. */
export type Page = {
  lines: string[];
  /** The key of the last row, as text. */
  after: string[] | null;
  /** The keys of all of them. */
  keys: string[][];
};

export type PageLimits = { rows: number; bytes: number };

export type Cut = { lastId: string; at: string };

/** What the number and the ids of a span's rows come to: it changes with every row that comes or goes. */
export type Fingerprint = { rows: number; sum: string };

/** Every table but the history itself. Those that the database does not have yet are left out of a backup. */
const SMALL_TABLES = Object.values(schema)
  .filter((table) => is(table, PgTable))
  .map((table) => getTableConfig(table).name)
  .filter((name) => name !== HISTORY);

/** Texts that mean the same everywhere, and read back to the last digit. */
export async function setTextForms(db: Queries): Promise<void> {
  await db.execute(
    sql`SELECT set_config(name, value, true) FROM (VALUES ('timezone', 'UTC'), ('datestyle', 'ISO, YMD'), ('intervalstyle', 'iso_8601'), ('bytea_output', 'hex'), ('extra_float_digits', '1')) AS forms (name, value)`,
  );
}

const Cuts = rowsOf(z.object({ lastId: z.string(), at: z.string() }));

/**
 * Fixes the moment of a transaction's snapshot, its first read, to one at which nobody is writing to the history:
 * then every row with an id up to the last one is there, and none can come later.
 */
export async function takeCut(db: Queries): Promise<Cut> {
  await db.execute(sql`SAVEPOINT nobody_writes`);
  await db.execute(sql.raw(`SET LOCAL lock_timeout = '${LOCK_LIMIT}'`));
  await db.execute(sql.raw(`LOCK TABLE ${HISTORY} IN SHARE MODE`));
  const result = await db.execute(
    sql`SELECT coalesce((SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = ${HISTORY_SEQUENCE}), 0)::text AS "lastId",
      to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`,
  );
  // Lets writers go on; the snapshot stays.
  await db.execute(sql`ROLLBACK TO SAVEPOINT nobody_writes`);
  return Cuts.parse(result).rows[0];
}

const Shapes = z.object({
  rows: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      key: z.array(z.string()).min(1),
    }),
  ),
});

export async function smallTables(db: Queries): Promise<TableShape[]> {
  return await shapesOf(db, SMALL_TABLES);
}

export async function historyTable(db: Queries): Promise<TableShape> {
  const [shape] = await shapesOf(db, [HISTORY]);
  if (!shape) throw new Error(`There is no table ${HISTORY}`);
  return shape;
}

/** The shapes of those tables that there are, in the same order. */
export async function shapesOf(db: Queries, names: readonly string[]): Promise<TableShape[]> {
  const result = await db.execute(sql`
    SELECT c.relname AS name,
      (SELECT json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) ORDER BY attnum)
       FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
      (SELECT json_agg(attname ORDER BY k.n) FROM pg_index CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY AS k (attnum, n)
       JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
       WHERE indrelid = c.oid AND indisprimary) AS key
    FROM json_array_elements_text(${JSON.stringify(names)}::json) WITH ORDINALITY AS wanted (name, n)
    JOIN pg_class AS c ON c.oid = to_regclass(quote_ident(wanted.name))
    ORDER BY wanted.n`);
  return Shapes.parse(result).rows;
}

const Months = z.object({ rows: z.array(z.object({ from: z.string(), to: z.string() })) });
const Filled = rowsOf(z.object({ filled: z.array(z.boolean()).nullable() }));

/**
 * All of time that has rows: in months where the history has a partition for one, and in what lies between and around
 * them. Rows are always asked for by their date and never by their partition: one that is made or dropped meanwhile
 * changes nothing.
 */
export async function historySpans(db: Queries): Promise<TimeSpan[]> {
  const result = await db.execute(sql`
    SELECT to_char(month, 'YYYY-MM-DD"T"00:00:00.000"Z"') AS from,
      to_char(month + interval '1 month', 'YYYY-MM-DD"T"00:00:00.000"Z"') AS to
    FROM (
      SELECT to_date(right(relname, 7), 'YYYY_MM')::timestamp AS month FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = ${HISTORY}::regclass AND relname ~ '^consultas_ia_\\d{4}_\\d{2}$'
    ) AS months ORDER BY month`);
  const spans: TimeSpan[] = [];
  let from: string | null = null;
  for (const month of Months.parse(result).rows) {
    if (month.from !== from) spans.push({ from, to: month.from });
    spans.push(month);
    from = month.to;
  }
  spans.push({ from, to: null });
  const filled = spans.map(
    (span) => sql`EXISTS (SELECT 1 FROM ${sql.identifier(HISTORY)} WHERE ${within(span)})`,
  );
  const found = await db.execute(sql`SELECT ARRAY[${sql.join(filled, sql`, `)}] AS filled`);
  const [row] = Filled.parse(found).rows;
  return spans.filter((_, index) => row.filled?.[index]);
}

const Fingerprints = rowsOf(z.object({ rows: z.coerce.number(), sum: z.string() }));

/** Reads an index alone, where vacuum has been. */
export async function fingerprintOf(db: Queries, span: TimeSpan): Promise<Fingerprint> {
  const result = await db.execute(sql`
    SELECT count(*) AS rows, coalesce(sum(('x' || right(solicitud_id::text, 12))::bit(48)::bigint), 0)::text AS sum
    FROM ${sql.identifier(HISTORY)} WHERE ${within(span)}`);
  return Fingerprints.parse(result).rows[0];
}

/** The same of rows that were read: a UUID counts by its last 48 bits. */
export function fingerprintTerm(requestId: string): bigint {
  return BigInt(`0x${requestId.slice(-12)}`);
}

export function historyRows(span: TimeSpan, lastId: string): SQL {
  return sql`${within(span)} AND id <= ${lastId}::bigint`;
}

function within({ from, to }: TimeSpan): SQL {
  return sql.join(
    [
      sql`true`,
      ...(from === null ? [] : [sql`fecha >= ${from}::timestamptz`]),
      ...(to === null ? [] : [sql`fecha < ${to}::timestamptz`]),
    ],
    sql` AND `,
  );
}

const Lines = z.object({ rows: z.array(z.object({ line: z.string(), key: z.array(z.string()) })) });

/**
 * The rows behind a key, at most so many and so large together, but one if there is one. A line is a JSON array of
 * PostgreSQL's own texts (null for NULL), so that it reads back exactly.
 */
export async function readPage(
  db: Queries,
  { name, columns, key }: TableShape,
  rows: SQL | undefined,
  after: string[] | null,
  limits: PageLimits,
): Promise<Page> {
  const text = (column: string): SQL => sql`${sql.identifier(column)}::text`;
  const list = (items: SQL[]): SQL => sql.join(items, sql`, `);
  const keyColumns = list(key.map((column) => sql`${sql.identifier(column)}`));
  const typeOf = (column: string): string =>
    columns.find((one) => one.name === column)?.type ?? "text";
  const beyond = after
    ? sql`(${keyColumns}) > (${list(key.map((column, index) => sql`${after[index]}::${sql.raw(typeOf(column))}`))})`
    : sql`true`;
  const result = await db.execute(sql`
    SELECT _line AS line, _key AS key FROM (
      SELECT *, sum(octet_length(_line)) OVER (ORDER BY ${keyColumns}) - octet_length(_line) AS _before
      FROM (
        SELECT ${keyColumns}, json_build_array(${list(columns.map((column) => text(column.name)))})::text AS _line,
          json_build_array(${list(key.map(text))}) AS _key
        FROM ${sql.identifier(name)} WHERE ${rows ?? sql`true`} AND ${beyond} ORDER BY ${keyColumns} LIMIT ${limits.rows}
      ) AS page
    ) AS sized WHERE _before < ${limits.bytes} ORDER BY ${keyColumns}`);
  const read = Lines.parse(result).rows;
  return {
    lines: read.map(({ line }) => line),
    keys: read.map((row) => row.key),
    after: read.at(-1)?.key ?? null,
  };
}

const Sequences = z.object({ rows: z.array(z.object({ name: z.string(), value: z.string() })) });

/** The last value of every sequence that a table of ours takes its numbers from, if it has given any. */
export async function sequencesOf(
  db: Queries,
  tables: readonly string[],
): Promise<Record<string, string>> {
  const result = await db.execute(sql`
    SELECT sequencename AS name, last_value::text AS value FROM pg_sequences
    WHERE last_value IS NOT NULL AND to_regclass(quote_ident(schemaname) || '.' || quote_ident(sequencename)) IN (
      SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
        AND deptype IN ('a', 'i') AND refobjid IN (
          SELECT to_regclass(quote_ident(name)) FROM json_array_elements_text(${JSON.stringify(tables)}::json) AS wanted (name)
        )
    ) ORDER BY sequencename`);
  return Object.fromEntries(Sequences.parse(result).rows.map(({ name, value }) => [name, value]));
}

const Applied = rowsOf(z.object({ when: z.coerce.number() }));

/** The time stamp of the newest migration that the database has. */
export async function newestMigration(db: Queries): Promise<number> {
  const result = await db.execute(
    sql`SELECT coalesce(max(created_at), 0)::text AS when FROM drizzle.__drizzle_migrations`,
  );
  return Applied.parse(result).rows[0].when;
}

function rowsOf<Row extends z.ZodType>(row: Row) {
  return z.object({ rows: z.tuple([row]) });
}
