import { DurableObject } from "cloudflare:workers";
import type { AlertState } from "../alerts/alert-state.ts";
import { AlertsStore } from "../alerts/alerts.store.ts";
import { ErasureLogStore } from "../backups/erasure-log.store.ts";
import { KvWritesStore } from "../cache/kv-writes.store.ts";
import type { PurgeEpochs } from "../cache/purge-epochs.ts";
import { PurgeEpochsStore } from "../cache/purge-epochs.store.ts";
import type { ChatErasure } from "../history/chat-erasure.ts";
import {
  WaitingChatsStore,
  type WaitingChat,
  type WaitingCount,
} from "../chats/waiting-chats.store.ts";
import type { FinishedRun, JobName } from "../jobs/job.ts";
import { JobLedgerStore, type CurrentRun, type JobEntry } from "../jobs/job-ledger.store.ts";
import type { ProviderReport, ProviderTrouble } from "../llm/provider-reports.ts";
import { ProviderTroubleStore } from "../llm/provider-trouble.store.ts";

/**
 * The one object with the state that the whole service shares. It only puts together the stores of the rooms that the
 * state belongs to, and gives them the time.
 */
export class CoordinatorObject extends DurableObject<Env> {
  readonly #jobs: JobLedgerStore;
  readonly #waitingChats: WaitingChatsStore;
  readonly #purgeEpochs: PurgeEpochsStore;
  readonly #kvWrites: KvWritesStore;
  readonly #erasures: ErasureLogStore;
  readonly #alerts: AlertsStore;
  readonly #providerTrouble: ProviderTroubleStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql, kv } = ctx.storage;
    this.#jobs = new JobLedgerStore(sql);
    this.#waitingChats = new WaitingChatsStore(sql);
    this.#purgeEpochs = new PurgeEpochsStore(sql);
    this.#kvWrites = new KvWritesStore(kv);
    this.#erasures = new ErasureLogStore(sql);
    this.#alerts = new AlertsStore(kv);
    this.#providerTrouble = new ProviderTroubleStore(kv);
  }

  recordJobStart(job: JobName, run: CurrentRun): void {
    this.#jobs.recordStart(job, run);
  }

  recordJobEnd(run: FinishedRun, servedMs: number): void {
    this.#jobs.recordEnd(run, servedMs);
  }

  listJobs(): JobEntry[] {
    return this.#jobs.entries();
  }

  addWaitingChat(chatName: string): void {
    this.#waitingChats.add(chatName, Date.now());
  }

  removeWaitingChat(chatName: string): void {
    this.#waitingChats.remove(chatName);
  }

  listWaitingChats(limit: number, after: WaitingChat | null = null): WaitingChat[] {
    return this.#waitingChats.list(limit, after);
  }

  countWaitingChats(): WaitingCount | null {
    return this.#waitingChats.count();
  }

  readPurgeEpochs(client: string): PurgeEpochs {
    return this.#purgeEpochs.read(client);
  }

  recordPurge(client: string, task: string | null): PurgeEpochs {
    return this.#purgeEpochs.purge(client, task, Date.now());
  }

  forgetPurges(beforeMs: number): number {
    return this.#purgeEpochs.forget(beforeMs);
  }

  spendKvWrites(writes: number): number {
    return this.#kvWrites.spend(writes, Date.now());
  }

  recordErasure(erasure: ChatErasure, heldUntilMs: number): void {
    this.#erasures.record(erasure, heldUntilMs);
  }

  listErasures(): ChatErasure[] {
    return this.#erasures.list();
  }

  forgetErasures(nowMs: number, oldestBackupMs: number): void {
    this.#erasures.forget(nowMs, oldestBackupMs);
  }

  readAlerts(): AlertState[] {
    return this.#alerts.read();
  }

  saveAlerts(states: AlertState[]): void {
    this.#alerts.save(states);
  }

  recordProviderReport(report: ProviderReport): void {
    this.#providerTrouble.record(report, Date.now());
  }

  readProviderTrouble(): ProviderTrouble | null {
    return this.#providerTrouble.read();
  }

  /** Responds when the object can read its storage. */
  ping(): void {
    this.ctx.storage.sql.exec("SELECT 1");
  }
}
