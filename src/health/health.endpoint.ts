import { contentJson } from "chanfana";
import type { z } from "zod";
import { version } from "../../package.json";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { checkHealth } from "./health.ts";
import { AliveReply, HealthDetailedReply, toHealthReply } from "./health.schemas.ts";

const ALIVE_SCHEMA = {
  tags: ["Salud"],
  operationId: "health",
  summary: "Dice que el servicio está en marcha",
  security: [],
  responses: { "200": { description: "En marcha.", ...contentJson(AliveReply) } },
};

export class HealthEndpoint extends Endpoint {
  override schema = ALIVE_SCHEMA;

  override handle(c: AppContext): Response {
    return c.json({ status: "ok" } satisfies z.input<typeof AliveReply>);
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
    const health = await checkHealth(c.get("deps"));
    return c.json(toHealthReply(health, version), health.status === "down" ? 503 : 200);
  }
}
