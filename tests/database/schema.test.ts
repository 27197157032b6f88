import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import * as schema from "../../src/schema.ts";

/** The migrations are written by hand, since drizzle-kit knows no partitions: here both must say the same. */
const client = new Client({ connectionString: inject("postgresUrl") });
beforeAll(() => client.connect());
afterAll(() => client.end());

const tables = Object.values(schema).filter((table) => is(table, PgTable));

it("reads the tables that there are", () => {
  expect(tables.length).toBeGreaterThan(1);
});

it.for(tables)("$_.name has the same columns in the migrations and in the code", async (table) => {
  const { name, columns } = getTableConfig(table);
  const { rows } = await client.query<{ column: string; type: string; required: boolean }>(
    `SELECT attname AS column, format_type(atttypid, atttypmod) AS type, attnotnull AS required
     FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [name],
  );
  const written = columns.map((column) => ({
    column: column.name,
    type: column.getSQLType(),
    required: column.notNull,
  }));
  const byName = (a: { column: string }, b: { column: string }): number =>
    a.column.localeCompare(b.column);
  expect(written.toSorted(byName)).toEqual(rows.toSorted(byName));
});

it.for(tables)("$_.name has the same keys and indexes", async (table) => {
  const { name, indexes, primaryKeys } = getTableConfig(table);
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY k.n) AS columns
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = $1::regclass AND i.indexprs IS NULL GROUP BY c.relname`,
    [name],
  );
  const columnsOf = (list: readonly object[]): string[] =>
    list.map((column) => ("name" in column ? String(column.name) : "?"));
  const written = [
    ...primaryKeys.map((key) => columnsOf(key.columns)),
    ...indexes.map(({ config }) => columnsOf(config.columns)),
  ];
  expect(written.map(String).toSorted()).toEqual(
    rows.map(({ columns }) => String(columns)).toSorted(),
  );
});

it("every month's partition, and the DEFAULT one, has its vacuum and fill settings", async () => {
  const { rows } = await client.query<{ settings: string[] | null }>(
    `SELECT DISTINCT reloptions AS settings FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = 'consultas_ia'::regclass`,
  );
  expect(rows).toEqual([
    {
      settings: [
        "fillfactor=100",
        "autovacuum_vacuum_insert_scale_factor=0.05",
        "autovacuum_analyze_scale_factor=0.05",
      ],
    },
  ]);
});

it("a statement that nobody waits for ends by itself", async () => {
  const { rows } = await client.query("SHOW statement_timeout");
  expect(rows).toEqual([{ statement_timeout: "1min" }]);
});
