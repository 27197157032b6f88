import { is, sql, type SQL } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { z } from "zod";
import * as schema from "../schema.ts";
import type { Queries } from "../db/database.ts";

export const HISTORY = "consultas_ia";
const HISTORY_SEQUENCE = "consultas_ia_id_seq";
/** How long to wait for the lock. Waiting longer would block other writers. */
const LOCK_TIMEOUT = "3s";

/** The columns and the key of a table in the database. They may differ from this program's schema. */
export type TableShape = {
  name: string;
  columns: { name: string; type: string }[];
  /** The columns of its primary key. */
  key: string[];
};

/** ISO instants, `to` excluded; null: unbounded. */
export type DateRange = { from: string | null; to: string | null };

/** Rows as lines, in key order. */
export type Page = {
  lines: string[];
  /** Key of the last row, as text; null for an empty page. */
  after: string[] | null;
  /** Keys of all rows. */
  keys: string[][];
};

export type PageLimits = { rows: number; bytes: number };

export type Cut = { lastId: string; at: string };

/** Row count and sum of ids: changes with every row that is added or removed. */
export type Fingerprint = { rows: number; sum: string };

/** Every table except the history. Tables that the database does not have yet are left out of a backup. */
const SMALL_TABLES = Object.values(schema)
  .filter((table) => is(table, PgTable))
  .map((table) => getTableConfig(table).name)
  .filter((name) => name !== HISTORY);

/** Sets text formats that are independent of the server's settings and read back without loss. */
export async function setTextFormats(db: Queries): Promise<void> {
  await db.execute(
    sql`SELECT set_config(name, value, true) FROM (VALUES ('timezone', 'UTC'), ('datestyle', 'ISO, YMD'), ('intervalstyle', 'iso_8601'), ('bytea_output', 'hex'), ('extra_float_digits', '1')) AS forms (name, value)`,
  );
}

const Cuts = rowsOf(z.object({ lastId: z.string(), at: z.string() }));

/**
 * Takes the transaction's snapshot, its first read, while no transaction is writing to the history. Every row with an
 * id up to `lastId` is then visible, and no such row can appear later.
 */
export async function takeCut(db: Queries): Promise<Cut> {
  await db.execute(sql`SAVEPOINT no_writers`);
  await db.execute(sql.raw(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`));
  await db.execute(sql.raw(`LOCK TABLE ${HISTORY} IN SHARE MODE`));
  const result = await db.execute(
    sql`SELECT coalesce((SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = ${HISTORY_SEQUENCE}), 0)::text AS "lastId",
      to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`,
  );
  // Releases the lock for writers; the snapshot stays.
  await db.execute(sql`ROLLBACK TO SAVEPOINT no_writers`);
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

/** The shapes of the tables that exist, in the order of `names`. */
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
 * Date ranges of the history that have rows: one per monthly partition, and the gaps between and around them. Rows are
 * selected by date and never by partition, so a partition that is created or dropped during the backup changes nothing.
 */
export async function historyRanges(db: Queries): Promise<DateRange[]> {
  const result = await db.execute(sql`
    SELECT to_char(month, 'YYYY-MM-DD"T"00:00:00.000"Z"') AS from,
      to_char(month + interval '1 month', 'YYYY-MM-DD"T"00:00:00.000"Z"') AS to
    FROM (
      SELECT to_date(right(relname, 7), 'YYYY_MM')::timestamp AS month FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = ${HISTORY}::regclass AND relname ~ '^consultas_ia_\\d{4}_\\d{2}$'
    ) AS months ORDER BY month`);
  const ranges: DateRange[] = [];
  let from: string | null = null;
  for (const month of Months.parse(result).rows) {
    if (month.from !== from) ranges.push({ from, to: month.from });
    ranges.push(month);
    from = month.to;
  }
  ranges.push({ from, to: null });
  const filled = ranges.map(
    (range) => sql`EXISTS (SELECT 1 FROM ${sql.identifier(HISTORY)} WHERE ${within(range)})`,
  );
  const found = await db.execute(sql`SELECT ARRAY[${sql.join(filled, sql`, `)}] AS filled`);
  const [row] = Filled.parse(found).rows;
  return ranges.filter((_, index) => row.filled?.[index]);
}

const Fingerprints = rowsOf(z.object({ rows: z.coerce.number(), sum: z.string() }));

/** Computes the fingerprint of a range, with an index-only scan where vacuum has run. */
export async function fingerprintOf(db: Queries, range: DateRange): Promise<Fingerprint> {
  const result = await db.execute(sql`
    SELECT count(*) AS rows, coalesce(sum(('x' || right(solicitud_id::text, 12))::bit(48)::bigint), 0)::text AS sum
    FROM ${sql.identifier(HISTORY)} WHERE ${within(range)}`);
  return Fingerprints.parse(result).rows[0];
}

/** The term of one row in the fingerprint: the last 48 bits of its request id. */
export function fingerprintOfRow(requestId: string): bigint {
  return BigInt(`0x${requestId.slice(-12)}`);
}

/** A condition on the rows of a table. */
export type RowFilter = SQL;

/** The rows of a range that belong to the backup: up to the last id of its cut. */
export function historyRows(range: DateRange, lastId: string): RowFilter {
  return sql`${within(range)} AND id <= ${lastId}::bigint`;
}

function within({ from, to }: DateRange): SQL {
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
 * Reads the rows after a key, within both limits but at least one. A line is a JSON array of PostgreSQL's text values
 * (null for NULL), so that it reads back exactly.
 */
export async function readPage(
  db: Queries,
  { name, columns, key }: TableShape,
  rows: RowFilter | undefined,
  after: string[] | null,
  limits: PageLimits,
): Promise<Page> {
  const text = (column: string): SQL => sql`${sql.identifier(column)}::text`;
  const list = (items: SQL[]): SQL => sql.join(items, sql`, `);
  const keyColumns = list(key.map((column) => sql`${sql.identifier(column)}`));
  const typeOf = (column: string): string =>
    columns.find(({ name: known }) => known === column)?.type ?? "text";
  const afterKey = after
    ? sql`(${keyColumns}) > (${list(key.map((column, index) => sql`${after[index]}::${sql.raw(typeOf(column))}`))})`
    : sql`true`;
  const result = await db.execute(sql`
    SELECT _line AS line, _key AS key FROM (
      SELECT *, sum(octet_length(_line)) OVER (ORDER BY ${keyColumns}) - octet_length(_line) AS _before
      FROM (
        SELECT ${keyColumns}, json_build_array(${list(columns.map((column) => text(column.name)))})::text AS _line,
          json_build_array(${list(key.map(text))}) AS _key
        FROM ${sql.identifier(name)} WHERE ${rows ?? sql`true`} AND ${afterKey} ORDER BY ${keyColumns} LIMIT ${limits.rows}
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

/** Last value of every used sequence that the tables depend on. */
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

/** Journal timestamp of the newest applied migration, in ms since 1970; 0 without migrations. */
export async function newestMigration(db: Queries): Promise<number> {
  const result = await db.execute(
    sql`SELECT coalesce(max(created_at), 0)::text AS when FROM drizzle.__drizzle_migrations`,
  );
  return Applied.parse(result).rows[0].when;
}

function rowsOf<Row extends z.ZodType>(row: Row) {
  return z.object({ rows: z.tuple([row]) });
}
