import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import * as schema from "../../src/schema.ts";

/** The migrations are written by hand, because drizzle-kit does not support partitions. This file compares both. */
const client = new Client({ connectionString: inject("postgresUrl") });
beforeAll(() => client.connect());
afterAll(() => client.end());

const tables = Object.values(schema).filter((table) => is(table, PgTable));

it("finds the tables of src/schema.ts", () => {
  expect(tables.length).toBeGreaterThan(1);
});

it.for(tables)(
  "defines the same columns of $_.name in the migrations and in the code",
  async (table) => {
    const { name, columns } = getTableConfig(table);
    const { rows } = await client.query<{ column: string; type: string; required: boolean }>(
      `SELECT attname AS column, format_type(atttypid, atttypmod) AS type, attnotnull AS required
     FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
      [name],
    );
    const declared = columns.map((column) => ({
      column: column.name,
      type: column.getSQLType(),
      required: column.notNull,
    }));
    const byName = (a: { column: string }, b: { column: string }): number =>
      a.column.localeCompare(b.column);
    expect(declared.toSorted(byName)).toEqual(rows.toSorted(byName));
  },
);

it.for(tables)(
  "defines the same keys and indexes of $_.name in the migrations and in the code",
  async (table) => {
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
    const declared = [
      ...primaryKeys.map((key) => columnsOf(key.columns)),
      ...indexes.map(({ config }) => columnsOf(config.columns)),
    ];
    expect(declared.map(String).toSorted()).toEqual(
      rows.map(({ columns }) => String(columns)).toSorted(),
    );
  },
);

it("sets the vacuum and fill settings of every partition", async () => {
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

it("limits statements to one minute, so that one whose client is gone ends", async () => {
  const { rows } = await client.query("SHOW statement_timeout");
  expect(rows).toEqual([{ statement_timeout: "1min" }]);
});
