import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { BorradosReply } from "./respaldos.schemas.ts";

const SCHEMA = {
  tags: ["Administración"],
  operationId: "borradosRespaldos",
  summary: "Lista los chats que se borraron y aún pueden estar en las copias",
  description:
    "Lo sabe el reloj del servicio y no la base de datos, que puede haberse perdido. Quien restaura una copia los borra otra vez.",
  responses: {
    "200": { description: "Los chats.", ...contentJson(BorradosReply) },
    ...problemResponses(["no_autenticado"]),
  },
};

export class BorradosRespaldosEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const erasures = await c.get("deps").erasures.all();
    const body: z.input<typeof BorradosReply> = {
      success: true,
      borrados: erasures.map(({ client, chatId, untilMs }) => ({
        ...{ cliente: client, chat_id: chatId, hasta: new Date(untilMs).toISOString() },
      })),
    };
    return c.json(body);
  }
}
