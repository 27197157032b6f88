import type { Deps } from "../deps.ts";
import { readProviderHealth, type ProviderHealth } from "../llm/provider-health.ts";
import { probe, type Part } from "./probe.ts";

export type Health = {
  /** `caido`: the API cannot serve. `degradado`: it serves without one of its parts. */
  estado: "ok" | "degradado" | "caido";
  componentes: Record<"base_de_datos" | "kv" | "durable_objects" | "modelo", Part>;
};

const KEPT_FOR_MS = 10_000;

let last: { atMs: number; health: Promise<Health> } | undefined;

/** Looks at every part, reading only, at most once in 10 s an isolate. The model is never called for it. */
export function checkHealth(deps: Deps): Promise<Health> {
  const nowMs = deps.now();
  if (!last || nowMs - last.atMs >= KEPT_FOR_MS) last = { atMs: nowMs, health: check(deps) };
  return last.health;
}

async function check(deps: Deps): Promise<Health> {
  const [base_de_datos, kv, durable_objects] = await Promise.all([
    probe(deps.now, "base_de_datos", () => deps.history.ping()),
    probe(deps.now, "kv", () => deps.kv.get("salud")),
    probe(deps.now, "durable_objects", () => deps.pingDurableObjects()),
  ]);
  const componentes = { base_de_datos, kv, durable_objects, modelo: modelHealth(deps) };
  return { estado: overall(componentes), componentes };
}

const MODEL_STATES: Record<ProviderHealth["state"], Part["estado"]> = {
  ok: "ok",
  degraded: "degradado",
  down: "caido",
  unknown: "sin_datos",
};

function modelHealth({ config, now }: Deps): Part {
  if (config.OPENAI_API_KEY === undefined) return { estado: "sin_configurar", latencia_ms: null };
  const { state, latencyMs } = readProviderHealth(now());
  return { estado: MODEL_STATES[state], latencia_ms: latencyMs };
}

/** Paid work lives in Durable Objects: without them nothing can be answered. Without the rest, much can. */
function overall(componentes: Health["componentes"]): Health["estado"] {
  if (componentes.durable_objects.estado !== "ok") return "caido";
  const troubled = Object.values(componentes).some(
    ({ estado }) => estado === "caido" || estado === "degradado",
  );
  return troubled ? "degradado" : "ok";
}
