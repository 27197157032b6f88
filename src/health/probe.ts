import { asProblem } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";
import { withTimeout } from "../lib/with-timeout.ts";

export const PART_STATES = ["ok", "degradado", "caido", "sin_datos", "sin_configurar"] as const;
export type Part = { estado: (typeof PART_STATES)[number]; latencia_ms: number | null };

const PROBE_LIMIT_MS = 2_000;

/** Whether a part answers within 2 s, and how fast. Never throws: why it does not is logged. */
export async function probe(
  now: () => number,
  name: string,
  look: () => Promise<unknown>,
): Promise<Part> {
  const startMs = now();
  try {
    await withTimeout(PROBE_LIMIT_MS, look);
    return { estado: "ok", latencia_ms: now() - startMs };
  } catch (error) {
    log.warn("health_probe_failed", {
      part: name,
      ...describeError(asProblem(error)?.cause ?? error),
    });
    return { estado: "caido", latencia_ms: null };
  }
}
