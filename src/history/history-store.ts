import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gte,
  lt,
  ne,
  sql,
  type SQL,
} from "drizzle-orm";
import { z } from "zod";
import type { Database, Queries } from "../db/database.ts";
import { mapToUnavailable } from "../db/unavailable.ts";
import { instantOfId } from "../lib/request-id.ts";
import { history } from "./history.table.ts";
import type { HistoryRecord } from "../tasks/history-record.ts";
import type { ReportFigures } from "../tasks/report-figures.ts";
import {
  figuresQuery,
  FiguresResult,
  manyFiguresQuery,
  ManyFiguresResult,
  toFigures,
  type TimeRange,
} from "./report-figures-store.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** A batch that takes longer stays in its outbox and is delivered again later. */
const APPEND_TIMEOUT_MS = 1_000;
const READ_TIMEOUT_MS = 3_000;
/** For statements that cover many chats. */
const BATCH_TIMEOUT_MS = 10_000;
/** For an export, which is as slow as its reader. */
const EXPORT_TIMEOUT_MS = 10 * MINUTE_MS;
const MAINTENANCE_TIMEOUT_MS = 30_000;
/** Maximum rows that a call of `deleteExpired` deletes, besides dropped partitions. */
export const MAX_DELETED_ROWS = 10_000;
const FIRST_BATCH_ROWS = 20;
const MAX_BATCH_ROWS = 500;
/** A batch is held in memory twice. An isolate has 128 MB. */
const BATCH_CHARS = 2_000_000;

export type HistoryFilter = {
  client: string;
  chatId: number;
  task?: string | null;
  from?: Date | null;
  to?: Date | null;
  /**
   * Words of the text or the result, in the syntax of PostgreSQL's websearch_to_tsquery. Ignores inflections and
   * accents.
   */
  search?: string | null;
  language?: string | null;
};

export type HistoryOrder = "asc" | "desc";

export type HistoryPage = {
  filter: HistoryFilter;
  order: HistoryOrder;
  limit: number;
  /** Request id of the record before the page. A request id also holds the time of its request. */
  after?: string | undefined;
  /** Records skipped before the page. */
  offset?: number;
};

export type HistoryRow = Pick<
  typeof history.$inferSelect,
  "id" | "task" | "text" | "output" | "state" | "language" | "at" | "requestId"
> & {
  /** Excerpt with the searched words between « and »; null without a search. */
  fragment: string | null;
};

export type History = {
  /** Writes all records or none. Idempotent: a record delivered twice is one row. At most 500 records per call. */
  append: (records: HistoryRecord[]) => Promise<void>;
  /** One page of records, and the number of all records that match. @throws {AppError} historial_no_disponible */
  page: (page: HistoryPage) => Promise<{ rows: HistoryRow[]; total: number }>;
  /** A page without the count. @throws {AppError} historial_no_disponible */
  rows: (page: HistoryPage) => Promise<HistoryRow[]>;
  /**
   * Reads every record of one snapshot, oldest first, in batches of bounded size. The next batch is read when
   * `take` has resolved. @throws {AppError} historial_no_disponible
   */
  each: (filter: HistoryFilter, take: (rows: HistoryRow[]) => Promise<void>) => Promise<void>;
  /** The figures of a report about a period. @throws {AppError} historial_no_disponible */
  figures: (chat: { client: string; chatId: number }, period: TimeRange) => Promise<ReportFigures>;
  /**
   * The figures of several chats, in the order of the argument, in one statement. @throws {AppError}
   * historial_no_disponible
   */
  manyFigures: (
    requests: { client: string; chatId: number; period: TimeRange }[],
  ) => Promise<ReportFigures[]>;
  /** @throws {AppError} historial_no_disponible */
  count: (filter: HistoryFilter) => Promise<number>;
  /**
   * Creates the partitions of this month and the following ones where they are missing. @throws {AppError}
   * historial_no_disponible
   */
  createPartitions: (now: Date, monthsAhead: number) => Promise<void>;
  /**
   * Deletes records older than their client's retention; drops whole monthly partitions where possible. Returns how
   * many rows it deleted one by one; when that equals `MAX_DELETED_ROWS`, more may be left.
   * @throws {AppError} historial_no_disponible
   */
  deleteExpired: (retention: HistoryRetention) => Promise<number>;
  /** Throws unless the database answers a query that reads no table. */
  ping: () => Promise<void>;
};

/** Records before an instant are deleted; null: none. */
export type HistoryRetention = {
  since: Date | null;
  /** Overrides for single clients. */
  own: ReadonlyMap<string, Date | null>;
};

/** The history in PostgreSQL. Every call has a deadline. */
export function createHistory(database: Database): History {
  const read = async <T>(
    method: "query" | "snapshot",
    work: (db: Queries) => Promise<T>,
    timeoutMs = READ_TIMEOUT_MS,
  ): Promise<T> => await mapToUnavailable(database[method](timeoutMs, work));

  return {
    async append(records) {
      await database.query(APPEND_TIMEOUT_MS, (db) => db.execute(insertQuery(records)));
    },
    page: (page) =>
      read("snapshot", async (db) => {
        const [rows, total] = await Promise.all([
          selectPage(db, page),
          countMatching(db, page.filter),
        ]);
        return { rows, total };
      }),
    rows: (page) => read("query", (db) => selectPage(db, page)),
    each: (filter, take) =>
      read(
        "snapshot",
        async (db) => {
          let limit = FIRST_BATCH_ROWS;
          let after: string | undefined;
          for (;;) {
            const rows = await selectPage(db, { filter, order: "asc", limit, after });
            if (rows.length > 0) await take(rows);
            if (rows.length < limit) return;
            after = rows.at(-1)?.requestId;
            limit = nextBatchRows(rows);
          }
        },
        EXPORT_TIMEOUT_MS,
      ),
    figures: (chat, period) =>
      read("query", async (db) => {
        const { rows } = FiguresResult.parse(await db.execute(figuresQuery(chat, period)));
        return toFigures(rows[0].figures, period);
      }),
    manyFigures: (requests) =>
      read(
        "query",
        async (db) => {
          const { rows } = ManyFiguresResult.parse(await db.execute(manyFiguresQuery(requests)));
          return requests.flatMap(({ period }, index) => {
            const row = rows[index];
            return row ? [toFigures(row.figures, period)] : [];
          });
        },
        BATCH_TIMEOUT_MS,
      ),
    count: (filter) => read("query", (db) => countMatching(db, filter)),
    async createPartitions(now, monthsAhead) {
      await read(
        "query",
        (db) =>
          db.execute(
            sql`SELECT crear_particion_consultas_ia(((${now.toISOString()}::timestamptz AT TIME ZONE 'UTC') + make_interval(months => mes))::date) FROM generate_series(0, ${monthsAhead}::int) AS mes`,
          ),
        MAINTENANCE_TIMEOUT_MS,
      );
    },
    deleteExpired: ({ since, own }) =>
      read(
        "query",
        async (db) => {
          const { rows } = DeletedResult.parse(
            await db.execute(
              sql`SELECT retener_consultas_ia(${since?.toISOString() ?? null}::timestamptz, ${JSON.stringify(Object.fromEntries(own))}::jsonb, ${MAX_DELETED_ROWS}::int) AS rows`,
            ),
          );
          return rows[0].rows;
        },
        MAINTENANCE_TIMEOUT_MS,
      ),
    async ping() {
      await read("query", (db) => db.execute("SELECT 1"));
    },
  };
}

const { id: _, ...WRITTEN } = getTableColumns(history);
const COLUMNS = Object.entries(WRITTEN).map(([key, { name }]) => [key, name] as const);
const COLUMN_NAMES = sql.raw(COLUMNS.map(([, name]) => `"${name}"`).join(", "));

type NewRow = Omit<typeof history.$inferInsert, "id">;

/**
 * Passes all records as one JSON parameter. Drizzle's insert uses one parameter per value and takes ten times the CPU
 * (measured with 40 records of 23 columns).
 */
function insertQuery(records: HistoryRecord[]): SQL {
  const rows = records.map((record) => {
    const values = new Map<string, unknown>(Object.entries(record satisfies NewRow));
    return Object.fromEntries(COLUMNS.map(([key, name]) => [name, values.get(key)]));
  });
  return sql`INSERT INTO ${history} (${COLUMN_NAMES}) SELECT ${COLUMN_NAMES} FROM json_populate_recordset(NULL::${history}, ${JSON.stringify(rows)}::json) ON CONFLICT DO NOTHING`;
}

const DeletedResult = z.object({ rows: z.tuple([z.object({ rows: z.int() })]) });

async function selectPage(
  db: Queries,
  { filter, order, limit, after, offset = 0 }: HistoryPage,
): Promise<HistoryRow[]> {
  const direction = order === "asc" ? asc : desc;
  return await db
    .select({
      id: history.id,
      task: history.task,
      text: history.text,
      output: history.output,
      state: history.state,
      language: history.language,
      at: history.at,
      requestId: history.requestId,
      fragment: fragmentOf(filter.search),
    })
    .from(history)
    .where(and(matchesFilter(filter), after === undefined ? undefined : isAfter(after, order)))
    .orderBy(direction(history.at), direction(history.requestId))
    .limit(limit)
    .offset(offset);
}

/** Estimates how many rows fit the next batch from the size of the last rows. */
function nextBatchRows(rows: readonly HistoryRow[]): number {
  const chars = rows.reduce((sum, { text, output }) => sum + text.length + output.length + 200, 0);
  const fitting = Math.floor(BATCH_CHARS / (chars / rows.length));
  return Math.min(Math.max(fitting, 1), MAX_BATCH_ROWS);
}

/** The row comparison uses the index; the comparison of `fecha` alone lets PostgreSQL skip whole partitions. */
function isAfter(requestId: string, order: HistoryOrder): SQL {
  const at = instantOfId(requestId).toISOString();
  return order === "asc"
    ? sql`${history.at} >= ${at}::timestamptz AND (${history.at}, ${history.requestId}) > (${at}::timestamptz, ${requestId}::uuid)`
    : sql`${history.at} <= ${at}::timestamptz AND (${history.at}, ${history.requestId}) < (${at}::timestamptz, ${requestId}::uuid)`;
}

const SPANISH = sql.raw("'consultas_es'::regconfig");
const ENGLISH = sql.raw("'consultas_en'::regconfig");
const HEADLINE = sql.raw("'StartSel=«, StopSel=», MaxFragments=2, MinWords=6, MaxWords=24'");

function fragmentOf(search: string | null | undefined): SQL<string | null> {
  if (!search) return sql<null>`NULL`;
  const words = sql`consultas_ia_dice(${history.text}, ${history.output})`;
  const spanish = sql`websearch_to_tsquery(${SPANISH}, ${search})`;
  const english = sql`websearch_to_tsquery(${ENGLISH}, ${search})`;
  return sql<string>`CASE WHEN to_tsvector(${SPANISH}, ${words}) @@ ${spanish}
    THEN ts_headline(${SPANISH}, ${words}, ${spanish}, ${HEADLINE})
    ELSE ts_headline(${ENGLISH}, ${words}, ${english}, ${HEADLINE}) END`;
}

function containsWords(search: string): SQL {
  return sql`consultas_ia_palabras(${history.text}, ${history.output}) @@
    (websearch_to_tsquery(${SPANISH}, ${search}) || websearch_to_tsquery(${ENGLISH}, ${search}))`;
}

async function countMatching(db: Queries, filter: HistoryFilter): Promise<number> {
  const [row] = await db.select({ total: count() }).from(history).where(matchesFilter(filter));
  return row?.total ?? 0;
}

function matchesFilter(filter: HistoryFilter): SQL | undefined {
  const { client, chatId, task, from, to, search, language } = filter;
  return and(
    eq(history.client, client),
    eq(history.chatId, chatId),
    // The caller already received the failure; its row only accounts for the cost.
    ne(history.state, "fallida"),
    // The model call behind a history question is not part of the history.
    ne(history.task, "consultar"),
    task ? eq(history.task, task) : undefined,
    from ? gte(history.at, from) : undefined,
    to ? lt(history.at, to) : undefined,
    language ? eq(history.language, language) : undefined,
    search ? containsWords(search) : undefined,
  );
}
