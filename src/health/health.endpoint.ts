import { contentJson } from "chanfana";
import { z } from "zod";
import { version } from "../../package.json";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { checkHealth } from "./health.ts";
import { PART_STATES } from "./probe.ts";

const Alive = z.strictObject({ status: z.literal("ok") });

const Part = z.strictObject({
  estado: z.enum(PART_STATES),
  latencia_ms: z.int().nullable(),
});

export const HealthDetailedReply = z.strictObject({
  status: z.enum(["ok", "degradado", "caido"]),
  version: z.string(),
  componentes: z.strictObject({
    base_de_datos: Part,
    kv: Part,
    durable_objects: Part,
    modelo: Part.describe("Lo que mostraron las últimas llamadas; no se llama para comprobarlo."),
  }),
});

const ALIVE_SCHEMA = {
  tags: ["Salud"],
  operationId: "health",
  summary: "Dice que el servicio está en marcha",
  security: [],
  responses: { "200": { description: "En marcha.", ...contentJson(Alive) } },
};

export class HealthEndpoint extends Endpoint {
  override schema = ALIVE_SCHEMA;

  override handle(c: AppContext): Response {
    return c.json({ status: "ok" } satisfies z.input<typeof Alive>);
  }
}

export class ApiHealthEndpoint extends HealthEndpoint {
  override schema = { ...ALIVE_SCHEMA, operationId: "apiHealth" };
}

const DETAILED_SCHEMA = {
  tags: ["Salud"],
  operationId: "healthDetailed",
  summary: "Dice cómo está cada parte del servicio",
  description:
    "Se comprueba como mucho cada 10 segundos. Sin PostgreSQL el servicio responde igual: el estado es `degradado` y los registros esperan.",
  security: [],
  responses: {
    "200": {
      description: "Sirve, con todas sus partes o sin alguna.",
      ...contentJson(HealthDetailedReply),
    },
    "503": { description: "No puede servir.", ...contentJson(HealthDetailedReply) },
  },
};

export class HealthDetailedEndpoint extends Endpoint {
  override schema = DETAILED_SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { estado, componentes } = await checkHealth(c.get("deps"));
    const body: z.input<typeof HealthDetailedReply> = { status: estado, version, componentes };
    return c.json(body, estado === "caido" ? 503 : 200);
  }
}
