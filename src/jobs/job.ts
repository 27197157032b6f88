import type { Services } from "../services.ts";
import type { Cron } from "./schedule.ts";

/** Wire values: the routes' last part, and `trabajo` in `ejecuciones`. */
export const JOB_NAMES = [
  "entregar-pendientes",
  "mantenimiento",
  "informes-semanales",
  "copia-de-seguridad",
  "verificar-copia",
  "alertas",
] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** Who set a run off: a cron at its time, a later one because that was missed, or somebody by the route. Wire values. */
export const RUN_ORIGINS = ["cron", "recuperado", "ruta"] as const;
export type RunOrigin = (typeof RUN_ORIGINS)[number];

export const RUN_RESULTS = ["completada", "fallida"] as const;
export type RunResult = (typeof RUN_RESULTS)[number];

/** What a run did, in Spanish words with their numbers. */
export type Counts = Record<string, number>;

/** A run that has ended. */
export type FinishedRun = {
  id: string;
  job: JobName;
  origin: RunOrigin;
  startedAtMs: number;
  endedAtMs: number;
  result: RunResult;
  counts: Counts;
  /** Spanish, for people; null unless it failed. */
  error: string | null;
};

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type Slice<State> =
  /** Goes on in the next alarm, at once or after `afterMs`. */
  | { done: false; state: State; counts?: Counts; afterMs?: number }
  | { done: true; counts?: Counts };

export type JobMeans = { services: Services; env: Env };

export type Job<State extends Json = Json> = {
  name: JobName;
  /** Spanish, for people. */
  summary: string;
  /** What sets it off. A run is due once for each time of one of them, however often or late they come. */
  crons: readonly [Cron, ...Cron[]];
  /**
   * One piece of the work: at most some 20 s and 40 calls to elsewhere. It gets the state that the piece before left,
   * null at first, and may be asked for again with the same one after a crash: doing it twice must do no harm. The
   * counts of all pieces are added up. `services.now()` is the clock.
   * @throws {JobFailure} with words for people; anything else is told by its name alone. Both are tried again.
   */
  slice(
    means: JobMeans,
    state: State | null,
    run: { id: string; startedAtMs: number },
  ): Promise<Slice<State>>;
};

/** Why a piece of a job failed, in Spanish words that are safe to keep and to show. */
export class JobFailure extends Error {
  override readonly name = "JobFailure";
  /** False where trying again a moment later cannot help. */
  readonly retry: boolean;

  constructor(reason: string, { retry = true, cause }: { retry?: boolean; cause?: unknown } = {}) {
    super(reason, { cause });
    this.retry = retry;
  }
}
