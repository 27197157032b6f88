import { TimeoutError, withTimeout } from "../lib/with-timeout.ts";

/** The items of an outbox on the object's disk. */
type OutboxStore<Item> = {
  hasWaiting: () => boolean;
  /** The oldest waiting items, at most one batch. Empty when none waits. */
  nextBatch: () => Item[];
  /** Removes delivered items. */
  remove: (items: readonly Item[]) => void;
};

/** After the n-th failure in a row, wait `baseMs` doubled n-1 times, at most `maxMs`. */
export type Backoff = {
  baseMs: number;
  maxMs: number;
  /** The share of the wait that is random, 0 to 1, so that many objects do not retry at the same moment. */
  jitter?: number;
};

/** For items that the receiver will never accept. */
type Refusals<Item> = {
  isRefusal: (error: unknown) => boolean;
  /** Sets the item aside: `nextBatch` must not return it again. */
  setAside: (item: Item, error: unknown) => void;
};

export type OutboxOptions<Item> = {
  store: OutboxStore<Item>;
  /** Delivers a batch, all of it or nothing. Must be idempotent: after a crash the same batch is sent again. */
  send: (batch: Item[]) => Promise<void>;
  refusals?: Refusals<Item>;
  backoff: Backoff;
  /** How long `scheduleDelivery` waits for more items, so that they share a batch. */
  gatherMs?: number;
  /** Maximum of batches per delivery. Further items wait for the next delivery. */
  maxBatches?: number;
  /** Runs at the end of a delivery. Its rejection fails the delivery. */
  afterDelivery?: () => Promise<void>;
  /** Receives the error and the number of failures in a row. Must not reject. */
  onFailure: (error: unknown, failures: number) => Promise<void> | void;
  /** Runs last, after success and failure. Arm the alarm for the next attempt here. */
  onSettled: () => void;
  now: () => number;
  waitUntil: (work: Promise<unknown>) => void;
};

/**
 * Delivers the items that wait on a Durable Object's disk, at least once and oldest first. One delivery runs at a time.
 * An item leaves the disk only after it arrived. The failure count is in memory: a new instance tries at once.
 */
export class Outbox<Item> {
  readonly #options: OutboxOptions<Item>;
  #running: Promise<void> | undefined;
  #scheduled: Promise<void> | undefined;
  #failures = 0;
  #retryAtMs = 0;

  constructor(options: OutboxOptions<Item>) {
    this.#options = options;
  }

  /**
   * Delivers the waiting items, or joins the running delivery. Never rejects: after a failure the items wait for a
   * retry.
   */
  async deliverNow(): Promise<void> {
    this.#running ??= this.#deliver().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /**
   * Delivers what waits at the time of the call, and returns after `timeoutMs` at the latest; the delivery continues.
   * A delivery that was running may have started while the receiver was still down, so a second delivery follows it.
   */
  async deliverWithin(timeoutMs: number): Promise<void> {
    try {
      await withTimeout(timeoutMs, () => this.#deliverAfterRunning());
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
    }
  }

  /** Delivers after the gathering time, in the background. While a retry is pending, only the alarm delivers. */
  scheduleDelivery(): void {
    const { gatherMs = 0, now, waitUntil } = this.#options;
    if (now() < this.#retryAtMs) return;
    this.#scheduled ??= wait(gatherMs).then(() => {
      this.#scheduled = undefined;
      return this.deliverNow();
    });
    waitUntil(this.#scheduled);
  }

  /** Resolves when no delivery is running. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** The time of the next retry; 0 when the last delivery succeeded. */
  get retryAtMs(): number {
    return this.#retryAtMs;
  }

  /** When the next delivery is due; Infinity when nothing waits. */
  nextDueMs(): number {
    const { store, now } = this.#options;
    return store.hasWaiting() ? Math.max(this.#retryAtMs, now()) : Number.POSITIVE_INFINITY;
  }

  async #deliverAfterRunning(): Promise<void> {
    const isJoining = this.#running !== undefined;
    await this.deliverNow();
    if (isJoining && this.#options.store.hasWaiting()) await this.deliverNow();
  }

  async #deliver(): Promise<void> {
    const { store, maxBatches = Number.POSITIVE_INFINITY } = this.#options;
    try {
      for (let batches = 0; batches < maxBatches; batches += 1) {
        const batch = store.nextBatch();
        if (batch.length === 0) break;
        await this.#deliverBatch(batch);
      }
      this.#failures = 0;
      this.#retryAtMs = 0;
      await this.#options.afterDelivery?.();
    } catch (error) {
      this.#failures += 1;
      this.#retryAtMs = this.#options.now() + backoffDelayMs(this.#options.backoff, this.#failures);
      await this.#options.onFailure(error, this.#failures);
    }
    this.#options.onSettled();
  }

  async #deliverBatch(batch: Item[]): Promise<void> {
    const { store, send, refusals } = this.#options;
    try {
      await send(batch);
    } catch (error) {
      if (!refusals?.isRefusal(error)) throw error;
      await this.#isolateRefused(refusals, batch, error);
      return;
    }
    store.remove(batch);
  }

  /** Halves the batch until the refused item is alone, and sets that one aside. */
  async #isolateRefused(refusals: Refusals<Item>, batch: Item[], error: unknown): Promise<void> {
    const [first] = batch;
    if (first !== undefined && batch.length === 1) {
      refusals.setAside(first, error);
      return;
    }
    const middle = batch.length >> 1;
    await this.#deliverBatch(batch.slice(0, middle));
    await this.#deliverBatch(batch.slice(middle));
  }
}

export function backoffDelayMs({ baseMs, maxMs, jitter = 0 }: Backoff, failures: number): number {
  const fullMs = Math.min(baseMs * 2 ** (failures - 1), maxMs);
  return fullMs * (1 - jitter * Math.random());
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
