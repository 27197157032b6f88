import { DurableObject } from "cloudflare:workers";
import { asProblem } from "../../errors.ts";
import { describeError, log } from "../../lib/log.ts";
import { createIdSource } from "../../lib/request-id.ts";
import type { Services } from "../../services.ts";
import { coordinatorStub } from "../../coordinator/coordinator-stub.ts";
import { JobFailure, type Counts, type JobName, type RunOrigin, type Slice } from "../job.ts";
import { JobStore, type Run } from "./job-store.ts";
import { jobOf } from "../registry.ts";
import { lastDueMs } from "../schedule.ts";
import { HOUR_MS, MINUTE_MS } from "../../lib/durations.ts";
import { withTimeout } from "../../lib/with-timeout.ts";

/** A piece of work that takes longer is taken for one that hangs. */
const SLICE_LIMIT_MS = 5 * MINUTE_MS;
/** A run that is older was not left in peace to end: the next one begins from the start. */
const RUN_LIMIT_MS = 12 * HOUR_MS;
/** A piece that fails is tried again after 5, 20, 80 and 320 s. */
const MAX_FAILURES = 5;
const RETRY_BASE_MS = 5_000;
const RETRY_FACTOR = 4;

const OUTBOX_BATCH_RUNS = 100;
/** Nothing waits for these rows: what could not be told of is told some minutes later. */
const OUTBOX_RETRY_MS = 2 * MINUTE_MS;
/** After a failure of our own parts (the clock's object): whatever was due is done then. */
const TROUBLE_RETRY_MS = MINUTE_MS;

/** The run that is under way after asking for one. */
export type Start = { isNew: boolean; runId: string; startedAtMs: number };

/**
 * One a job: does its runs, one at a time, a piece in each alarm. Where a run stands is on disk after each piece, so
 * that one that was cut short goes on from there.
 */
export class JobObject extends DurableObject<Env> {
  readonly #services: Services;
  readonly #store: JobStore;
  readonly #nextId = createIdSource();

  constructor(ctx: DurableObjectState, env: Env, services: Services) {
    super(ctx, env);
    this.#services = services;
    this.#store = new JobStore(ctx.storage);
  }

  /** Begins a run, unless one is under way. */
  async start(job: JobName): Promise<Start> {
    const start = await this.#start(job, "ruta", null);
    if (!start) throw new Error("A run that is asked for is never refused");
    return start;
  }

  /** Begins a run, unless one is under way or has ended for this time of its crons. */
  async startIfDue(job: JobName, origin: RunOrigin, dueMs: number): Promise<void> {
    await this.#start(job, origin, dueMs);
  }

  async #start(job: JobName, origin: RunOrigin, dueMs: number | null): Promise<Start | null> {
    const current = this.#store.run();
    if (current) {
      // Whatever stopped it, it goes on now.
      if ((await this.ctx.storage.getAlarm()) === null) await this.#wake(0);
      return { isNew: false, runId: current.id, startedAtMs: current.startedAtMs };
    }
    const startedAtMs = this.#services.now();
    const run = { id: this.#nextId(startedAtMs), origin, startedAtMs };
    const claimed = await this.#clock().claimJob({ job, run, dueMs });
    if (claimed.answer === "served") return null;
    if (claimed.answer === "held") {
      const { id, startedAtMs: sinceMs } = claimed.current;
      return { isNew: false, runId: id, startedAtMs: sinceMs };
    }
    this.#store.keep({ ...run, job, state: null, counts: {}, failures: 0, finished: null });
    await this.#wake(0);
    return { isNew: true, runId: run.id, startedAtMs };
  }

  override async alarm(): Promise<void> {
    try {
      const run = this.#store.run();
      if (run) await this.#goOn(run);
      else await this.#deliver();
    } catch (error) {
      log.error("job_alarm_failed", describeError(error));
      await this.#wake(TROUBLE_RETRY_MS);
    }
  }

  async #goOn(run: Run): Promise<void> {
    if (run.finished) return await this.#close(run);
    const nowMs = this.#services.now();
    if (!(await this.#clock().renewJob(run.job, run.id))) {
      return await this.#finish(run, "Otra ejecución ocupó su lugar.");
    }
    if (nowMs - run.startedAtMs > RUN_LIMIT_MS) {
      return await this.#finish(run, "No terminó en doce horas.");
    }
    try {
      const slice = await this.#doSlice(run);
      const counts = sum(run.counts, slice.counts);
      if (slice.done) return await this.#finish({ ...run, counts }, null);
      this.#store.keep({ ...run, counts, state: slice.state, failures: 0 });
      await this.#wake(slice.afterMs ?? 0);
    } catch (error) {
      await this.#retry(run, error);
    }
  }

  async #doSlice(run: Run): Promise<Slice<Run["state"]>> {
    const means = { services: this.#services, env: this.env };
    return await withTimeout(
      SLICE_LIMIT_MS,
      () => jobOf(run.job).slice(means, run.state, run),
      () => new JobFailure("Una parte del trabajo tardó demasiado."),
    );
  }

  async #retry(run: Run, error: unknown): Promise<void> {
    const failures = run.failures + 1;
    log.warn("job_slice_failed", { job: run.job, run: run.id, failures, ...describeError(error) });
    const isHopeless = error instanceof JobFailure && !error.retry;
    if (isHopeless || failures >= MAX_FAILURES) return await this.#finish(run, inWords(error));
    this.#store.keep({ ...run, failures });
    await this.#wake(RETRY_BASE_MS * RETRY_FACTOR ** (failures - 1));
  }

  async #finish(run: Run, error: string | null): Promise<void> {
    const { id, job, origin, startedAtMs, counts } = run;
    const endedAtMs = this.#services.now();
    const result = error === null ? "completada" : "fallida";
    const ended = {
      ...run,
      finished: { id, job, origin, startedAtMs, endedAtMs, result, counts, error },
    } satisfies Run;
    this.#store.keep(ended);
    await this.#close(ended);
  }

  /** Tells the clock, then PostgreSQL. What is cut short is told again. */
  async #close({ job, startedAtMs, finished }: Run): Promise<void> {
    if (!finished) return;
    await this.#clock().finishJob(finished, lastDueMs(jobOf(job).crons, startedAtMs));
    this.#store.close(finished);
    const { id, result, counts, error } = finished;
    log[error === null ? "info" : "error"]("job_ended", { job, run: id, result, counts, error });
    await this.#deliver();
  }

  async #deliver(): Promise<void> {
    const waiting = this.#store.waiting(OUTBOX_BATCH_RUNS);
    if (waiting.length === 0) return;
    try {
      await this.#services.runs.append(waiting);
      this.#store.delivered(waiting.map(({ id }) => id));
      if (waiting.length === OUTBOX_BATCH_RUNS) await this.#wake(0);
    } catch (error) {
      log.warn("runs_not_delivered", { waiting: waiting.length, ...describeError(error) });
      await this.#wake(OUTBOX_RETRY_MS);
    }
  }

  async #wake(afterMs: number): Promise<void> {
    await this.ctx.storage.setAlarm(this.#services.now() + afterMs);
  }

  #clock() {
    return coordinatorStub(this.env, this.#services.config);
  }
}

function sum(counts: Counts, more: Counts = {}): Counts {
  const total = { ...counts };
  for (const [name, count] of Object.entries(more)) total[name] = (total[name] ?? 0) + count;
  return total;
}

/** Only what was written for people: the message of anything else may hold an address or somebody's text. */
function inWords(error: unknown): string {
  const told = error instanceof JobFailure ? error : asProblem(error);
  if (told) return told.message;
  const name = error instanceof Error ? error.name : typeof error;
  return `Fallo inesperado (${name}); los registros del servicio dicen más.`;
}
