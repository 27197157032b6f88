import { drizzle } from "drizzle-orm/node-postgres";
import {
  HISTORY,
  historyRows,
  setTextFormats,
  shapesOf,
  type TableShape,
} from "../../src/backups/backup-store.ts";
import { withPgClient } from "../lib/with-pg-client.ts";
import { countRows } from "./count-rows.ts";
import type { LineDigest } from "./line-digest.ts";
import { digestTable } from "./table-digest.ts";

/** `live` and `restored`: the number of rows. */
export type HistoryComparison = { live: number; restored: number; areEqual: boolean };

/** Compares all rows up to an id. Their order does not matter. */
export async function compareHistories(
  liveUrl: string,
  restoredUrl: string,
  lastId: string,
): Promise<HistoryComparison> {
  const shape = await withPgClient(liveUrl, async (client) => {
    const [historyShape] = await shapesOf(drizzle(client), [HISTORY]);
    return historyShape;
  });
  if (!shape) {
    const counts = await withPgClient(restoredUrl, (client) => countRows(client, [HISTORY]));
    return { live: 0, restored: counts[HISTORY] ?? 0, areEqual: false };
  }
  const live = await digestHistory(liveUrl, shape, lastId);
  const restored = await digestHistory(restoredUrl, shape, lastId);
  return { live: live.rows, restored: restored.rows, areEqual: live.equals(restored) };
}

async function digestHistory(url: string, shape: TableShape, lastId: string): Promise<LineDigest> {
  return await withPgClient(url, async (client) => {
    const db = drizzle(client);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SET LOCAL statement_timeout = 0");
    await setTextFormats(db);
    return await digestTable(db, shape, historyRows({ from: null, to: null }, lastId));
  });
}
