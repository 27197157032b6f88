import { DurableObject } from "cloudflare:workers";
import type { Config } from "../config.ts";
import { inJurisdiction } from "../lib/jurisdiction.ts";

/**
 * The one object that knows what the cron must look after, since a Worker cannot list Durable Objects: so far, the
 * chats whose records could not reach PostgreSQL.
 */
export class ClockObject extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS waiting_chats (name TEXT PRIMARY KEY, since_ms INTEGER NOT NULL) WITHOUT ROWID",
    );
  }

  /** Idempotent: a chat that is already on the list keeps its place. */
  join(chatName: string): void {
    this.ctx.storage.sql.exec(
      "INSERT OR IGNORE INTO waiting_chats (name, since_ms) VALUES (?, ?)",
      chatName,
      Date.now(),
    );
  }

  leave(chatName: string): void {
    this.ctx.storage.sql.exec("DELETE FROM waiting_chats WHERE name = ?", chatName);
  }

  /** The names of the chats that have waited longest. */
  waitingChats(limit: number): string[] {
    return this.ctx.storage.sql
      .exec<{ name: string }>("SELECT name FROM waiting_chats ORDER BY since_ms LIMIT ?", limit)
      .toArray()
      .map(({ name }) => name);
  }

  /** Answers when the object can read its storage. */
  ping(): void {
    this.ctx.storage.sql.exec("SELECT 1");
  }
}

/** There is one for the whole service. */
export function clockStub(env: Env, config: Config): DurableObjectStub<ClockObject> {
  return inJurisdiction(env.CLOCK, config).getByName("clock");
}
