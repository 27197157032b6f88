import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/db/database.ts";
import { createHistory, type History, type HistoryFilter } from "../../src/history/history.ts";

type Statement = { query: string; params: unknown[] };
type Plan = {
  "Node Type": string;
  "Relation Name"?: string | undefined;
  Plans?: Plan[] | undefined;
};

const Plan: z.ZodType<Plan> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
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
const AFTER = "019af000-0000-7000-8000-000000000000";

const QUESTIONS: [name: string, filter: HistoryFilter][] = [
  ["a chat", CHAT],
  ["a task of a chat", { ...CHAT, task: "resumir" }],
  ["a language of a chat", { ...CHAT, language: "es" }],
  ["words in a chat", { ...CHAT, search: "facturas" }],
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
    ["a count", (asked: HistoryFilter) => (one: History) => one.count(asked)],
  ] as const)(
    "%s uses an index in every partition, and only the month's own where dates bound it",
    async ([, ask]) => {
      const all = await stepsOf(ask(filter));
      expect(all.filter((step) => step["Node Type"] === "Seq Scan")).toEqual([]);
      expect(partitionsIn(all).length).toBeGreaterThan(1);

      const bounded = await stepsOf(ask({ ...filter, ...MONTH }));
      expect(bounded.filter((step) => step["Node Type"] === "Seq Scan")).toEqual([]);
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

it("an erasure finds its rows by an index", async () => {
  const steps = await stepsOf((one) => one.erase({ client: "nadie", chatId: 7 }, now));
  expect(steps.filter((step) => step["Node Type"] === "Seq Scan")).toEqual([]);
});
