import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { requireBackups, RespaldosReply, toRespaldo } from "./respaldos.schemas.ts";

const SCHEMA = {
  tags: ["Administración"],
  operationId: "respaldos",
  summary: "Lista las copias de seguridad",
  description: "Las que hay en R2, la más nueva primero.",
  responses: {
    "200": { description: "Las copias.", ...contentJson(RespaldosReply) },
    ...problemResponses(["no_autenticado", "copias_no_configuradas"]),
  },
};

export class RespaldosEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const stored = await requireBackups(c.get("deps").backups).backups();
    const body: z.input<typeof RespaldosReply> = {
      success: true,
      respaldos: stored.map(toRespaldo),
    };
    return c.json(body);
  }
}
