import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { mapToUnavailable } from "../db/unavailable.ts";
import { erasedChats, history } from "../history/history.table.ts";
import { reports, subscriptions } from "../reports/reports.table.ts";

const ERASE_TIMEOUT_MS = 30_000;
/** A chat with more cache keys than this is erased from the cache by a purge of the client's whole cache. */
export const MAX_ERASED_KEYS = 500;

type ErasedRows = {
  records: number;
  /** The cache keys of the deleted records: at most `MAX_ERASED_KEYS`, and one more when there are more. */
  cacheKeys: string[];
};

/**
 * Deletes a chat's records, reports and subscription up to a moment, and notes the erasure in the database. Idempotent.
 * @throws {AppError} historial_no_disponible
 */
export type DeleteChatRows = (
  chat: { client: string; chatId: number },
  until: Date,
) => Promise<ErasedRows>;

export function createDeleteChatRows(database: Pick<Database, "query">): DeleteChatRows {
  return ({ client, chatId }, until) => {
    const moment = sql`${until.toISOString()}::timestamptz`;
    const eraseQuery = sql`
      WITH deleted AS (
        DELETE FROM ${history} WHERE cliente = ${client} AND chat_id = ${chatId} AND fecha <= ${moment}
        RETURNING clave_cache
      ), noted AS (
        INSERT INTO ${erasedChats} (cliente, chat_id, hasta) VALUES (${client}, ${chatId}, ${moment})
        ON CONFLICT (cliente, chat_id) DO UPDATE SET hasta = greatest(borrados.hasta, excluded.hasta)
      ), no_reports AS (
        DELETE FROM ${reports} WHERE cliente = ${client} AND chat_id = ${chatId} AND creado <= ${moment}
      ), no_subscription AS (
        DELETE FROM ${subscriptions} WHERE cliente = ${client} AND chat_id = ${chatId} AND cambiada <= ${moment}
      )
      SELECT (SELECT count(*) FROM deleted) AS records, coalesce(
        (SELECT json_agg(clave_cache) FROM
          (SELECT DISTINCT clave_cache FROM deleted LIMIT ${sql.raw(String(MAX_ERASED_KEYS + 1))}) AS keys),
        '[]') AS "cacheKeys"`;
    return mapToUnavailable(
      database.query(ERASE_TIMEOUT_MS, async (db) => {
        const { rows } = EraseResult.parse(await db.execute(eraseQuery));
        return rows[0];
      }),
    );
  };
}

const EraseResult = z.object({
  rows: z.tuple([z.object({ records: z.coerce.number(), cacheKeys: z.array(z.string()) })]),
});
