import { DurableObject } from "cloudflare:workers";
import pLimit from "p-limit";
import { epochOf } from "../cache/purge-epochs.ts";
import type { CacheLevel } from "../cache/result-cache.ts";
import { asProblem, AppError, toRpcError } from "../errors.ts";
import type { HistoryRecord } from "../tasks/history-record.ts";
import type { ReportFigures } from "../tasks/report-figures.ts";
import { describeError, log } from "../lib/log.ts";
import { createIdSource } from "../lib/request-id.ts";
import type { Services } from "../services.ts";
import {
  toFailureRecord,
  toHistoryRecord,
  toIntentRecord,
  type TaskOutcome,
} from "../tasks/task-outcome.ts";
import { cacheReader, mayReadCache, type ChatCommand } from "../tasks/task-command.ts";
import { toTaskAnswer, type TaskAnswer } from "../tasks/task-answer.ts";
import type { JsonObject } from "../lib/json-object.ts";
import type { Period } from "../tasks/types/task.ts";
import { executeWork, prepareWork, type CompletedWork, type Work } from "../tasks/work.ts";
import { chatName } from "./chat-stub.ts";
import { ChatStore, type ModeChoice, type ModeState } from "./chat-store.ts";
import { deliver } from "./delivery.ts";
import { eraseRows, forgetCacheKeys, type ErasedRows } from "./erasure.ts";
import type { Mode } from "./modes.ts";
import { DAY_MS, MINUTE_MS } from "../lib/durations.ts";
import { parseOwnJson } from "../lib/own-json.ts";

/** All requests of an object share 6 connections: 4 for the model leave 2 for the history and the cache. */
const MAX_CALLS = 4;
const MAX_WAITING = 50;
const BUSY_RETRY_SECONDS = 5;

/** While something is under way or waits, an alarm is never further off: it wakes an object that died meanwhile. */
const CHECK_MS = MINUTE_MS;

/** Records that come this close together travel to PostgreSQL in one statement on one connection. */
const GATHER_MS = 500;
/** How long `/consultar` waits for records that were just made. */
const FLUSH_WAIT_MS = 1_500;
const RETRY_BASE_MS = 2_000;
const RETRY_MAX_MS = 5 * MINUTE_MS;

/** A request for work, while the chat sees to it. */
type Job = {
  command: ChatCommand;
  work: Work;
  /** Where its result is kept: what was done before a purge is not found after it. */
  slot: string;
  takenMode: ModeState | null;
  /** How often the chat had been erased when it was asked for. */
  erasures: number;
  startMs: number;
};

type Finished = { outcome: TaskOutcome; answer: TaskAnswer };

/**
 * One chat of one client: its mode, the work it paid for, and the records on their way to PostgreSQL. It owns paid
 * work because its disk is written before its answers leave, and because it outlives a caller that hangs up.
 */
export class ChatObject extends DurableObject<Env> {
  readonly #store: ChatStore;
  readonly #services: Services;
  readonly #nextId = createIdSource();
  readonly #calls = pLimit(MAX_CALLS);
  /** Work under way, by its slot, and requests under way, by their Idempotency-Key. */
  readonly #inFlight = new Map<string, Promise<Finished>>();
  readonly #running = new Map<string, Promise<TaskAnswer>>();
  #flushing: Promise<void> | undefined;
  #flushSoon: Promise<void> | undefined;
  #erasures = 0;
  #erasedUntilMs: number;
  #failedFlushes = 0;
  #retryAtMs = 0;
  #alarmAtMs = Number.POSITIVE_INFINITY;

  constructor(ctx: DurableObjectState, env: Env, services: Services) {
    super(ctx, env);
    this.#services = services;
    this.#store = new ChatStore(ctx.storage);
    this.#erasedUntilMs = this.#store.erasedUntilMs();
    // What is found begun here has no one working on it: this object is the only one, and it has just started.
    // The alarm that was set when it began is still on disk and will see to what this leaves behind.
    this.#store.interruptUnfinishedWork();
  }

  /** Does a task, or gives the answer it was given before. Throws problems of the catalogue. */
  async run(command: ChatCommand): Promise<TaskAnswer> {
    try {
      return await this.#answer(command);
    } catch (error) {
      throw toRpcError(error);
    }
  }

  async #answer(command: ChatCommand): Promise<TaskAnswer> {
    const { idempotencyKey } = command;
    if (idempotencyKey === null) return (await this.#perform(command)).answer;

    const body = this.#store.answer(idempotencyKey, this.#services.now());
    if (body !== undefined) return { body, cache: null, toCache: null };
    const running = this.#running.get(idempotencyKey);
    if (running) return { ...(await running), cache: null, toCache: null };

    const answer = this.#perform(command).then((finished) => finished.answer);
    this.#running.set(idempotencyKey, answer);
    try {
      return await answer;
    } finally {
      this.#running.delete(idempotencyKey);
    }
  }

  /**
   * Deletes the chat everywhere: here at once, in PostgreSQL and the cache now if they can be reached, and by the
   * alarm otherwise. Null when PostgreSQL could not be told yet.
   */
  async erase(client: string, chatId: number): Promise<ErasedRows | null> {
    this.#erasures += 1;
    this.#erasedUntilMs = this.#services.now();
    const waiting = this.#store.erase({ client, chatId, untilMs: this.#erasedUntilMs });
    const erased = await this.#erase();
    this.#arm();
    return erased && { ...erased, records: erased.records + waiting };
  }

  /** Never throws: the alarm tries again. */
  async #erase(): Promise<ErasedRows | null> {
    try {
      // What is being delivered now must be there before it is deleted.
      await this.#flushing;
      const erased = await eraseRows(this.#store, this.#services);
      await forgetCacheKeys(this.#store, this.#services);
      return erased;
    } catch (error) {
      log.warn("erasure_not_finished", describeError(error));
      return null;
    }
  }

  /** Takes the record of a request that was answered without this chat. Idempotent. */
  record(record: HistoryRecord): void {
    if (record.at.getTime() <= this.#erasedUntilMs) return;
    this.#store.addRecord(record);
    this.#flushBehind();
  }

  mode(): ModeState {
    return this.#store.mode();
  }

  setMode(choice: ModeChoice): void {
    this.#store.setMode(choice);
  }

  /** Delivers what waits, within a short time, and says how many records still wait. */
  async flush(): Promise<number> {
    await Promise.race([this.#flushAnew(), scheduler.wait(FLUSH_WAIT_MS)]);
    return this.#store.waitingCount();
  }

  override async alarm(): Promise<void> {
    this.#alarmAtMs = Number.POSITIVE_INFINITY;
    try {
      this.#store.forgetExpired(this.#services.now());
      if (this.#hasErasureLeft()) await this.#erase();
      if (this.#store.hasWaitingRecords()) await this.#flush();
    } catch (error) {
      log.error("chat_alarm_failed", describeError(error));
    }
    this.#arm();
  }

  async #perform(command: ChatCommand): Promise<Finished> {
    const { now } = this.#services;
    const work = this.#workOf(command);
    const slot = `${epochOf(command.epochs, work.type)}/${work.key}`;
    const takenMode = command.type === null ? this.#takeMode() : null;
    try {
      const erasures = this.#erasures;
      return await this.#shareOrDo({ command, work, slot, takenMode, erasures, startMs: now() });
    } catch (error) {
      if (takenMode) this.#store.giveBackMode(takenMode);
      throw error;
    }
  }

  /** The Worker has prepared a named task. Otherwise the mode decides, and its options complete the request's. */
  #workOf(command: ChatCommand): Work {
    const { config, now } = this.#services;
    const { plan, text } = command;
    if (plan) return { ...plan, text };
    const type = command.type ?? this.#typeOfMode();
    const options =
      command.type === null
        ? { ...toOptions(this.#store.mode().options), ...command.options }
        : command.options;
    return prepareWork(config, { ...command, type, options }, now());
  }

  async #shareOrDo(job: Job): Promise<Finished> {
    const { slot, startMs } = job;
    const known = mayReadCache(job) && this.#store.finishedWork(slot, startMs);
    if (known) return this.#conclude(job, unpaid(known));

    const shared = this.#inFlight.get(slot);
    if (shared) {
      const { outcome } = await shared;
      return this.#conclude(job, unpaid(outcome.result));
    }

    const doing = this.#do(job);
    this.#inFlight.set(slot, doing);
    const settled = doing.finally(() => this.#inFlight.delete(slot));
    // Keeps the object alive until the work is done, whether or not anyone still waits for it.
    this.ctx.waitUntil(settled.catch(() => undefined));
    return await settled;
  }

  async #do(job: Job): Promise<Finished> {
    const { command, work } = job;
    if (cacheReader(job) === "chat") {
      const epoch = epochOf(command.epochs, work.type);
      const cached = await this.#services.cache.read(work.key, epoch);
      if (cached) return this.#conclude(job, { ...unpaid(cached.result), cache: cached.level });
    }
    if (this.#calls.pendingCount >= MAX_WAITING) {
      throw new AppError("chat_ocupado", { retryAfterSeconds: BUSY_RETRY_SECONDS });
    }
    return await this.#calls(() => this.#pay({ ...job, startMs: this.#services.now() }));
  }

  async #pay(job: Job): Promise<Finished> {
    const { command, work, slot, takenMode, startMs } = job;
    const requestId = this.#nextId(startMs);
    const record = toIntentRecord(requestId, command, work);
    this.#store.beginWork(slot, { record, takenMode });
    this.#arm();
    try {
      const { llm, history } = this.#services;
      const figuresOf = async (period: Period): Promise<ReportFigures> => {
        await this.flush();
        return history.figures({ client: command.client, chatId: command.chatId }, period);
      };
      const done = await executeWork({ llm, figuresOf }, work);
      const cache = command.caching.read ? "miss" : "bypass";
      return this.#conclude(job, { ...done, cache, requestId });
    } catch (error) {
      const problem = asProblem(error);
      this.#store.atomically(() => {
        this.#store.dropWork(slot);
        if (this.#isErased(job)) return;
        this.#store.addRecord(
          toFailureRecord(record, problem?.codigo ?? "error_interno", problem?.spent),
        );
      });
      this.#flushBehind();
      log.warn("paid_work_failed", { requestId, problem: problem?.codigo, ...causeOf(problem) });
      throw error;
    }
  }

  /** Writes everything that an answer leaves behind in one transaction, then gives the answer. */
  #conclude(job: Job, done: CompletedWork & { cache: CacheLevel; requestId?: string }): Finished {
    const { command, work, startMs } = job;
    const nowMs = this.#services.now();
    const outcome: TaskOutcome = {
      ...done,
      requestId: done.requestId ?? this.#nextId(nowMs),
      caller: command,
      work,
      durationMs: nowMs - startMs,
    };
    const answer = toTaskAnswer(outcome, command);
    if (this.#isErased(job)) return { outcome, answer: { ...answer, toCache: null } };
    this.#store.atomically(() => {
      if (done.cache === "miss" || done.cache === "bypass") this.#keepWork(job, outcome, nowMs);
      if (command.idempotencyKey !== null) {
        this.#store.keepAnswer(command.idempotencyKey, answer.body, nowMs + DAY_MS);
      }
      this.#store.addRecord(toHistoryRecord(outcome));
    });
    this.#flushBehind();
    return { outcome, answer };
  }

  /** Its asker still gets an answer, and nothing of it is kept. */
  #isErased({ erasures }: Job): boolean {
    return erasures !== this.#erasures;
  }

  #keepWork({ command, work, slot }: Job, { result }: TaskOutcome, nowMs: number): void {
    const keptForMs = command.caching.write ? Math.min(work.cacheTtlSeconds * 1_000, DAY_MS) : 0;
    if (keptForMs === 0) this.#store.dropWork(slot);
    else this.#store.finishWork(slot, result, nowMs + keptForMs);
  }

  #typeOfMode(): Exclude<Mode, "consultar"> {
    const { mode } = this.#store.mode();
    if (mode !== null && mode !== "consultar") return mode;
    throw new AppError("falta_tarea", {
      detail:
        mode === "consultar"
          ? "Este chat está en modo /consultar: pregunta por su historial en /api/v1/consultar-inteligente, o envía tipo_tarea."
          : "Envía tipo_tarea, o elige antes un modo para este chat en /api/v1/estado.",
      fields: [{ campo: "tipo_tarea", mensaje: "falta, y el chat no tiene un modo de tarea" }],
    });
  }

  #takeMode(): ModeState | null {
    const taken = this.#store.mode();
    if (taken.fixed) return null;
    this.#store.setMode({ mode: null, fixed: false, options: null });
    return taken;
  }

  #flushBehind(): void {
    this.#arm();
    // While the history cannot be reached, only the alarm knocks.
    if (this.#services.now() < this.#retryAtMs) return;
    this.#flushSoon ??= scheduler.wait(GATHER_MS).then(() => {
      this.#flushSoon = undefined;
      return this.#flush();
    });
    this.ctx.waitUntil(this.#flushSoon);
  }

  /** A delivery that was under way already may have begun while PostgreSQL was still away. */
  async #flushAnew(): Promise<void> {
    const underWay = this.#flushing !== undefined;
    await this.#flush();
    if (underWay && this.#store.hasWaitingRecords()) await this.#flush();
  }

  /** Never throws: what could not be delivered waits for the alarm. */
  async #flush(): Promise<void> {
    this.#flushing ??= this.#deliver().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  async #deliver(): Promise<void> {
    try {
      await deliver(this.#store, this.#services.history);
      this.#failedFlushes = 0;
      this.#retryAtMs = 0;
      await this.#leaveClockList();
    } catch (error) {
      this.#failedFlushes += 1;
      this.#retryAtMs = this.#services.now() + retryDelayMs(this.#failedFlushes);
      log.warn("history_flush_failed", { failures: this.#failedFlushes, ...describeError(error) });
      await this.#joinClockList();
    }
    this.#arm();
  }

  async #joinClockList(): Promise<void> {
    const [record] = this.#store.waitingRecords(1, 0);
    if (!record || this.#store.nameOnClockList() !== undefined) return;
    const name = chatName(record.client, record.chatId);
    try {
      await this.#services.waitingChats.add(name);
      this.#store.setNameOnClockList(name);
    } catch (error) {
      // The chat's own alarm still tries; the list is only the second way.
      log.error("clock_join_failed", describeError(error));
    }
  }

  async #leaveClockList(): Promise<void> {
    const name = this.#store.nameOnClockList();
    if (name === undefined) return;
    await this.#services.waitingChats.remove(name);
    this.#store.setNameOnClockList(undefined);
  }

  /** Sees to it that an alarm goes off when the next thing is due. An earlier one does no harm: it looks again. */
  #arm(): void {
    const nowMs = this.#services.now();
    const isSoon = this.#alarmAtMs > nowMs && this.#alarmAtMs <= nowMs + CHECK_MS;
    if (isSoon && this.#retryAtMs <= nowMs) return;
    const dueMs = this.#nextDueMs();
    if (dueMs >= this.#alarmAtMs) return;
    this.#alarmAtMs = dueMs;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(dueMs));
  }

  #hasErasureLeft(): boolean {
    const forgetMs = this.#store.nextForgetMs();
    return (
      this.#store.pendingErasure() !== undefined ||
      (forgetMs !== null && forgetMs <= this.#services.now())
    );
  }

  #nextDueMs(): number {
    const nowMs = this.#services.now();
    const waiting = this.#store.hasWaitingRecords();
    if (waiting && this.#retryAtMs > nowMs) return this.#retryAtMs;
    const forgetMs = this.#store.nextForgetMs() ?? Number.POSITIVE_INFINITY;
    if (forgetMs <= nowMs) return nowMs;
    if (waiting || this.#inFlight.size > 0 || this.#hasErasureLeft()) return nowMs + CHECK_MS;
    return Math.min(forgetMs, this.#store.nextExpiryMs() ?? Number.POSITIVE_INFINITY);
  }
}

function toOptions(json: string | null): JsonObject {
  return json === null ? {} : parseOwnJson<JsonObject>(json);
}

/** Doubles from 2 s to 5 min; half of it is random, so that chats do not all come back at once. */
function retryDelayMs(failures: number): number {
  const limitMs = Math.min(RETRY_BASE_MS * 2 ** (failures - 1), RETRY_MAX_MS);
  return limitMs * (0.5 + Math.random() / 2);
}

/** What kind of error it was. Its message may quote the model's answer or the provider's, so it is left out. */
function causeOf(problem: AppError | undefined): { cause?: string; status?: unknown } {
  const cause = problem?.cause;
  if (!(cause instanceof Error)) return {};
  return { cause: cause.name, ...("status" in cause && { status: cause.status }) };
}

/** Work that was done before: nothing is spent on it now. */
function unpaid(result: CompletedWork["result"]): CompletedWork & { cache: "chat" } {
  return { result, attempts: 0, usage: null, cache: "chat" };
}
