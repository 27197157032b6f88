import { MINUTE_MS } from "../lib/durations.ts";

/** When a client last purged its whole cache and each task's results, in milliseconds since 1970; 0 for never. */
export type PurgeEpochs = { all: number; byTask: Partial<Record<string, number>> };

export const NO_PURGES: PurgeEpochs = { all: 0, byTask: {} };

/** The latest purge that affects the task. A result is served only if it was made in this epoch or later. */
export function epochOf({ all, byTask }: PurgeEpochs, type: string): number {
  return Math.max(all, byTask[type] ?? 0);
}

export type PurgeLog = {
  read: (client: string) => Promise<PurgeEpochs>;
  purge: (client: string, type: string | null) => Promise<PurgeEpochs>;
  /** Deletes purges from before `beforeMs`, and returns their number. */
  forget: (beforeMs: number) => Promise<number>;
};

/** Maximum age of cached epochs: the delay until an isolate sees a purge of another isolate. */
const MAX_AGE_MS = MINUTE_MS;
const MAX_CLIENTS = 1_000;

/** Caches the epochs in this isolate, so that most requests do not have to ask the coordinator. */
export function createEpochCache(source: PurgeLog, now: () => number): PurgeLog {
  const known = new Map<string, { atMs: number; epochs: PurgeEpochs }>();
  const remember = (client: string, atMs: number, epochs: PurgeEpochs): PurgeEpochs => {
    if (known.size >= MAX_CLIENTS) known.clear();
    known.set(client, { atMs, epochs });
    return epochs;
  };
  return {
    async read(client) {
      const nowMs = now();
      const cached = known.get(client);
      if (cached && nowMs - cached.atMs < MAX_AGE_MS) return cached.epochs;
      return remember(client, nowMs, await source.read(client));
    },
    async purge(client, type) {
      const nowMs = now();
      return remember(client, nowMs, await source.purge(client, type));
    },
    forget: source.forget,
  };
}
