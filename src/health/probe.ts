import { asProblem } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";
import { withTimeout } from "../lib/with-timeout.ts";

export type HealthState = "ok" | "degraded" | "down" | "unknown" | "not_configured";

/** The state of one component; the latency is null when nothing was measured. */
export type HealthCheck = { state: HealthState; latencyMs: number | null };

const PROBE_TIMEOUT_MS = 2_000;

/**
 * Runs a check of one component and measures its latency. Returns "down" when the check fails or takes longer than 2 s;
 * the reason goes to the log under `name`. Never throws.
 */
export async function probe(
  now: () => number,
  name: string,
  check: () => Promise<unknown>,
): Promise<HealthCheck> {
  const startMs = now();
  try {
    await withTimeout(PROBE_TIMEOUT_MS, check);
    return { state: "ok", latencyMs: now() - startMs };
  } catch (error) {
    log.warn("health_probe_failed", {
      component: name,
      ...describeError(asProblem(error)?.cause ?? error),
    });
    return { state: "down", latencyMs: null };
  }
}
