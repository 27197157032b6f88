import type { ProblemCode } from "../errors.ts";
import { MINUTE_MS } from "../lib/durations.ts";

const REMEMBERED_CALLS = 20;
const REMEMBERED_MS = 5 * MINUTE_MS;

/** What the provider is to blame for. Other problems say nothing of its health. */
const FAULTS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "modelo_error",
  "modelo_tiempo_agotado",
  "modelo_limite_de_uso",
  "modelo_rechaza_credenciales",
  "modelo_sin_saldo",
  "modelo_respuesta_invalida",
]);

type Call = { atMs: number; failed: boolean; latencyMs: number };

const calls: Call[] = [];

export type CallOutcome = "ok" | ProblemCode;

/** Whether the provider answered; undefined where the outcome is not its doing. A refused content was answered. */
export function didAnswer(outcome: CallOutcome): boolean | undefined {
  if (outcome === "ok" || outcome === "contenido_filtrado") return true;
  return FAULTS.has(outcome) ? false : undefined;
}

/** Remembers how a call to the provider went, for this isolate. */
export function noteCall(outcome: CallOutcome, latencyMs: number, nowMs: number): void {
  const answered = didAnswer(outcome);
  if (answered === undefined) return;
  calls.push({ atMs: nowMs, failed: !answered, latencyMs });
  if (calls.length > REMEMBERED_CALLS) calls.shift();
}

/** What the last calls of the last minutes showed: the median latency of those that were answered. */
export function providerHealth(nowMs: number): {
  estado: "ok" | "degradado" | "caido" | "sin_datos";
  latencia_ms: number | null;
} {
  const recent = calls.filter(({ atMs }) => nowMs - atMs < REMEMBERED_MS);
  if (recent.length === 0) return { estado: "sin_datos", latencia_ms: null };
  const latencies = recent
    .filter(({ failed }) => !failed)
    .map(({ latencyMs }) => latencyMs)
    .toSorted((a, b) => a - b);
  const latencia_ms = latencies[latencies.length >> 1] ?? null;
  if (latencies.length === 0) return { estado: "caido", latencia_ms };
  return { estado: latencies.length === recent.length ? "ok" : "degradado", latencia_ms };
}
