import type { ProblemCode } from "../errors.ts";
import { MINUTE_MS } from "../lib/durations.ts";

const MAX_CALLS = 20;
const MAX_AGE_MS = 5 * MINUTE_MS;

/** The problems that count as a failure of the provider. Others say nothing about its health. */
const PROVIDER_FAULTS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "modelo_error",
  "modelo_tiempo_agotado",
  "modelo_limite_de_uso",
  "modelo_rechaza_credenciales",
  "modelo_sin_saldo",
  "modelo_respuesta_invalida",
]);

type ProviderCall = { atMs: number; failed: boolean; latencyMs: number };

/** `unknown`: no call in the last minutes. `degraded`: some calls failed. `down`: all of them failed. */
type ProviderHealth = {
  state: "ok" | "degraded" | "down" | "unknown";
  /** The median of the calls that the provider answered; null without any. */
  latencyMs: number | null;
};

/** The latest calls of this isolate, oldest first. */
const calls: ProviderCall[] = [];

export type CallOutcome = "ok" | ProblemCode;

/** Whether the provider answered; undefined when the outcome says nothing about it. A content refusal is an answer. */
export function didAnswer(outcome: CallOutcome): boolean | undefined {
  if (outcome === "ok" || outcome === "contenido_filtrado") return true;
  return PROVIDER_FAULTS.has(outcome) ? false : undefined;
}

/** Remembers the outcome of a call in this isolate. */
export function recordProviderCall(outcome: CallOutcome, latencyMs: number, nowMs: number): void {
  const answered = didAnswer(outcome);
  if (answered === undefined) return;
  calls.push({ atMs: nowMs, failed: !answered, latencyMs });
  if (calls.length > MAX_CALLS) calls.shift();
}

/** Summarises this isolate's calls of the last five minutes, at most twenty. */
export function readProviderHealth(nowMs: number): ProviderHealth {
  const recent = calls.filter(({ atMs }) => nowMs - atMs < MAX_AGE_MS);
  if (recent.length === 0) return { state: "unknown", latencyMs: null };
  const latencies = recent
    .filter(({ failed }) => !failed)
    .map(({ latencyMs }) => latencyMs)
    .toSorted((a, b) => a - b);
  const latencyMs = latencies[latencies.length >> 1] ?? null;
  if (latencies.length === 0) return { state: "down", latencyMs };
  return { state: latencies.length === recent.length ? "ok" : "degraded", latencyMs };
}
