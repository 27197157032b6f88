import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { createEraseChatRows } from "../../src/chats/erase-chat-store.ts";
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
const Explained = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan })]) })]);

const client = new Client({ connectionString: inject("postgresUrl") });
const statements: Statement[] = [];

/** The history as the service has it, on one connection whose statements are written down. */
const db = drizzle(client, {
  logger: { logQuery: (query, params) => statements.push({ query, params }) },
});
const database: Database = {
  query: (_limitMs, work) => work(db),
  snapshot: (_limitMs, work) => work(db),
};
const history = createHistory(database);
const eraseChatRows = createEraseChatRows(database);

beforeAll(async () => {
  await client.connect();
  // Tables of a few rows are read whole; what matters is whether an index can be used.
  await client.query("SET enable_seqscan = off");
});
afterAll(() => client.end());

/** Every step of the plans of what a question asks. */
async function stepsOf(ask: (history: History) => Promise<unknown>): Promise<Plan[]> {
  statements.length = 0;
  await ask(history);
  const steps: Plan[] = [];
  for (const { query, params } of statements.slice()) {
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${query}`, params);
    steps.push(...flatten(Explained.parse(rows)[0]["QUERY PLAN"][0].Plan));
  }
  return steps;
}

function flatten(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(flatten)];
}

/** Looks up whose rows they are in an index, and looks nowhere else. */
function expectChatIndex(steps: Plan[]): void {
  const scans = steps.filter(({ "Node Type": type }) => type.endsWith(" Scan"));
  const lookups = scans.filter(({ "Node Type": type }) => LOOKUPS.has(type));
  expect(lookups.length).toBeGreaterThan(0);
  for (const { "Index Cond": condition } of lookups) expect(condition).toContain("chat_id");
  expect(
    scans.filter(({ "Node Type": type }) => !LOOKUPS.has(type) && type !== "Bitmap Heap Scan"),
  ).toEqual([]);
}

const LOOKUPS = new Set(["Index Scan", "Index Only Scan", "Bitmap Index Scan"]);

/** How often each partition is looked up. */
function probesIn(steps: Plan[]): Record<string, number> {
  const probes: Record<string, number> = {};
  for (const { "Relation Name": name } of steps) {
    if (name?.startsWith("consultas_ia")) probes[name] = (probes[name] ?? 0) + 1;
  }
  return probes;
}

const partitionsIn = (steps: Plan[]): string[] => [
  ...new Set(
    steps
      .flatMap((step) => step["Relation Name"] ?? [])
      .filter((name) => name.startsWith("consultas_ia")),
  ),
];

const CHAT: HistoryFilter = { client: "principal", chatId: 7 };
const now = new Date();
const MONTH = {
  from: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)),
  to: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 28)),
};
/** The id of a record of the middle of that month: a UUIDv7 begins with its milliseconds. */
const AFTER = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 14)
  .toString(16)
  .padStart(12, "0")
  .replace(/(.{8})(.{4})/, "$1-$2-7000-8000-000000000000");

const QUESTIONS: [name: string, filter: HistoryFilter][] = [
  ["a chat", CHAT],
  ["a task of a chat", { ...CHAT, task: "resumir" }],
  ["a language of a chat", { ...CHAT, language: "es" }],
  ["words in a chat", { ...CHAT, search: "facturas" }],
  ["all of it", { ...CHAT, task: "resumir", language: "es", search: "facturas" }],
];

describe.for(QUESTIONS)("%s", ([, filter]) => {
  it.for([
    [
      "a page",
      (asked: HistoryFilter) => (one: History) =>
        one.page({ filter: asked, order: "desc", limit: 5 }),
    ],
    [
      "the next page",
      (asked: HistoryFilter) => (one: History) =>
        one.rows({ filter: asked, order: "desc", limit: 5, after: AFTER }),
    ],
    [
      "a page from the oldest on",
      (asked: HistoryFilter) => (one: History) =>
        one.rows({ filter: asked, order: "asc", limit: 5, after: AFTER }),
    ],
    [
      "the last but one",
      (asked: HistoryFilter) => (one: History) =>
        one.rows({ filter: asked, order: "desc", limit: 1, offset: 1 }),
    ],
    [
      "an export",
      (asked: HistoryFilter) => (one: History) => one.each(asked, () => Promise.resolve()),
    ],
    ["a count", (asked: HistoryFilter) => (one: History) => one.count(asked)],
  ] as const)(
    "%s uses an index in every partition, and only the month's own where dates bound it",
    async ([, ask]) => {
      const all = await stepsOf(ask(filter));
      expectChatIndex(all);
      expect(partitionsIn(all).length).toBeGreaterThan(1);

      const bounded = await stepsOf(ask({ ...filter, ...MONTH }));
      expectChatIndex(bounded);
      // The DEFAULT one may hold anything.
      expect(partitionsIn(bounded).length).toBeLessThanOrEqual(2);
    },
  );
});

it("a report reads its own months by an index", async () => {
  const steps = await stepsOf((one) =>
    one.figures({ client: "principal", chatId: 7 }, { ...MONTH, timeZone: "Europe/Madrid" }),
  );
  expect(steps.filter((step) => step["Node Type"] === "Seq Scan")).toEqual([]);
  expect(partitionsIn(steps).length).toBeLessThanOrEqual(2);
});

it.for(QUESTIONS)("%s without dates is looked up once a partition", async ([, filter]) => {
  const steps = await stepsOf((one) => one.rows({ filter, order: "desc", limit: 5 }));
  expect(Math.max(...Object.values(probesIn(steps)))).toBe(1);
});

it("an erasure finds its rows by an index", async () => {
  const steps = await stepsOf(() => eraseChatRows({ client: "nadie", chatId: 7 }, now));
  expect(steps.filter((step) => step["Node Type"] === "Seq Scan")).toEqual([]);
});
