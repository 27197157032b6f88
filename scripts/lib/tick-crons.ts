import { setTimeout as wait } from "node:timers/promises";
import { CRONS, nextDueMs } from "../../src/jobs/schedule.ts";

const LIMIT_MS = 30_000;

/**
 * Sets off the five-minute cron at its times, and once now, until the signal: a Worker on this machine has nobody else
 * to do so. That one is enough, since it starts whatever is due. `tell` hears when it stops working, once.
 */
export async function tickCrons(
  address: string,
  signal: AbortSignal,
  tell: (message: string) => void,
): Promise<void> {
  let works = true;
  while (!signal.aborted) {
    const worked = await tick(address, signal);
    if (works && !worked && !signal.aborted)
      tell("El reloj no pudo poner en marcha los trabajos; lo intenta de nuevo en 5 minutos.");
    works = worked;
    const nowMs = Date.now();
    // Rejects when it is told to stop.
    await wait(nextDueMs(["sweep"], nowMs) - nowMs, undefined, { signal }).catch(() => undefined);
  }
}

async function tick(address: string, stopped: AbortSignal): Promise<boolean> {
  const url = new URL("/cdn-cgi/handler/scheduled", address);
  url.searchParams.set("cron", CRONS.sweep);
  try {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(LIMIT_MS)]);
    const response = await fetch(url, { signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not there, or too slow: both are told the same way.
    return false;
  }
}
