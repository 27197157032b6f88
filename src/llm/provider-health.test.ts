import { beforeEach, expect, it, vi } from "vitest";
import { MINUTE_MS } from "../lib/durations.ts";

/** What the module remembers belongs to one isolate: each test gets one of its own. */
let health: typeof import("./provider-health.ts");

beforeEach(async () => {
  vi.resetModules();
  health = await import("./provider-health.ts");
});

it("knows nothing before the first call", () => {
  expect(health.providerHealth(0)).toEqual({ estado: "sin_datos", latencia_ms: null });
});

it("is ok with the median latency while calls are answered, a refused content included", () => {
  health.noteCall("ok", 100, 0);
  health.noteCall("ok", 300, 0);
  health.noteCall("contenido_filtrado", 200, 0);
  expect(health.providerHealth(1)).toEqual({ estado: "ok", latencia_ms: 200 });
});

it("is degradado while some fail, and caido while all do", () => {
  health.noteCall("modelo_error", 50, 0);
  expect(health.providerHealth(1)).toEqual({ estado: "caido", latencia_ms: null });
  health.noteCall("ok", 70, 0);
  expect(health.providerHealth(1)).toEqual({ estado: "degradado", latencia_ms: 70 });
});

it.for([
  "modelo_error",
  "modelo_tiempo_agotado",
  "modelo_limite_de_uso",
  "modelo_rechaza_credenciales",
  "modelo_sin_saldo",
  "modelo_respuesta_invalida",
] as const)("holds %s against the provider, and leaves its time out of the latency", (codigo) => {
  health.noteCall("ok", 10, 0);
  health.noteCall(codigo, 90_000, 0);
  expect(health.providerHealth(1)).toEqual({ estado: "degradado", latencia_ms: 10 });
});

it("is ok again when the failures are older than what it remembers", () => {
  health.noteCall("modelo_error", 1, 0);
  health.noteCall("ok", 40, 4 * MINUTE_MS);
  expect(health.providerHealth(4 * MINUTE_MS).estado).toBe("degradado");
  expect(health.providerHealth(6 * MINUTE_MS)).toEqual({ estado: "ok", latencia_ms: 40 });
});

it("takes no notice of what is not the provider's doing", () => {
  for (const codigo of ["falta_tarea", "chat_ocupado", "error_interno"] as const) {
    health.noteCall(codigo, 1, 0);
  }
  expect(health.providerHealth(1).estado).toBe("sin_datos");
});

it("forgets after five minutes, and all but the last twenty calls", () => {
  health.noteCall("modelo_error", 1, 0);
  expect(health.providerHealth(5 * MINUTE_MS).estado).toBe("sin_datos");
  health.noteCall("modelo_error", 1, 0);
  for (let index = 0; index < 20; index += 1) health.noteCall("ok", 1, 0);
  expect(health.providerHealth(1).estado).toBe("ok");
});
