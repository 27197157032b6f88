type AlarmOptions = {
  storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">;
  now: () => number;
  waitUntil: (work: Promise<unknown>) => void;
};

/**
 * The single alarm of a Durable Object, shared by everything in it that has a due time: the earliest one is armed.
 * Handlers must tolerate an early alarm: they find nothing due, and arm it again.
 */
export class Alarm {
  readonly #options: AlarmOptions;
  /** Infinity in a new instance: it does not know the alarm on disk, so the first alarm that it arms replaces it. */
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

  /** Arms `dueMs` when no alarm is on disk, whatever this instance has armed. */
  async armIfLost(dueMs: number): Promise<void> {
    if ((await this.#options.storage.getAlarm()) !== null) return;
    this.fired();
    this.arm(dueMs);
  }

  /** Whether the armed alarm lies in the future, at most `periodMs` from now. */
  firesWithin(periodMs: number): boolean {
    const inMs = this.#armedAtMs - this.#options.now();
    return inMs > 0 && inMs <= periodMs;
  }

  /** Records that the alarm has fired. Call it first in the object's `alarm` handler. */
  fired(): void {
    this.#armedAtMs = Number.POSITIVE_INFINITY;
  }
}
