import { DurableObject } from "cloudflare:workers";
import type { Config } from "../config.ts";
import type { PurgeEpochs } from "../cache/purge-epochs.ts";
import type { TaskType } from "../tasks/types/registry.ts";
import { inJurisdiction } from "../lib/jurisdiction.ts";
import { JobBook, type Claim, type JobEntry } from "./job-book.ts";
import type { FinishedRun, JobName } from "./job.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS waiting_chats (name TEXT PRIMARY KEY, since_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS purges (
  client TEXT NOT NULL,
  task TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (client, task)
) WITHOUT ROWID;
`;

type KvWrites = { day: string; count: number };

/** A chat whose records wait, and since when. */
export type WaitingChat = { name: string; sinceMs: number };

/**
 * The one object that knows what the whole service must agree on: who runs which job, the chats whose records could
 * not reach PostgreSQL (a Worker cannot list Durable Objects), the purges of the cache, and the day's KV writes.
 */
export class ClockObject extends DurableObject<Env> {
  readonly #book: JobBook;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(SCHEMA);
    this.#book = new JobBook(ctx.storage.sql);
  }

  /** Takes a job's lock, unless a run holds it or has ended for that time already. */
  claimJob(claim: Claim): ReturnType<JobBook["claim"]> {
    return this.#book.claim(claim, Date.now());
  }

  /** False when the lock is another's by now. */
  renewJob(job: JobName, runId: string): boolean {
    return this.#book.renew(job, runId, Date.now());
  }

  /** `servedMs`: the time of its crons that this run was for. Idempotent. */
  finishJob(run: FinishedRun, servedMs: number): void {
    this.#book.finish(run, servedMs);
  }

  jobs(): JobEntry[] {
    return this.#book.entries(Date.now());
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

  /** The chats that have waited longest; those behind `after`, where it is given. */
  waitingChats(limit: number, after: WaitingChat | null = null): WaitingChat[] {
    return this.ctx.storage.sql
      .exec<WaitingChat>(
        `SELECT name, since_ms AS sinceMs FROM waiting_chats WHERE (since_ms, name) > (?, ?)
         ORDER BY since_ms, name LIMIT ?`,
        ...[after?.sinceMs ?? 0, after?.name ?? "", limit],
      )
      .toArray();
  }

  purgeEpochs(client: string): PurgeEpochs {
    const epochs: PurgeEpochs = { all: 0, byTask: {} };
    for (const { task, times } of this.ctx.storage.sql.exec<{ task: TaskType | ""; times: number }>(
      "SELECT task, times FROM purges WHERE client = ?",
      client,
    )) {
      if (task === "") epochs.all = times;
      else epochs.byTask[task] = times;
    }
    return epochs;
  }

  /** Counts a purge of one task's results, or of all when it is null. */
  purge(client: string, task: TaskType | null): PurgeEpochs {
    this.ctx.storage.sql.exec(
      "INSERT INTO purges (client, task, times) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
      client,
      task ?? "",
    );
    return this.purgeEpochs(client);
  }

  /** Adds to this day's (UTC) KV writes, and gives their number. */
  spendKvWrites(writes: number): number {
    const { kv } = this.ctx.storage;
    const day = new Date().toISOString().slice(0, 10);
    const known = kv.get<KvWrites>("kv_writes");
    const count = (known?.day === day ? known.count : 0) + writes;
    kv.put<KvWrites>("kv_writes", { day, count });
    return count;
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
