import { z } from "zod";
import type { ServiceHealth } from "./health.ts";
import type { HealthCheck, HealthState } from "./probe.ts";

/** The wire values of the states. */
const ESTADOS = {
  ok: "ok",
  degraded: "degradado",
  down: "caido",
  unknown: "sin_datos",
  not_configured: "sin_configurar",
} as const satisfies Record<HealthState, string>;

export const AliveReply = z.strictObject({ status: z.literal("ok") });

const ComponentReply = z.strictObject({
  estado: z.enum(Object.values(ESTADOS)),
  latencia_ms: z.int().nullable(),
});

export const HealthDetailedReply = z.strictObject({
  status: z.enum([ESTADOS.ok, ESTADOS.degraded, ESTADOS.down]),
  version: z.string(),
  componentes: z.strictObject({
    base_de_datos: ComponentReply,
    kv: ComponentReply,
    durable_objects: ComponentReply,
    modelo: ComponentReply.describe(
      "Lo que mostraron las últimas llamadas; no se llama para comprobarlo.",
    ),
  }),
});

export function toHealthReply(
  { status, components }: ServiceHealth,
  version: string,
): z.input<typeof HealthDetailedReply> {
  const { database, kv, durableObjects, model } = components;
  return {
    status: ESTADOS[status],
    version,
    componentes: {
      base_de_datos: toComponentReply(database),
      kv: toComponentReply(kv),
      durable_objects: toComponentReply(durableObjects),
      modelo: toComponentReply(model),
    },
  };
}

function toComponentReply({ state, latencyMs }: HealthCheck): z.input<typeof ComponentReply> {
  return { estado: ESTADOS[state], latencia_ms: latencyMs };
}
