import type { Config } from "../config.ts";
import { readProviderHealth } from "../llm/provider-health.ts";
import { probe, type HealthCheck } from "./probe.ts";

export type ServiceHealth = {
  /** "down": the API cannot serve. "degraded": it serves without one of its components. */
  status: "ok" | "degraded" | "down";
  components: Record<"database" | "kv" | "durableObjects" | "model", HealthCheck>;
};

type HealthDeps = {
  config: Pick<Config, "OPENAI_API_KEY">;
  history: { ping: () => Promise<unknown> };
  kv: { get: (key: string) => Promise<unknown> };
  pingDurableObjects: () => Promise<void>;
  now: () => number;
};

const CACHE_TTL_MS = 10_000;

let cached: { atMs: number; health: Promise<ServiceHealth> } | undefined;

/**
 * Checks every component with reads only, at most once per 10 s in an isolate. The model is never called for it: its state
 * comes from the recent calls of this isolate.
 */
export function checkHealth(deps: HealthDeps): Promise<ServiceHealth> {
  const nowMs = deps.now();
  if (!cached || nowMs - cached.atMs >= CACHE_TTL_MS) {
    cached = { atMs: nowMs, health: checkComponents(deps) };
  }
  return cached.health;
}

async function checkComponents(deps: HealthDeps): Promise<ServiceHealth> {
  const [database, kv, durableObjects] = await Promise.all([
    probe(deps.now, "database", () => deps.history.ping()),
    probe(deps.now, "kv", () => deps.kv.get("salud")),
    probe(deps.now, "durable_objects", () => deps.pingDurableObjects()),
  ]);
  const components = { database, kv, durableObjects, model: checkModel(deps) };
  return { status: overallStatus(components), components };
}

function checkModel({ config, now }: Pick<HealthDeps, "config" | "now">): HealthCheck {
  if (config.OPENAI_API_KEY === undefined) return { state: "not_configured", latencyMs: null };
  return readProviderHealth(now());
}

/** Tasks run in Durable Objects, so the API is down without them. Without another component it still serves most routes. */
function overallStatus(components: ServiceHealth["components"]): ServiceHealth["status"] {
  if (components.durableObjects.state !== "ok") return "down";
  const isDegraded = Object.values(components).some(
    ({ state }) => state === "down" || state === "degraded",
  );
  return isDegraded ? "degraded" : "ok";
}
