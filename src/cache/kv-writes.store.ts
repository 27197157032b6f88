type KvWrites = { day: string; count: number };

/** How often the service has written to Workers KV today (UTC), over all isolates. */
export class KvWritesStore {
  readonly #kv: SyncKvStorage;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  /** Adds to the day's writes and returns their number. */
  spend(writes: number, nowMs: number): number {
    const day = new Date(nowMs).toISOString().slice(0, 10);
    const known = this.#kv.get<KvWrites>("kv_writes");
    const count = (known?.day === day ? known.count : 0) + writes;
    this.#kv.put<KvWrites>("kv_writes", { day, count });
    return count;
  }
}
