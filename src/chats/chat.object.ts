import { DurableObject } from "cloudflare:workers";
import { Alarm } from "../durable/alarm.ts";
import { toRpcError } from "../errors.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { describeError, log } from "../lib/log.ts";
import type { HistoryRecord } from "../tasks/history-record.ts";
import type { TaskAnswer } from "../tasks/task-answer.ts";
import type { ChatCommand } from "../tasks/task-command.ts";
import { ChatDisk } from "./chat-disk.ts";
import { ChatEraser, type ChatEraserServices, type ErasureCounts } from "./chat-eraser.ts";
import type { ModeChoice, ModeState } from "./chat-modes.ts";
import { IdempotentAnswers } from "./idempotent-answers.ts";
import { PaidWork, type PaidWorkServices } from "./paid-work.ts";
import { RecordOutbox, type RecordOutboxServices } from "./record-outbox.ts";

/** While work is running or waiting, an alarm fires within this time: it restarts an object that was evicted. */
const MAX_ALARM_DELAY_MS = MINUTE_MS;

type ChatServices = PaidWorkServices & RecordOutboxServices & ChatEraserServices;

/**
 * One chat of one client: its mode, its paid work, and its records on their way to PostgreSQL. Paid work belongs here
 * because the object's disk is written before its responses leave, and because the object outlives a client that hangs
 * up.
 */
export class ChatObject extends DurableObject<Env> {
  readonly #now: () => number;
  readonly #disk: ChatDisk;
  readonly #alarm: Alarm;
  readonly #records: RecordOutbox;
  readonly #paidWork: PaidWork;
  readonly #answers: IdempotentAnswers;
  readonly #eraser: ChatEraser;

  constructor(ctx: DurableObjectState, env: Env, services: ChatServices) {
    super(ctx, env);
    const { now } = services;
    const waitUntil = (work: Promise<unknown>): void => ctx.waitUntil(work);
    const arm = (): void => this.#arm();
    const disk = new ChatDisk(ctx.storage);
    const records = new RecordOutbox({ store: disk.records, services, arm, waitUntil });
    this.#now = now;
    this.#disk = disk;
    this.#alarm = new Alarm({ storage: ctx.storage, now, waitUntil });
    this.#records = records;
    this.#paidWork = new PaidWork({ disk, records, services, arm, waitUntil });
    this.#answers = new IdempotentAnswers(disk.answers, now);
    this.#eraser = new ChatEraser(disk, services, () => records.idle());
    // A new instance runs no work, so an intent on disk was interrupted. The alarm that was armed when the work began
    // is still on disk, and delivers the record.
    disk.recordInterruptedWork();
  }

  /** Runs a task, or replays its answer. @throws {AppError} as `PaidWork.run` */
  async run(command: ChatCommand): Promise<TaskAnswer> {
    try {
      return await this.#answers.answerOnce(command.idempotencyKey, () =>
        this.#paidWork.run(command),
      );
    } catch (error) {
      throw toRpcError(error);
    }
  }

  /** Keeps the record of a request that the Worker answered from the cache. Idempotent. */
  record(record: HistoryRecord): void {
    if (this.#eraser.isErased(record.at)) return;
    this.#records.add(record);
    this.#records.scheduleDelivery();
  }

  mode(): ModeState {
    return this.#disk.modes.current();
  }

  setMode(choice: ModeChoice): void {
    this.#disk.modes.choose(choice);
  }

  /** Delivers the waiting records within a short time, and returns how many still wait. */
  deliverNow(): Promise<number> {
    return this.#records.deliverNow();
  }

  /** Deletes the chat everywhere. Null when a part failed: then the alarm finishes the erasure. */
  async erase(client: string, chatId: number): Promise<ErasureCounts | null> {
    this.#paidWork.markRunningErased();
    const erased = await this.#eraser.erase(client, chatId);
    this.#arm();
    return erased;
  }

  /** Delivers records, continues an erasure and deletes expired rows. It never pays for work. */
  override async alarm(): Promise<void> {
    this.#alarm.fired();
    try {
      this.#disk.deleteExpired(this.#now());
      if (this.#eraser.isDue()) await this.#eraser.resume();
      await this.#records.retry();
    } catch (error) {
      log.error("chat_alarm_failed", describeError(error));
    }
    this.#arm();
  }

  #arm(): void {
    const retriesLater = this.#records.retryAtMs > this.#now();
    // The usual case, without a query.
    if (!retriesLater && this.#alarm.firesWithin(MAX_ALARM_DELAY_MS)) return;
    this.#alarm.arm(this.#nextDueMs());
  }

  #nextDueMs(): number {
    const nowMs = this.#now();
    const hasWaiting = this.#records.hasWaiting();
    if (hasWaiting && this.#records.retryAtMs > nowMs) return this.#records.retryAtMs;
    const cacheEntryMs = this.#eraser.nextCacheEntryMs();
    if (cacheEntryMs <= nowMs) return nowMs;
    const isBusy = hasWaiting || this.#paidWork.hasRunning() || this.#eraser.hasRowsLeft();
    if (isBusy) return nowMs + MAX_ALARM_DELAY_MS;
    return Math.min(cacheEntryMs, this.#disk.nextExpiryMs());
  }
}
