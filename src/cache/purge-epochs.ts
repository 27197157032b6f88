import { MINUTE_MS } from "../lib/durations.ts";

/** When a client's cache was last purged, all of it and each task's part: milliseconds since 1970, 0 for never. */
export type PurgeEpochs = { all: number; byTask: Partial<Record<string, number>> };

export const NO_PURGES: PurgeEpochs = { all: 0, byTask: {} };

/** Grows with every purge that touches the task. A result may be served in its own epoch and in earlier ones. */
export function epochOf({ all, byTask }: PurgeEpochs, type: string): number {
  return Math.max(all, byTask[type] ?? 0);
}

export type PurgeLog = {
  read: (client: string) => Promise<PurgeEpochs>;
  purge: (client: string, type: string | null) => Promise<PurgeEpochs>;
};

/** A purge is known everywhere after this long. */
const KEPT_FOR_MS = MINUTE_MS;
const MAX_CLIENTS = 1_000;

/** Remembers the epochs in this isolate, so that few requests have to ask for them. */
export function rememberEpochs(source: PurgeLog, now: () => number): PurgeLog {
  const known = new Map<string, { atMs: number; epochs: PurgeEpochs }>();
  const remember = (client: string, atMs: number, epochs: PurgeEpochs): PurgeEpochs => {
    if (known.size >= MAX_CLIENTS) known.clear();
    known.set(client, { atMs, epochs });
    return epochs;
  };
  return {
    async read(client) {
      const nowMs = now();
      const kept = known.get(client);
      if (kept && nowMs - kept.atMs < KEPT_FOR_MS) return kept.epochs;
      return remember(client, nowMs, await source.read(client));
    },
    async purge(client, type) {
      const nowMs = now();
      return remember(client, nowMs, await source.purge(client, type));
    },
  };
}
