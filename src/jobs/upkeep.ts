import type { Config } from "../config.ts";
import { MAX_FORGOTTEN_ROWS, type Retention } from "../history/history.ts";
import { log } from "../lib/log.ts";
import type { Services } from "../services.ts";

/** Made long before they are needed: a cron promises nothing. */
const MONTHS_AHEAD = 3;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** What is left after so many turns is forgotten the next night. */
const MAX_TURNS = 20;

/** Nightly care of the history: partitions for the months to come, and an end for what was kept long enough. */
export async function keepUpHistory({
  config,
  history,
  now,
}: Pick<Services, "config" | "history" | "now">): Promise<void> {
  const nowMs = now();
  await history.makePartitions(new Date(nowMs), MONTHS_AHEAD);
  const retention = retentionOf(config, nowMs);
  if (!retention) return;

  let forgotten = 0;
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const rows = await history.forget(retention);
    forgotten += rows;
    if (rows < MAX_FORGOTTEN_ROWS) break;
  }
  log.info("history_kept_up", { forgotten });
}

/** Undefined when everything is kept. */
function retentionOf(
  { RETENCION_DIAS, RETENCION_POR_CLIENTE }: Config,
  nowMs: number,
): Retention | undefined {
  const since = (days: number): Date | null =>
    days === 0 ? null : new Date(nowMs - days * DAY_MS);
  const own = new Map(
    [...RETENCION_POR_CLIENTE].map(([client, days]) => [client, since(days)] as const),
  );
  const retention = { since: since(RETENCION_DIAS), own };
  return [retention.since, ...own.values()].some((moment) => moment !== null)
    ? retention
    : undefined;
}
