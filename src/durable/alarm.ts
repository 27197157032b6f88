export type AlarmOptions = {
  storage: Pick<DurableObjectStorage, "setAlarm">;
  now: () => number;
  waitUntil: (work: Promise<unknown>) => void;
};

/**
 * The single alarm of a Durable Object, shared by everything in it that has a due time: the earliest one is armed.
 * Handlers must tolerate an early alarm: they find nothing due, and arm it again.
 */
export class Alarm {
  readonly #options: AlarmOptions;
  /** Infinity in a new instance, although an alarm may be on disk: arming an earlier one replaces it. */
  #armedAtMs = Number.POSITIVE_INFINITY;

  constructor(options: AlarmOptions) {
    this.#options = options;
  }

  /** Arms the earliest of the due times, unless an earlier alarm is armed. Infinity: nothing is due. */
  arm(...dueTimesMs: number[]): void {
    const dueMs = Math.min(...dueTimesMs);
    if (dueMs >= this.#armedAtMs) return;
    this.#armedAtMs = dueMs;
    this.#options.waitUntil(this.#options.storage.setAlarm(dueMs));
  }

  /** Whether the armed alarm is still to fire, within `periodMs` from now. */
  isArmedWithin(periodMs: number): boolean {
    const inMs = this.#armedAtMs - this.#options.now();
    return inMs > 0 && inMs <= periodMs;
  }

  /** To call first in the object's `alarm` handler: from then on no alarm is armed. */
  fired(): void {
    this.#armedAtMs = Number.POSITIVE_INFINITY;
  }
}
