import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gte,
  ilike,
  lt,
  ne,
  or,
  sql,
  type SQL,
} from "drizzle-orm";
import type { Database, Queries } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";
import { history, type HistoryRecord } from "./history.table.ts";
import type { ReportFigures } from "./report-figures.ts";
import { figuresQuery, FiguresResult, toFigures, type Span } from "./report-figures-store.ts";

/** A batch that takes longer than this goes back to wait: nobody is kept from an answer by the history. */
const APPEND_LIMIT_MS = 1_000;
const READ_LIMIT_MS = 3_000;

const UNAVAILABLE =
  "El historial no responde ahora. Las tareas siguen funcionando y sus registros no se pierden; pregunta de nuevo en unos minutos.";

export type HistoryFilter = {
  client: string;
  chatId: number;
  task?: string | null;
  from?: Date | null;
  to?: Date | null;
  /** Words that the text or the result holds, in any case. */
  search?: string | null;
  language?: string | null;
};

export type HistoryPage = {
  filter: HistoryFilter;
  order: "asc" | "desc";
  limit: number;
  offset: number;
};

export type HistoryRow = Pick<
  typeof history.$inferSelect,
  "id" | "task" | "text" | "output" | "state" | "language" | "at" | "requestId"
>;

export type History = {
  /** Writes all records or none. Delivering one twice leaves one row. At most 500 in a call. */
  append: (records: HistoryRecord[]) => Promise<void>;
  /** One page of the records that people asked for, and how many match in all. @throws {AppError} historial_no_disponible */
  page: (page: HistoryPage) => Promise<{ rows: HistoryRow[]; total: number }>;
  /** Everything that a report says of a period. @throws {AppError} historial_no_disponible */
  figures: (chat: { client: string; chatId: number }, period: Span) => Promise<ReportFigures>;
  /** @throws {AppError} historial_no_disponible */
  count: (filter: HistoryFilter) => Promise<number>;
  /** Throws unless the database answers a query that reads nothing. */
  ping: () => Promise<void>;
};

/** The records in PostgreSQL. Every call is bounded in time. */
export function createHistory(database: Database): History {
  const read = async <T>(
    how: "query" | "snapshot",
    work: (db: Queries) => Promise<T>,
  ): Promise<T> => {
    try {
      return await database[how](READ_LIMIT_MS, work);
    } catch (cause) {
      log.error("history_read_failed", describeError(cause));
      throw new AppError("historial_no_disponible", { detail: UNAVAILABLE, cause });
    }
  };

  return {
    async append(records) {
      await database.query(APPEND_LIMIT_MS, (db) => db.execute(insertOf(records)));
    },
    page: ({ filter, order, limit, offset }) =>
      read("snapshot", async (db) => {
        const direction = order === "asc" ? asc : desc;
        const [rows, total] = await Promise.all([
          db
            .select({
              id: history.id,
              task: history.task,
              text: history.text,
              output: history.output,
              state: history.state,
              language: history.language,
              at: history.at,
              requestId: history.requestId,
            })
            .from(history)
            .where(matching(filter))
            .orderBy(direction(history.at), direction(history.requestId))
            .limit(limit)
            .offset(offset),
          countMatching(db, filter),
        ]);
        return { rows, total };
      }),
    figures: (chat, period) =>
      read("query", async (db) => {
        const { rows } = FiguresResult.parse(await db.execute(figuresQuery(chat, period)));
        return toFigures(rows[0].figures, period);
      }),
    count: (filter) => read("query", (db) => countMatching(db, filter)),
    async ping() {
      await read("query", (db) => db.execute("SELECT 1"));
    },
  };
}

const { id: _, ...WRITTEN } = getTableColumns(history);
const COLUMNS = Object.entries(WRITTEN).map(([key, { name }]) => [key, name] as const);
const COLUMN_NAMES = sql.raw(COLUMNS.map(([, name]) => `"${name}"`).join(", "));

/**
 * All records as one JSON parameter: drizzle's own insert has one for each value, which costs ten times the CPU for a
 * batch (measured with 40 records of 23 columns).
 */
function insertOf(records: HistoryRecord[]): SQL {
  const rows = records.map((record) => {
    const values = new Map<string, unknown>(Object.entries(record));
    return Object.fromEntries(COLUMNS.map(([key, name]) => [name, values.get(key)]));
  });
  return sql`INSERT INTO ${history} (${COLUMN_NAMES}) SELECT ${COLUMN_NAMES} FROM json_populate_recordset(NULL::${history}, ${JSON.stringify(rows)}::json) ON CONFLICT DO NOTHING`;
}

async function countMatching(db: Queries, filter: HistoryFilter): Promise<number> {
  const [row] = await db.select({ total: count() }).from(history).where(matching(filter));
  return row?.total ?? 0;
}

function matching(filter: HistoryFilter): SQL | undefined {
  const { client, chatId, task, from, to, search, language } = filter;
  const pattern = search ? `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%` : undefined;
  return and(
    eq(history.client, client),
    eq(history.chatId, chatId),
    // People were told of a failure when it happened; its row is for the accounts.
    ne(history.state, "fallida"),
    task ? eq(history.task, task) : undefined,
    from ? gte(history.at, from) : undefined,
    to ? lt(history.at, to) : undefined,
    language ? eq(history.language, language) : undefined,
    pattern ? or(ilike(history.text, pattern), ilike(history.output, pattern)) : undefined,
  );
}
