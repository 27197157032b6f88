import { Alarm } from "../../durable/alarm.ts";
import { Outbox } from "../../durable/outbox.ts";
import { asProblem } from "../../errors.ts";
import { HOUR_MS, MINUTE_MS } from "../../lib/durations.ts";
import { describeError, log } from "../../lib/log.ts";
import { withTimeout } from "../../lib/with-timeout.ts";
import {
  JobFailure,
  type Counts,
  type FinishedRun,
  type Job,
  type JobName,
  type RunOrigin,
  type Slice,
} from "../job.ts";
import type { JobLedgerWriter } from "../job-ledger.store.ts";
import { lastDueMs } from "../schedule.ts";
import type { JobStore, StoredRun } from "./job-store.ts";

/** A slice that takes longer is treated as hung. */
const SLICE_TIMEOUT_MS = 5 * MINUTE_MS;
/** A run that takes longer fails, so that the next one can start from the beginning. */
const RUN_TIMEOUT_MS = 12 * HOUR_MS;
/** A slice that fails is retried after 5, 20, 80 and 320 s. */
const MAX_FAILURES = 5;
const RETRY_BASE_MS = 5_000;
const RETRY_FACTOR = 4;

const OUTBOX_BATCH_RUNS = 100;
/** No request reads these rows soon, so the retry interval is long. */
const OUTBOX_BACKOFF = { baseMs: 2 * MINUTE_MS, maxMs: 2 * MINUTE_MS };
/** Delay of the alarm after an error outside a slice, such as an unreachable coordinator. */
const ALARM_RETRY_MS = MINUTE_MS;

/** The run in progress after a start. */
export type RunStart = { isNew: boolean; runId: string; startedAtMs: number };

export type JobRunnerOptions<Context> = {
  findJob: (name: JobName) => Job<Context> | undefined;
  /** Passed to each slice. */
  context: Context;
  store: Pick<JobStore, "run" | "saveRun" | "servedMs" | "closeRun" | "waitingRuns" | "removeRuns">;
  alarm: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">;
  waitUntil: (work: Promise<unknown>) => void;
  ledger: JobLedgerWriter;
  /** Writes finished runs to PostgreSQL. Idempotent. */
  appendRuns: (runs: readonly FinishedRun[]) => Promise<void>;
  nextId: (nowMs: number) => string;
  now: () => number;
};

/**
 * Runs a job: one run at a time, one slice in each alarm. The state of the run is on disk after each slice, so a run
 * that was interrupted continues from there. A job has one object and therefore one runner, so no lock is needed.
 */
export class JobRunner<Context> {
  readonly #options: JobRunnerOptions<Context>;
  readonly #alarm: Alarm;
  readonly #outbox: Outbox<FinishedRun>;

  constructor(options: JobRunnerOptions<Context>) {
    const { store, alarm: storage, now, waitUntil } = options;
    this.#options = options;
    this.#alarm = new Alarm({ storage, now, waitUntil });
    this.#outbox = new Outbox({
      store: {
        hasWaiting: () => store.waitingRuns(1).length > 0,
        nextBatch: () => store.waitingRuns(OUTBOX_BATCH_RUNS),
        remove: (runs) => store.removeRuns(runs.map(({ id }) => id)),
      },
      send: (runs) => options.appendRuns(runs),
      backoff: OUTBOX_BACKOFF,
      // The next alarm delivers the next batch: one invocation may make few calls.
      maxBatches: 1,
      onFailure: (error) => {
        const waiting = store.waitingRuns(OUTBOX_BATCH_RUNS).length;
        log.warn("runs_not_delivered", { waiting, ...describeError(error) });
      },
      onSettled: () => this.#alarm.arm(this.#outbox.nextDueMs()),
      now,
      waitUntil,
    });
  }

  /** Starts a run, unless one is in progress. */
  async start(job: JobName): Promise<RunStart> {
    return await this.#start(job, "ruta");
  }

  /** Starts a run, unless one is in progress or has ended for this time of the job's crons. */
  async startIfDue(job: JobName, origin: RunOrigin, dueMs: number): Promise<void> {
    const { store } = this.#options;
    if (store.run() || store.servedMs() < dueMs) await this.#start(job, origin);
  }

  async #start(job: JobName, origin: RunOrigin): Promise<RunStart> {
    const { nextId, now, store } = this.#options;
    const current = store.run();
    if (current) {
      // Resumes a run whose alarm was lost.
      await this.#alarm.armIfLost(now());
      return { isNew: false, runId: current.id, startedAtMs: current.startedAtMs };
    }
    const startedAtMs = now();
    const run = { id: nextId(startedAtMs), origin, startedAtMs };
    // Nothing is awaited between the check above and this write, so two starts at once begin one run.
    store.saveRun({ ...run, job, state: null, counts: {}, failures: 0, finished: null });
    this.#wake(0);
    await this.#reportStart(job, run);
    return { isNew: true, runId: run.id, startedAtMs };
  }

  /** Never throws: the run needs no entry in the ledger, and its end is reported again. */
  async #reportStart(job: JobName, run: Parameters<JobLedgerWriter["recordStart"]>[1]) {
    try {
      await this.#options.ledger.recordStart(job, run);
    } catch (error) {
      log.warn("job_start_not_recorded", { job, run: run.id, ...describeError(error) });
    }
  }

  /** Runs the next slice or delivers finished runs, whichever is due. Never throws. */
  async runAlarm(): Promise<void> {
    this.#alarm.fired();
    try {
      const run = this.#options.store.run();
      if (run) await this.#continueRun(run);
      else await this.#outbox.deliverNow();
    } catch (error) {
      log.error("job_alarm_failed", describeError(error));
      this.#wake(ALARM_RETRY_MS);
    }
  }

  async #continueRun(run: StoredRun): Promise<void> {
    if (run.finished) return await this.#closeRun(run, run.finished);
    if (this.#options.now() - run.startedAtMs > RUN_TIMEOUT_MS) {
      return await this.#finishRun(run, "No terminó en doce horas.");
    }
    let slice: Slice<StoredRun["state"]>;
    try {
      slice = await this.#runSlice(run);
    } catch (error) {
      return await this.#retrySlice(run, error);
    }
    const counts = addCounts(run.counts, slice.counts);
    if (slice.done) return await this.#finishRun({ ...run, counts }, null);
    this.#options.store.saveRun({ ...run, counts, state: slice.state, failures: 0 });
    this.#wake(slice.afterMs ?? 0);
  }

  async #runSlice(run: StoredRun): Promise<Slice<StoredRun["state"]>> {
    const { context, findJob } = this.#options;
    const job = findJob(run.job);
    if (!job) throw new Error(`There is no job ${run.job}`);
    return await withTimeout(
      SLICE_TIMEOUT_MS,
      () => job.runSlice(context, run.state, run),
      () => new JobFailure("Una parte del trabajo tardó demasiado."),
    );
  }

  async #retrySlice(run: StoredRun, error: unknown): Promise<void> {
    const failures = run.failures + 1;
    log.warn("job_slice_failed", { job: run.job, run: run.id, failures, ...describeError(error) });
    const isFinal = error instanceof JobFailure && !error.retry;
    if (isFinal || failures >= MAX_FAILURES) {
      return await this.#finishRun(run, describeFailure(error));
    }
    this.#options.store.saveRun({ ...run, failures });
    this.#wake(RETRY_BASE_MS * RETRY_FACTOR ** (failures - 1));
  }

  async #finishRun(run: StoredRun, error: string | null): Promise<void> {
    const { id, job, origin, startedAtMs, counts } = run;
    const endedAtMs = this.#options.now();
    const result = error === null ? "completada" : "fallida";
    const finished = { id, job, origin, startedAtMs, endedAtMs, result, counts, error } as const;
    const ended = { ...run, finished };
    this.#options.store.saveRun(ended);
    await this.#closeRun(ended, finished);
  }

  /** Reports the end to the ledger, then to PostgreSQL. Idempotent: an interrupted close is repeated by the alarm. */
  async #closeRun({ job, startedAtMs }: StoredRun, finished: FinishedRun): Promise<void> {
    const { findJob, ledger, store } = this.#options;
    const { crons } = findJob(job) ?? {};
    const servedMs = crons ? lastDueMs(crons, startedAtMs) : 0;
    await ledger.recordEnd(finished, servedMs);
    store.closeRun(finished, servedMs);
    const { id, result, counts, error } = finished;
    log[error === null ? "info" : "error"]("job_ended", { job, run: id, result, counts, error });
    await this.#outbox.deliverNow();
  }

  #wake(afterMs: number): void {
    this.#alarm.arm(this.#options.now() + afterMs);
  }
}

function addCounts(counts: Counts, more: Counts = {}): Counts {
  const total = { ...counts };
  for (const [name, count] of Object.entries(more)) total[name] = (total[name] ?? 0) + count;
  return total;
}

/**
 * The reason of a failed run, in Spanish. Only messages that were written for people are shown: any other message may
 * contain an address or a client's text.
 */
function describeFailure(error: unknown): string {
  const known = error instanceof JobFailure ? error : asProblem(error);
  if (known) return known.message;
  const name = error instanceof Error ? error.name : typeof error;
  return `Fallo inesperado (${name}); los registros del servicio dicen más.`;
}
