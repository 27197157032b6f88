import { MAX_FORGOTTEN_ROWS } from "../history/history.ts";
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
  if (config.RETENCION_DIAS === 0) return;

  const oldest = new Date(nowMs - config.RETENCION_DIAS * DAY_MS);
  let forgotten = 0;
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const rows = await history.forgetBefore(oldest);
    forgotten += rows;
    if (rows < MAX_FORGOTTEN_ROWS) break;
  }
  log.info("history_kept_up", { oldest: oldest.toISOString(), forgotten });
}
