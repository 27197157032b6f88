import pLimit from "p-limit";
import { epochOf } from "../cache/purge-epochs.ts";
import type { CacheLevel, ResultCache } from "../cache/result-cache.ts";
import type { Config } from "../config.ts";
import { AppError, asProblem } from "../errors.ts";
import { DAY_MS } from "../lib/durations.ts";
import { log } from "../lib/log.ts";
import { createIdSource } from "../lib/request-id.ts";
import type { Llm } from "../llm/llm.ts";
import type { ReportFigures } from "../tasks/report-figures.ts";
import { toTaskAnswer, type TaskAnswer } from "../tasks/task-answer.ts";
import { cacheReader, mayReadCache, type ChatCommand } from "../tasks/task-command.ts";
import {
  toFailureRecord,
  toHistoryRecord,
  toIntentRecord,
  type TaskOutcome,
} from "../tasks/task-outcome.ts";
import type { Period } from "../tasks/types/task.ts";
import { executeWork, prepareWork, type CompletedWork, type Work } from "../tasks/work.ts";
import type { WorkResult } from "../tasks/work-result.ts";
import type { ChatDisk } from "./chat-disk.ts";
import type { ModeState } from "./chat-modes.ts";
import type { RecordOutbox } from "./record-outbox.ts";

/** An invocation has 6 connections: 4 for the model leave 2 for the history and the cache. */
const MAX_MODEL_CALLS = 4;
const MAX_QUEUED = 50;
const BUSY_RETRY_SECONDS = 5;

export type PaidWorkServices = {
  config: Config;
  cache: Pick<ResultCache<WorkResult>, "read">;
  history: {
    figures: (chat: { client: string; chatId: number }, period: Period) => Promise<ReportFigures>;
  };
  llm: Llm | undefined;
  now: () => number;
};

type PaidWorkOptions = {
  disk: ChatDisk;
  records: Pick<RecordOutbox, "scheduleDelivery" | "deliverNow">;
  services: PaidWorkServices;
  /** Arms the object's alarm for what is due next. */
  arm: () => void;
  waitUntil: (work: Promise<unknown>) => void;
};

/** One request for a task, while the chat runs it. */
type TaskRun = {
  command: ChatCommand;
  work: Work;
  /** Purge epoch and cache key: results from before a purge are under another slot. */
  slot: string;
  takenMode: ModeState | null;
  /** The number of erasures before the request. When it grows, nothing of the request is stored. */
  erasureCount: number;
  startMs: number;
};

type ConcludedRun = { outcome: TaskOutcome; answer: TaskAnswer };

/**
 * Runs the tasks of one chat and pays for each piece of work once: equal requests share the running work, or its kept
 * result. The intent is on disk before a model is called; result, answer and record are written in one transaction.
 */
export class PaidWork {
  readonly #disk: ChatDisk;
  readonly #records: PaidWorkOptions["records"];
  readonly #services: PaidWorkServices;
  readonly #arm: () => void;
  readonly #waitUntil: (work: Promise<unknown>) => void;
  readonly #nextId = createIdSource();
  readonly #limitCalls = pLimit(MAX_MODEL_CALLS);
  /** By slot. */
  readonly #running = new Map<string, Promise<ConcludedRun>>();
  #erasureCount = 0;

  constructor({ disk, records, services, arm, waitUntil }: PaidWorkOptions) {
    this.#disk = disk;
    this.#records = records;
    this.#services = services;
    this.#arm = arm;
    this.#waitUntil = waitUntil;
  }

  /** @throws {AppError} falta_tarea, chat_ocupado, and the errors of `prepareWork` and `executeWork` */
  async run(command: ChatCommand): Promise<TaskAnswer> {
    const { modes } = this.#disk;
    const work = this.#workOf(command);
    const slot = `${epochOf(command.epochs, work.type)}/${work.key}`;
    const takenMode = command.type === null ? modes.take() : null;
    const startMs = this.#services.now();
    const run = { command, work, slot, takenMode, erasureCount: this.#erasureCount, startMs };
    try {
      return (await this.#joinOrStart(run)).answer;
    } catch (error) {
      if (takenMode) modes.giveBack(takenMode);
      throw error;
    }
  }

  hasRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Call it when the chat is erased: running requests still get their answer, but nothing of them is stored. */
  markRunningErased(): void {
    this.#erasureCount += 1;
  }

  /** Uses the Worker's plan of a named task. Without a plan, the request or the chat's mode names the task. */
  #workOf(command: ChatCommand): Work {
    const { config, now } = this.#services;
    const { plan, text } = command;
    if (plan) return { ...plan, text };
    if (command.type !== null) {
      return prepareWork(config, { ...command, type: command.type }, now());
    }
    const { type, options } = this.#disk.modes.requireTask();
    const request = { ...command, type, options: { ...options, ...command.options } };
    return prepareWork(config, request, now());
  }

  async #joinOrStart(run: TaskRun): Promise<ConcludedRun> {
    const { slot, startMs } = run;
    const kept = mayReadCache(run) && this.#disk.work.finished(slot, startMs);
    if (kept) return this.#conclude(run, withoutCost(kept));

    const running = this.#running.get(slot);
    if (running) {
      const { outcome } = await running;
      return this.#conclude(run, withoutCost(outcome.result));
    }

    const started = this.#start(run);
    this.#running.set(slot, started);
    const settled = started.finally(() => this.#running.delete(slot));
    // Keeps the object alive until the work is done, also when the client disconnects.
    this.#waitUntil(settled.catch(() => undefined));
    return await settled;
  }

  async #start(run: TaskRun): Promise<ConcludedRun> {
    const { command, work } = run;
    if (cacheReader(run) === "chat") {
      const epoch = epochOf(command.epochs, work.type);
      const cached = await this.#services.cache.read(work.key, epoch);
      if (cached) {
        return this.#conclude(run, { ...withoutCost(cached.result), cache: cached.level });
      }
    }
    if (this.#limitCalls.pendingCount >= MAX_QUEUED) {
      throw new AppError("chat_ocupado", { retryAfterSeconds: BUSY_RETRY_SECONDS });
    }
    return await this.#limitCalls(() => this.#pay({ ...run, startMs: this.#services.now() }));
  }

  async #pay(run: TaskRun): Promise<ConcludedRun> {
    const { command, work, slot, takenMode, startMs } = run;
    const { llm, history } = this.#services;
    const requestId = this.#nextId(startMs);
    const record = toIntentRecord(requestId, command, work);
    this.#disk.work.begin(slot, { record, takenMode });
    this.#arm();
    try {
      const figuresOf = async (period: Period): Promise<ReportFigures> => {
        await this.#records.deliverNow();
        return history.figures({ client: command.client, chatId: command.chatId }, period);
      };
      const completed = await executeWork({ llm, figuresOf }, work);
      const cache = command.caching.read ? "miss" : "bypass";
      return this.#conclude(run, { ...completed, cache, requestId });
    } catch (error) {
      const problem = asProblem(error);
      this.#disk.atomically(() => {
        this.#disk.work.delete(slot);
        if (this.#isErased(run)) return;
        this.#disk.records.add(
          toFailureRecord(record, problem?.codigo ?? "error_interno", problem?.spent),
        );
      });
      this.#records.scheduleDelivery();
      log.warn("paid_work_failed", { requestId, problem: problem?.codigo, ...causeOf(problem) });
      throw error;
    }
  }

  /** Writes the result, the answer and the record in one transaction, then returns the answer. */
  #conclude(
    run: TaskRun,
    completed: CompletedWork & { cache: CacheLevel; requestId?: string },
  ): ConcludedRun {
    const { command, work, startMs } = run;
    const nowMs = this.#services.now();
    const outcome: TaskOutcome = {
      ...completed,
      requestId: completed.requestId ?? this.#nextId(nowMs),
      caller: command,
      work,
      durationMs: nowMs - startMs,
    };
    const answer = toTaskAnswer(outcome, command);
    const isNewWork = outcome.cache === "miss" || outcome.cache === "bypass";
    if (this.#isErased(run)) {
      // The work may have begun after the erasure, when the request waited for its turn.
      if (isNewWork) this.#disk.work.delete(run.slot);
      return { outcome, answer: { ...answer, toCache: null } };
    }
    this.#disk.atomically(() => {
      if (isNewWork) this.#keepResult(run, outcome.result, nowMs);
      if (command.idempotencyKey !== null) {
        this.#disk.answers.keep(command.idempotencyKey, answer.body, nowMs + DAY_MS);
      }
      this.#disk.records.add(toHistoryRecord(outcome));
    });
    this.#records.scheduleDelivery();
    return { outcome, answer };
  }

  #isErased({ erasureCount }: TaskRun): boolean {
    return erasureCount !== this.#erasureCount;
  }

  #keepResult({ command, work, slot }: TaskRun, result: WorkResult, nowMs: number): void {
    const ttlMs = command.caching.write ? Math.min(work.cacheTtlSeconds * 1_000, DAY_MS) : 0;
    if (ttlMs === 0) this.#disk.work.delete(slot);
    else this.#disk.work.finish(slot, result, nowMs + ttlMs);
  }
}

/** The kind of error. Its message may quote the model's answer or the provider's, so it is not logged. */
function causeOf(problem: AppError | undefined): { cause?: string; status?: unknown } {
  const cause = problem?.cause;
  if (!(cause instanceof Error)) return {};
  return { cause: cause.name, ...("status" in cause && { status: cause.status }) };
}

/** An earlier result, without new cost. */
function withoutCost(result: WorkResult): CompletedWork & { cache: "chat" } {
  return { result, attempts: 0, usage: null, cache: "chat" };
}
