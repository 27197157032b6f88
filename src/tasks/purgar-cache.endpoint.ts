import { contentJson } from "chanfana";
import { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { requireAllChatsAccess } from "../http/chat-access.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { OptionalTaskType } from "./tasks.schemas.ts";
import { TASK_TYPES } from "./types/registry.ts";

const Query = z.strictObject({
  tipo_tarea: OptionalTaskType.meta({
    type: "string",
    enum: [...TASK_TYPES],
    description: "Solo los resultados de esta tarea. Sin ella, todos.",
  }),
});

const PurgarCacheReply = z.strictObject({
  success: z.literal(true),
  mensaje: z.string(),
  tipo_tarea: z.enum(TASK_TYPES).nullable().describe("Nulo: se purgó todo."),
});

const SCHEMA = {
  tags: ["Tareas"],
  operationId: "purgarCache",
  summary: "Olvida los resultados guardados",
  description:
    "Lo que se hizo antes no vuelve a servirse: aquí al momento y en todas partes en menos de 60 segundos. El historial no cambia.",
  request: { query: Query },
  responses: {
    "200": { description: "Purgada.", ...contentJson(PurgarCacheReply) },
    ...problemResponses(["entrada_invalida", "no_autenticado"]),
  },
};

export class PurgarCacheEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    requireAllChatsAccess(c);
    const { tipo_tarea: type } = this.readQuery(c, Query);
    await c.get("deps").purges.purge(c.get("client"), type);
    const what = type === null ? "Todos los resultados guardados" : `Los resultados de ${type}`;
    const body: z.input<typeof PurgarCacheReply> = {
      success: true,
      mensaje: `${what} se han olvidado; en menos de 60 segundos, en todas partes.`,
      tipo_tarea: type,
    };
    return c.json(body);
  }
}
