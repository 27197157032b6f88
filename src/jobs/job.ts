import type { Cron } from "./schedule.ts";

/** Wire values: the last part of the routes, and `trabajo` in `ejecuciones`. */
export const JOB_NAMES = [
  "entregar-pendientes",
  "mantenimiento",
  "informes-semanales",
  "copia-de-seguridad",
  "verificar-copia",
  "alertas",
] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** What started a run: a cron on time, a later cron because one was missed, or the route. Wire values. */
export const RUN_ORIGINS = ["cron", "recuperado", "ruta"] as const;
export type RunOrigin = (typeof RUN_ORIGINS)[number];

export const RUN_RESULTS = ["completada", "fallida"] as const;
type RunResult = (typeof RUN_RESULTS)[number];

/** What a run did, in numbers. The names are Spanish and go to the wire. */
export type Counts = Record<string, number>;

export type FinishedRun = {
  /** UUIDv7. */
  id: string;
  job: JobName;
  origin: RunOrigin;
  startedAtMs: number;
  endedAtMs: number;
  result: RunResult;
  counts: Counts;
  /** Spanish, for people. Null unless the run failed. */
  error: string | null;
};

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type Slice<State> =
  /** The next slice runs in the next alarm: at once, or after `afterMs`. */
  | { done: false; state: State; counts?: Counts; afterMs?: number }
  | { done: true; counts?: Counts };

/** The description of a job, for the schedule, the routes and the alerts. */
export type JobDefinition = {
  name: JobName;
  /** Spanish, for people. */
  summary: string;
  /** The job is due once per due time of these crons, even if triggers are late or repeated. */
  crons: readonly [Cron, ...Cron[]];
};

/**
 * A scheduled job. `Context` is what it uses: a structural type that the job's own file declares. `State` is what a
 * slice passes to the next one; it is stored as JSON.
 */
export type Job<Context, State extends Json = Json> = JobDefinition & {
  /**
   * Runs one slice: at most about 20 s and 40 calls to other services. `state` is what the previous slice returned, null
   * in the first one. The counts of all slices are added up. Must be idempotent: after a crash or a failure the same
   * slice runs again with the same state.
   * @throws {JobFailure} with a reason for people. For other errors only the name is shown. Both are retried, unless
   * the JobFailure says otherwise.
   */
  runSlice(
    context: Context,
    state: State | null,
    run: { id: string; startedAtMs: number },
  ): Promise<Slice<State>>;
};

/** Why a slice failed. The message is Spanish, for people, and must not hold a secret or a client's text. */
export class JobFailure extends Error {
  override readonly name = "JobFailure";
  /** False when a retry cannot help. */
  readonly retry: boolean;

  constructor(reason: string, { retry = true, cause }: { retry?: boolean; cause?: unknown } = {}) {
    super(reason, { cause });
    this.retry = retry;
  }
}
