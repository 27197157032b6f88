import { drizzle } from "drizzle-orm/node-postgres";
import type { Client } from "pg";
import { shapesOf } from "../../src/backups/backup-store.ts";
import { createDeleteChatRows } from "../../src/chats/erase-chat-store.ts";
import type { ChatErasure } from "../../src/history/chat-erasure.ts";
import { createClientDatabase } from "../lib/client-database.ts";
import { withPgClient } from "../lib/with-pg-client.ts";

/** The table that records the erased chats. */
export const ERASURES = "borrados";

/** The erased chats that a database records. */
export async function readErasuresAt(url: string): Promise<ChatErasure[]> {
  return await withPgClient(url, readErasures);
}

/** Empty if the database has no table of erasures. */
export async function readErasures(client: Client): Promise<ChatErasure[]> {
  const [table] = await shapesOf(drizzle(client), [ERASURES]);
  if (!table) return [];
  const { rows } = await client.query<{ client: string; chatId: string; untilMs: string }>(
    `SELECT cliente AS client, chat_id AS "chatId", ceil(extract(epoch FROM hasta) * 1000)::bigint AS "untilMs" FROM ${ERASURES}`,
  );
  return rows.map((row) => ({
    client: row.client,
    chatId: Number(row.chatId),
    untilMs: Number(row.untilMs),
  }));
}

/** Erases chats as the service does. Returns the number of deleted history rows. */
export async function eraseChats(
  client: Client,
  erasures: readonly ChatErasure[],
): Promise<number> {
  const deleteChatRows = createDeleteChatRows(createClientDatabase(client));
  let deleted = 0;
  for (const { untilMs, ...chat } of latestPerChat(erasures)) {
    deleted += (await deleteChatRows(chat, new Date(untilMs))).records;
  }
  return deleted;
}

function latestPerChat(erasures: readonly ChatErasure[]): ChatErasure[] {
  const latest = new Map<string, ChatErasure>();
  for (const erasure of erasures) {
    const chat = JSON.stringify([erasure.client, erasure.chatId]);
    const untilMs = Math.max(erasure.untilMs, latest.get(chat)?.untilMs ?? 0);
    latest.set(chat, { ...erasure, untilMs });
  }
  return [...latest.values()];
}
