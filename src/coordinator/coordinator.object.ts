import { DurableObject } from "cloudflare:workers";
import type { AlertState } from "../alerts/alert-state.ts";
import type { ProviderReport, ProviderTrouble } from "../llm/provider-reports.ts";
import type { PurgeEpochs } from "../cache/purge-epochs.ts";
import { JobBook, type Claim, type JobEntry } from "./job-ledger.ts";
import type { FinishedRun, JobName } from "../jobs/job.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS waiting_chats (name TEXT PRIMARY KEY, since_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS purge_epochs (
  client TEXT NOT NULL,
  task TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (client, task)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erasures (
  client TEXT NOT NULL,
  chat_id INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  held_until_ms INTEGER NOT NULL,
  PRIMARY KEY (client, chat_id)
) WITHOUT ROWID;
`;

/** Whose chat was erased, and up to when. */
export type Erasure = { client: string; chatId: number; untilMs: number };
type KvWrites = { day: string; count: number };

/** A chat whose records wait, and since when. */
export type WaitingChat = { name: string; sinceMs: number };

/**
 * The one object with the state that the whole service shares: which job runs, the chats whose records could not reach
 * PostgreSQL (a Worker cannot list Durable Objects), the purges of the cache, and the day's KV writes.
 */
export class CoordinatorObject extends DurableObject<Env> {
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

  /** How many chats wait, and since when the first does. */
  waitingSince(): { chats: number; sinceMs: number } | null {
    const { chats, sinceMs } = this.ctx.storage.sql
      .exec<{ chats: number; sinceMs: number | null }>(
        "SELECT count(*) AS chats, min(since_ms) AS sinceMs FROM waiting_chats",
      )
      .one();
    return sinceMs === null ? null : { chats, sinceMs };
  }

  alerts(): AlertState[] {
    return this.ctx.storage.kv.get<AlertState[]>("alerts") ?? [];
  }

  keepAlerts(states: AlertState[]): void {
    this.ctx.storage.kv.put("alerts", states);
  }

  /** What an isolate saw of the model's provider. */
  noteProvider(report: ProviderReport): void {
    const { kv } = this.ctx.storage;
    if (report.answered) {
      kv.delete("provider_trouble");
      return;
    }
    const known = this.providerTrouble();
    kv.put<ProviderTrouble>("provider_trouble", {
      sinceMs: known?.sinceMs ?? Date.now(),
      calls: (known?.calls ?? 0) + report.calls,
      problem: report.problem,
    });
  }

  /** Null since the last answer. */
  providerTrouble(): ProviderTrouble | null {
    return this.ctx.storage.kv.get<ProviderTrouble>("provider_trouble") ?? null;
  }

  purgeEpochs(client: string): PurgeEpochs {
    const epochs: PurgeEpochs = { all: 0, byTask: {} };
    for (const { task, at_ms } of this.ctx.storage.sql.exec<{ task: string; at_ms: number }>(
      "SELECT task, at_ms FROM purge_epochs WHERE client = ?",
      client,
    )) {
      if (task === "") epochs.all = at_ms;
      else epochs.byTask[task] = at_ms;
    }
    return epochs;
  }

  /** Notes a purge of one task's results, or of all when it is null. Later than any other of the client's. */
  purge(client: string, task: string | null): PurgeEpochs {
    const { all, byTask } = this.purgeEpochs(client);
    const atMs = Math.max(
      Date.now(),
      all + 1,
      ...Object.values(byTask).map((known = 0) => known + 1),
    );
    this.ctx.storage.sql.exec(
      "INSERT INTO purge_epochs (client, task, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at_ms = ?3",
      ...[client, task ?? "", atMs],
    );
    return this.purgeEpochs(client);
  }

  /** Forgets purges before which nothing can be cached any more. Gives how many. */
  forgetPurges(beforeMs: number): number {
    return this.ctx.storage.sql
      .exec("DELETE FROM purge_epochs WHERE at_ms < ? RETURNING client", beforeMs)
      .toArray().length;
  }

  /**
   * Notes that a chat was erased, for as long as backups may hold it: a restore must know also where the database that
   * knew is lost.
   */
  noteErasure({ client, chatId, untilMs }: Erasure, heldUntilMs: number): void {
    this.ctx.storage.sql.exec(
      `INSERT INTO erasures (client, chat_id, until_ms, held_until_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET until_ms = max(until_ms, excluded.until_ms), held_until_ms = max(held_until_ms, excluded.held_until_ms)`,
      ...[client, chatId, untilMs, heldUntilMs],
    );
  }

  erasures(): Erasure[] {
    return this.ctx.storage.sql
      .exec<Erasure>("SELECT client, chat_id AS chatId, until_ms AS untilMs FROM erasures")
      .toArray();
  }

  /**
   * Those that had their time and that no backup holds any more: the oldest began when they were done. One may be kept
   * for longer than was foreseen, where nights were missed or the settings have changed.
   */
  forgetErasures(nowMs: number, oldestBackupMs: number): void {
    this.ctx.storage.sql.exec(
      "DELETE FROM erasures WHERE held_until_ms < ? AND until_ms < ?",
      ...[nowMs, oldestBackupMs],
    );
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
