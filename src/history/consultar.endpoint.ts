import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import { ConsultarBody, ConsultarReply, toRecordReply } from "./history.schemas.ts";

const SCHEMA = {
  tags: ["Historial"],
  operationId: "consultar",
  summary: "Lista lo que se hizo en un chat",
  description: "Los registros del chat, los más nuevos primero.",
  request: { body: contentJson(ConsultarBody) },
  responses: {
    "200": { description: "Los registros.", ...contentJson(ConsultarReply) },
    ...problemResponses([...BODY_PROBLEMS, "historial_no_disponible"]),
  },
};

export class ConsultarEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { data, warnings } = await this.readBody(c, ConsultarBody);
    const { history, chat } = c.get("deps");
    const client = c.get("client");

    const pending = await chat(client, data.chat_id).flush();
    const { rows, total } = await history.page({
      filter: { client, chatId: data.chat_id, task: data.tipo_tarea },
      order: "desc",
      limit: data.limit,
      offset: 0,
    });
    const body: z.input<typeof ConsultarReply> = {
      consultas: rows.map(toRecordReply),
      total,
      success: true,
      mensaje:
        total === 0 ? "Todavía no hay registros." : `Se muestran ${rows.length} de ${total}.`,
      chat_id: data.chat_id,
      pendientes: pending,
      ...(warnings.length > 0 && { avisos: warnings }),
    };
    return c.json(body);
  }
}
