import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { createDeleteChatRows } from "../../src/chats/erase-chat-store.ts";
import type { Database } from "../../src/db/database.ts";
import {
  createHistory,
  type History,
  type HistoryFilter,
} from "../../src/history/history-store.ts";

type Statement = { query: string; params: unknown[] };
type Plan = {
  "Node Type": string;
  "Relation Name"?: string | undefined;
  "Index Cond"?: string | undefined;
  Plans?: Plan[] | undefined;
};

const Plan: z.ZodType<Plan> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    "Index Cond": z.string().optional(),
    Plans: z.array(Plan).optional(),
  }),
);
const ExplainRows = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan })]) })]);

const client = new Client({ connectionString: inject("postgresUrl") });
const statements: Statement[] = [];

/** The history store of the service, on one connection that records its statements. */
const db = drizzle(client, {
  logger: { logQuery: (query, params) => statements.push({ query, params }) },
});
const database: Database = {
  query: (_timeoutMs, work) => work(db),
  snapshot: (_timeoutMs, work) => work(db),
};
const history = createHistory(database);
const deleteChatRows = createDeleteChatRows(database);

beforeAll(async () => {
  await client.connect();
  // The planner scans tables of a few rows. The test checks whether it can use an index.
  await client.query("SET enable_seqscan = off");
});
afterAll(() => client.end());

/** Runs a query of the store and returns every node of the plans of its statements. */
async function planNodesOf(run: (history: History) => Promise<unknown>): Promise<Plan[]> {
  statements.length = 0;
  await run(history);
  const nodes: Plan[] = [];
  for (const { query, params } of statements.slice()) {
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${query}`, params);
    nodes.push(...flatten(ExplainRows.parse(rows)[0]["QUERY PLAN"][0].Plan));
  }
  return nodes;
}

function flatten(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(flatten)];
}

/** Expects that the plan finds the rows of the chat with an index, and scans nothing else. */
function expectChatIndex(nodes: Plan[]): void {
  const scans = nodes.filter(({ "Node Type": type }) => type.endsWith(" Scan"));
  const lookups = scans.filter(({ "Node Type": type }) => LOOKUPS.has(type));
  expect(lookups.length).toBeGreaterThan(0);
  for (const { "Index Cond": condition } of lookups) expect(condition).toContain("chat_id");
  expect(
    scans.filter(({ "Node Type": type }) => !LOOKUPS.has(type) && type !== "Bitmap Heap Scan"),
  ).toEqual([]);
}

const LOOKUPS = new Set(["Index Scan", "Index Only Scan", "Bitmap Index Scan"]);

/** Counts the scans of each partition. */
function countScans(nodes: Plan[]): Record<string, number> {
  const scans: Record<string, number> = {};
  for (const { "Relation Name": name } of nodes) {
    if (name?.startsWith("consultas_ia")) scans[name] = (scans[name] ?? 0) + 1;
  }
  return scans;
}

const partitionsIn = (nodes: Plan[]): string[] => [
  ...new Set(
    nodes
      .flatMap((node) => node["Relation Name"] ?? [])
      .filter((name) => name.startsWith("consultas_ia")),
  ),
];

const CHAT: HistoryFilter = { client: "principal", chatId: 7 };
const now = new Date();
const MONTH = {
  from: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)),
  to: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 28)),
};
/** The id of a record in the middle of that month: a UUIDv7 begins with its time in milliseconds. */
const AFTER = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 14)
  .toString(16)
  .padStart(12, "0")
  .replace(/(.{8})(.{4})/, "$1-$2-7000-8000-000000000000");

const FILTERS: [name: string, filter: HistoryFilter][] = [
  ["chat", CHAT],
  ["chat and task", { ...CHAT, task: "resumir" }],
  ["chat and language", { ...CHAT, language: "es" }],
  ["chat and search", { ...CHAT, search: "facturas" }],
  ["every criterion", { ...CHAT, task: "resumir", language: "es", search: "facturas" }],
];

describe.for(FILTERS)("the history store with a filter by %s", ([, filter]) => {
  it.for([
    [
      "a page",
      (criteria: HistoryFilter) => (store: History) =>
        store.page({ filter: criteria, order: "desc", limit: 5 }),
    ],
    [
      "the next page",
      (criteria: HistoryFilter) => (store: History) =>
        store.rows({ filter: criteria, order: "desc", limit: 5, after: AFTER }),
    ],
    [
      "a page in ascending order",
      (criteria: HistoryFilter) => (store: History) =>
        store.rows({ filter: criteria, order: "asc", limit: 5, after: AFTER }),
    ],
    [
      "the second newest row",
      (criteria: HistoryFilter) => (store: History) =>
        store.rows({ filter: criteria, order: "desc", limit: 1, offset: 1 }),
    ],
    [
      "an export",
      (criteria: HistoryFilter) => (store: History) =>
        store.each(criteria, () => Promise.resolve()),
    ],
    ["a count", (criteria: HistoryFilter) => (store: History) => store.count(criteria)],
  ] as const)(
    "reads %s with an index in every partition, and only in the partition of the month when dates bound it",
    async ([, query]) => {
      const all = await planNodesOf(query(filter));
      expectChatIndex(all);
      expect(partitionsIn(all).length).toBeGreaterThan(1);

      const bounded = await planNodesOf(query({ ...filter, ...MONTH }));
      expectChatIndex(bounded);
      // The DEFAULT partition may contain rows of any month.
      expect(partitionsIn(bounded).length).toBeLessThanOrEqual(2);
    },
  );
});

it("reads the figures of a report with an index, only in the partition of its month", async () => {
  const nodes = await planNodesOf((store) =>
    store.figures({ client: "principal", chatId: 7 }, { ...MONTH, timeZone: "Europe/Madrid" }),
  );
  expect(nodes.filter((node) => node["Node Type"] === "Seq Scan")).toEqual([]);
  expect(partitionsIn(nodes).length).toBeLessThanOrEqual(2);
});

it.for(FILTERS)(
  "scans each partition once for a filter by %s without dates",
  async ([, filter]) => {
    const nodes = await planNodesOf((store) => store.rows({ filter, order: "desc", limit: 5 }));
    expect(Math.max(...Object.values(countScans(nodes)))).toBe(1);
  },
);

it("finds the rows of an erased chat with an index", async () => {
  const nodes = await planNodesOf(() => deleteChatRows({ client: "nadie", chatId: 7 }, now));
  expect(nodes.filter((node) => node["Node Type"] === "Seq Scan")).toEqual([]);
});
