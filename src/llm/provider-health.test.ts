import { beforeEach, describe, expect, it, vi } from "vitest";
import { MINUTE_MS } from "../lib/durations.ts";

/** The module remembers calls for its isolate, so each test imports a fresh copy. */
let health: typeof import("./provider-health.ts");

beforeEach(async () => {
  vi.resetModules();
  health = await import("./provider-health.ts");
});

describe("readProviderHealth", () => {
  it("is unknown before the first call", () => {
    expect(health.readProviderHealth(0)).toEqual({ state: "unknown", latencyMs: null });
  });

  it("is ok with the median latency while all calls are answered, content refusals included", () => {
    health.recordProviderCall("ok", 100, 0);
    health.recordProviderCall("ok", 300, 0);
    health.recordProviderCall("contenido_filtrado", 200, 0);
    expect(health.readProviderHealth(1)).toEqual({ state: "ok", latencyMs: 200 });
  });

  it("is down while all calls fail and degraded while some do", () => {
    health.recordProviderCall("modelo_error", 50, 0);
    expect(health.readProviderHealth(1)).toEqual({ state: "down", latencyMs: null });
    health.recordProviderCall("ok", 70, 0);
    expect(health.readProviderHealth(1)).toEqual({ state: "degraded", latencyMs: 70 });
  });

  it.for([
    "modelo_error",
    "modelo_tiempo_agotado",
    "modelo_limite_de_uso",
    "modelo_rechaza_credenciales",
    "modelo_sin_saldo",
    "modelo_respuesta_invalida",
  ] as const)("counts %s as a failure and leaves its duration out of the latency", (problem) => {
    health.recordProviderCall("ok", 10, 0);
    health.recordProviderCall(problem, 90_000, 0);
    expect(health.readProviderHealth(1)).toEqual({ state: "degraded", latencyMs: 10 });
  });

  it("is ok again once the failures are too old", () => {
    health.recordProviderCall("modelo_error", 1, 0);
    health.recordProviderCall("ok", 40, 4 * MINUTE_MS);
    expect(health.readProviderHealth(4 * MINUTE_MS).state).toBe("degraded");
    expect(health.readProviderHealth(6 * MINUTE_MS)).toEqual({ state: "ok", latencyMs: 40 });
  });

  it("ignores problems that the provider did not cause", () => {
    for (const problem of ["falta_tarea", "chat_ocupado", "error_interno"] as const) {
      health.recordProviderCall(problem, 1, 0);
    }
    expect(health.readProviderHealth(1).state).toBe("unknown");
  });

  it("forgets calls after five minutes and keeps only the last twenty", () => {
    health.recordProviderCall("modelo_error", 1, 0);
    expect(health.readProviderHealth(5 * MINUTE_MS).state).toBe("unknown");
    health.recordProviderCall("modelo_error", 1, 0);
    for (let index = 0; index < 20; index += 1) health.recordProviderCall("ok", 1, 0);
    expect(health.readProviderHealth(1).state).toBe("ok");
  });
});
