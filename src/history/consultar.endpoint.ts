import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import type { HistoryPage } from "./history-store.ts";
import {
  ConsultarBody,
  ConsultarReply,
  toHistoryFilter,
  toRecordReply,
} from "./history.schemas.ts";

const SCHEMA = {
  tags: ["Historial"],
  operationId: "consultar",
  summary: "Lista lo que se hizo en un chat",
  description:
    "Los registros del chat, los más nuevos primero. Con `buscar`, los que dicen esas palabras; con `cursor`, la página siguiente.",
  request: { body: jsonBody(ConsultarBody) },
  responses: {
    "200": { description: "Los registros.", ...contentJson(ConsultarReply) },
    ...problemResponses([...BODY_PROBLEMS, "historial_no_disponible"]),
  },
};

export class ConsultarEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { data, warnings } = await this.readBody(c, ConsultarBody);
    const { config, history, chat } = c.get("deps");
    const client = c.get("client");
    const page: HistoryPage = {
      filter: toHistoryFilter(client, data, config.GENERIC_TIMEZONE),
      order: data.orden,
      // One more row than requested shows whether another page exists.
      limit: data.limit + 1,
      after: data.cursor === null ? undefined : parseCursor(data.cursor, data.orden),
    };

    const pending = await chat(client, data.chat_id).deliverNow();
    const { rows, total } =
      page.after === undefined
        ? await history.page(page)
        : { rows: await history.rows(page), total: undefined };
    const shown = rows.slice(0, data.limit);
    const last = rows.length > shown.length ? shown.at(-1) : undefined;
    const body: z.input<typeof ConsultarReply> = {
      consultas: shown.map(toRecordReply),
      ...(total !== undefined && { total }),
      cursor: last ? toCursor(data.orden, last.requestId) : null,
      success: true,
      mensaje: countMessage(shown.length, total),
      chat_id: data.chat_id,
      pendientes: pending,
      ...(warnings.length > 0 && { avisos: warnings }),
    };
    return c.json(body);
  }
}

function countMessage(shown: number, total: number | undefined): string {
  if (total === undefined) {
    if (shown === 0) return "No hay más registros.";
    return shown === 1 ? "1 registro más." : `${shown} registros más.`;
  }
  if (total === 0) return "No hay ningún registro así.";
  return `Se ${shown === 1 ? "muestra" : "muestran"} ${shown} de ${total}.`;
}
