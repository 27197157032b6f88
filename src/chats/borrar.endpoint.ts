import { contentJson } from "chanfana";
import { z } from "zod";
import { backupsHoldUntil } from "../backups/retention.ts";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { ChatId } from "../lib/chat-id.ts";

const Params = z.strictObject({ chat_id: ChatId });

const BorrarReply = z.strictObject({
  success: z.literal(true),
  chat_id: z.int(),
  mensaje: z.string(),
  completo: z
    .boolean()
    .describe("false si la base de datos no respondía: el borrado sigue solo en cuanto responda."),
  registros: z.int().nullable().describe("Registros borrados; nulo si aún no se sabe."),
  claves_cache: z
    .int()
    .nullable()
    .describe("Respuestas guardadas que se olvidan; nulo si aún no se sabe, o si se purgó todo."),
  copias_hasta: z.iso
    .datetime()
    .nullable()
    .describe("Hasta cuándo tendrán los datos las copias de seguridad; nulo si no se hacen."),
});

const SCHEMA = {
  tags: ["Historial"],
  operationId: "borrarHistorial",
  summary: "Borra un chat en todas partes",
  description:
    "Registros, informes y su suscripción, modo, respuestas guardadas y lo que estaba en camino. Lo que se estaba haciendo se responde y no se guarda. Las copias de la caché de cada centro de datos viven 5 minutos como mucho. No se puede deshacer.",
  request: { params: Params },
  responses: {
    "200": { description: "Qué se borró.", ...contentJson(BorrarReply) },
    ...problemResponses(["entrada_invalida", "no_autenticado"]),
  },
};

export class BorrarEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { chat_id } = this.readParams(c, Params);
    const client = c.get("client");
    const { backups, chat, config, now } = c.get("deps");
    const erased = await chat(client, chat_id).erase(client, chat_id);
    const body: z.input<typeof BorrarReply> = {
      success: true,
      chat_id,
      mensaje: erased
        ? `Borrado: ${erased.records === 1 ? "1 registro" : `${erased.records} registros`}.`
        : "El borrado está anotado y se completará solo: la base de datos no responde ahora.",
      completo: erased !== null,
      registros: erased?.records ?? null,
      claves_cache: erased && !erased.wholeCache ? erased.cacheKeys : null,
      copias_hasta: backups && backupsHoldUntil(config, now()).toISOString(),
    };
    return c.json(body);
  }
}
