import type { Config } from "../config.ts";
import type { HistoryRetention } from "./history-store.ts";
import { DAY_MS } from "../lib/durations.ts";

/** Reads the retention from the settings. Undefined when every record is kept forever. */
export function historyRetention(
  {
    RETENCION_DIAS,
    RETENCION_POR_CLIENTE,
  }: Pick<Config, "RETENCION_DIAS" | "RETENCION_POR_CLIENTE">,
  nowMs: number,
): HistoryRetention | undefined {
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
