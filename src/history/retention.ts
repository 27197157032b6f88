import type { Config } from "../config.ts";
import type { Retention } from "./history.ts";
import { DAY_MS } from "../lib/durations.ts";

/** What the settings say is kept no longer. Undefined when everything is kept. */
export function retentionOf(
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
