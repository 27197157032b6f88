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
import { orUnavailable } from "../db/unavailable.ts";
import { deleteReports } from "../reports/reports-store.ts";
import { instantOfId } from "../lib/request-id.ts";
import { erasedChats, history } from "./history.table.ts";
import type { HistoryRecord } from "../tasks/history-record.ts";
import type { ReportFigures } from "../tasks/report-figures.ts";
import {
  figuresQuery,
  FiguresResult,
  manyFiguresQuery,
  ManyFiguresResult,
  toFigures,
  type Span,
} from "./report-figures-store.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** A batch that takes longer than this goes back to wait: nobody is kept from an answer by the history. */
const APPEND_LIMIT_MS = 1_000;
const READ_LIMIT_MS = 3_000;
/** Of a statement about many chats. */
const BATCH_LIMIT_MS = 10_000;
/** For a whole history, at the pace of whoever takes it. */
const EXPORT_LIMIT_MS = 10 * MINUTE_MS;
const ERASE_LIMIT_MS = 30_000;
/** More than this are forgotten by a purge of the client's whole cache. */
export const MAX_ERASED_KEYS = 500;
const UPKEEP_LIMIT_MS = 30_000;
export const MAX_FORGOTTEN_ROWS = 10_000;
const FIRST_BATCH_ROWS = 20;
const MAX_BATCH_ROWS = 500;
/** A batch is in memory twice, of the 128 MB that an isolate has. */
const BATCH_CHARS = 2_000_000;

export type HistoryFilter = {
  client: string;
  chatId: number;
  task?: string | null;
  from?: Date | null;
  to?: Date | null;
  /** What the text or the result says, as in a search engine; inflections and accents do not matter. */
  search?: string | null;
  language?: string | null;
};

export type HistoryOrder = "asc" | "desc";

export type HistoryPage = {
  filter: HistoryFilter;
  order: HistoryOrder;
  limit: number;
  /** The record after which the page begins; by its id, because that also tells when it was made. */
  after?: string | undefined;
  /** Records left out before the page. */
  offset?: number;
};

export type HistoryRow = Pick<
  typeof history.$inferSelect,
  "id" | "task" | "text" | "output" | "state" | "language" | "at" | "requestId"
> & {
  /** Where the words that were searched for stand, between « and »; null when none were. */
  fragment: string | null;
};

export type History = {
  /** Writes all records or none. Delivering one twice leaves one row. At most 500 in a call. */
  append: (records: HistoryRecord[]) => Promise<void>;
  /** One page of the records that people asked for, and how many match in all. @throws {AppError} historial_no_disponible */
  page: (page: HistoryPage) => Promise<{ rows: HistoryRow[]; total: number }>;
  /** A page without the count. @throws {AppError} historial_no_disponible */
  rows: (page: HistoryPage) => Promise<HistoryRow[]>;
  /**
   * Every record, oldest first, in batches of bounded size, all of one moment; a batch waits until the one before was
   * taken. @throws {AppError} historial_no_disponible
   */
  each: (filter: HistoryFilter, take: (rows: HistoryRow[]) => Promise<void>) => Promise<void>;
  /** Everything that a report says of a period. @throws {AppError} historial_no_disponible */
  figures: (chat: { client: string; chatId: number }, period: Span) => Promise<ReportFigures>;
  /** The same of a batch of chats, in their order, in one statement. @throws {AppError} historial_no_disponible */
  manyFigures: (
    asked: { client: string; chatId: number; span: Span }[],
  ) => Promise<ReportFigures[]>;
  /** @throws {AppError} historial_no_disponible */
  count: (filter: HistoryFilter) => Promise<number>;
  /**
   * Deletes a chat's records, reports and subscription up to a moment, and notes that it was done. `cacheKeys` are the
   * cache entries that the records tell of, at most `MAX_ERASED_KEYS`. Doing it twice does no harm.
   * @throws {AppError} historial_no_disponible
   */
  erase: (
    chat: { client: string; chatId: number },
    until: Date,
  ) => Promise<{ records: number; cacheKeys: string[] }>;
  /** Sees to it that this month and the following ones have their partitions. @throws {AppError} historial_no_disponible */
  makePartitions: (now: Date, monthsAhead: number) => Promise<void>;
  /**
   * Forgets what is older than its client keeps it, whole months at once where it can, and gives how many rows it
   * deleted one by one: at most `MAX_FORGOTTEN_ROWS`, and then there may be more.
   * @throws {AppError} historial_no_disponible
   */
  forget: (retention: Retention) => Promise<number>;
  /** Throws unless the database answers a query that reads nothing. */
  ping: () => Promise<void>;
};

/** From when on records are kept; null: all of them. */
export type Retention = {
  since: Date | null;
  /** Clients for whom it is another moment. */
  own: ReadonlyMap<string, Date | null>;
};

/** The records in PostgreSQL. Every call is bounded in time. */
export function createHistory(database: Database): History {
  const read = async <T>(
    how: "query" | "snapshot",
    work: (db: Queries) => Promise<T>,
    limitMs = READ_LIMIT_MS,
  ): Promise<T> => await orUnavailable(database[how](limitMs, work));

  return {
    async append(records) {
      await database.query(APPEND_LIMIT_MS, (db) => db.execute(insertOf(records)));
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
        EXPORT_LIMIT_MS,
      ),
    figures: (chat, period) =>
      read("query", async (db) => {
        const { rows } = FiguresResult.parse(await db.execute(figuresQuery(chat, period)));
        return toFigures(rows[0].figures, period);
      }),
    manyFigures: (asked) =>
      read(
        "query",
        async (db) => {
          const { rows } = ManyFiguresResult.parse(await db.execute(manyFiguresQuery(asked)));
          return asked.flatMap(({ span }, place) => {
            const row = rows[place];
            return row ? [toFigures(row.figures, span)] : [];
          });
        },
        BATCH_LIMIT_MS,
      ),
    count: (filter) => read("query", (db) => countMatching(db, filter)),
    erase: (chat, until) =>
      read(
        "query",
        async (db) => {
          const { rows } = ErasureResult.parse(await db.execute(eraseQuery(chat, until)));
          return rows[0];
        },
        ERASE_LIMIT_MS,
      ),
    async makePartitions(now, monthsAhead) {
      await read(
        "query",
        (db) =>
          db.execute(
            sql`SELECT crear_particion_consultas_ia(((${now.toISOString()}::timestamptz AT TIME ZONE 'UTC') + make_interval(months => mes))::date) FROM generate_series(0, ${monthsAhead}::int) AS mes`,
          ),
        UPKEEP_LIMIT_MS,
      );
    },
    forget: ({ since, own }) =>
      read(
        "query",
        async (db) => {
          const { rows } = ForgottenResult.parse(
            await db.execute(
              sql`SELECT retener_consultas_ia(${since?.toISOString() ?? null}::timestamptz, ${JSON.stringify(Object.fromEntries(own))}::jsonb, ${MAX_FORGOTTEN_ROWS}::int) AS rows`,
            ),
          );
          return rows[0].rows;
        },
        UPKEEP_LIMIT_MS,
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
 * All records as one JSON parameter: drizzle's own insert has one for each value, which costs ten times the CPU for a
 * batch (measured with 40 records of 23 columns).
 */
function insertOf(records: HistoryRecord[]): SQL {
  const rows = records.map((record) => {
    const values = new Map<string, unknown>(Object.entries(record satisfies NewRow));
    return Object.fromEntries(COLUMNS.map(([key, name]) => [name, values.get(key)]));
  });
  return sql`INSERT INTO ${history} (${COLUMN_NAMES}) SELECT ${COLUMN_NAMES} FROM json_populate_recordset(NULL::${history}, ${JSON.stringify(rows)}::json) ON CONFLICT DO NOTHING`;
}

const ForgottenResult = z.object({ rows: z.tuple([z.object({ rows: z.int() })]) });

const ErasureResult = z.object({
  rows: z.tuple([z.object({ records: z.coerce.number(), cacheKeys: z.array(z.string()) })]),
});

function eraseQuery({ client, chatId }: { client: string; chatId: number }, until: Date): SQL {
  const moment = sql`${until.toISOString()}::timestamptz`;
  return sql`
    WITH deleted AS (
      DELETE FROM ${history} WHERE cliente = ${client} AND chat_id = ${chatId} AND fecha <= ${moment}
      RETURNING clave_cache
    ), noted AS (
      INSERT INTO ${erasedChats} (cliente, chat_id, hasta) VALUES (${client}, ${chatId}, ${moment})
      ON CONFLICT (cliente, chat_id) DO UPDATE SET hasta = greatest(borrados.hasta, excluded.hasta)
    ), ${deleteReports({ client, chatId }, moment)}
    SELECT (SELECT count(*) FROM deleted) AS records, coalesce(
      (SELECT json_agg(clave_cache) FROM
        (SELECT DISTINCT clave_cache FROM deleted LIMIT ${sql.raw(String(MAX_ERASED_KEYS + 1))}) AS keys),
      '[]') AS "cacheKeys"`;
}

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
    .where(and(matching(filter), after === undefined ? undefined : beyond(after, order)))
    .orderBy(direction(history.at), direction(history.requestId))
    .limit(limit)
    .offset(offset);
}

/** As many as fit, if they are like the last ones. */
function nextBatchRows(rows: readonly HistoryRow[]): number {
  const chars = rows.reduce((sum, { text, output }) => sum + text.length + output.length + 200, 0);
  const fitting = Math.floor(BATCH_CHARS / (chars / rows.length));
  return Math.min(Math.max(fitting, 1), MAX_BATCH_ROWS);
}

/** The comparison of rows follows the index; that of `fecha` alone lets whole partitions be left out. */
function beyond(requestId: string, order: HistoryOrder): SQL {
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
  const said = sql`consultas_ia_dice(${history.text}, ${history.output})`;
  const spanish = sql`websearch_to_tsquery(${SPANISH}, ${search})`;
  const english = sql`websearch_to_tsquery(${ENGLISH}, ${search})`;
  return sql<string>`CASE WHEN to_tsvector(${SPANISH}, ${said}) @@ ${spanish}
    THEN ts_headline(${SPANISH}, ${said}, ${spanish}, ${HEADLINE})
    ELSE ts_headline(${ENGLISH}, ${said}, ${english}, ${HEADLINE}) END`;
}

function says(search: string): SQL {
  return sql`consultas_ia_palabras(${history.text}, ${history.output}) @@
    (websearch_to_tsquery(${SPANISH}, ${search}) || websearch_to_tsquery(${ENGLISH}, ${search}))`;
}

async function countMatching(db: Queries, filter: HistoryFilter): Promise<number> {
  const [row] = await db.select({ total: count() }).from(history).where(matching(filter));
  return row?.total ?? 0;
}

function matching(filter: HistoryFilter): SQL | undefined {
  const { client, chatId, task, from, to, search, language } = filter;
  return and(
    eq(history.client, client),
    eq(history.chatId, chatId),
    // People were told of a failure when it happened; its row is for the accounts.
    ne(history.state, "fallida"),
    // What a model was asked about a question is no piece of the history either.
    ne(history.task, "consultar"),
    task ? eq(history.task, task) : undefined,
    from ? gte(history.at, from) : undefined,
    to ? lt(history.at, to) : undefined,
    language ? eq(history.language, language) : undefined,
    search ? says(search) : undefined,
  );
}
