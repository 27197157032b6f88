import { setTimeout as wait } from "node:timers/promises";
import { CRONS, nextDueMs } from "../../src/jobs/schedule.ts";
import { respondsOk } from "./responds-ok.ts";

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Triggers the five-minute cron now and at each of its times, until `signal` aborts: wrangler never triggers crons on
 * this machine. That cron starts every job that is due, so the others need no trigger. `warn` receives one message when
 * the trigger starts to fail.
 */
export async function tickCrons(
  address: string,
  signal: AbortSignal,
  warn: (message: string) => void,
): Promise<void> {
  let wasTriggered = true;
  while (!signal.aborted) {
    const isTriggered = await triggerCron(address, signal);
    if (wasTriggered && !isTriggered && !signal.aborted) {
      warn("El reloj no pudo poner en marcha los trabajos; lo intenta de nuevo en 5 minutos.");
    }
    wasTriggered = isTriggered;
    const nowMs = Date.now();
    // The wait rejects when the signal aborts; the loop condition handles that.
    await wait(nextDueMs(["everyFiveMinutes"], nowMs) - nowMs, undefined, { signal }).catch(
      () => undefined,
    );
  }
}

async function triggerCron(address: string, stopSignal: AbortSignal): Promise<boolean> {
  const url = new URL("/cdn-cgi/handler/scheduled", address);
  url.searchParams.set("cron", CRONS.everyFiveMinutes);
  return await respondsOk(
    url,
    AbortSignal.any([stopSignal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  );
}
