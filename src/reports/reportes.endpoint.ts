import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { toReportData, formatReport } from "./report-formats.ts";
import { ReportesQuery, ReportesReply } from "./reports.schemas.ts";

const SCHEMA = {
  tags: ["Informes"],
  operationId: "reportes",
  summary: "Lista los informes semanales de un chat",
  description:
    "Los que se han hecho desde que el chat se suscribió, los más nuevos primero, cada uno con lo que fue de sus entregas.",
  request: { query: ReportesQuery },
  responses: {
    "200": { description: "Los informes.", ...contentJson(ReportesReply) },
    ...problemResponses(["entrada_invalida", "no_autenticado", "historial_no_disponible"]),
  },
};

export class ReportesEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { chat_id, formato, limit, cursor } = this.readQuery(c, ReportesQuery);
    const chat = { client: c.get("client"), chatId: chat_id };
    // One more row than requested shows whether another page exists.
    const page = { before: cursor, limit: limit + 1 };
    const found = await c.get("deps").reports.page(chat, page);
    const shown = found.slice(0, limit);
    const body: z.input<typeof ReportesReply> = {
      success: true,
      chat_id,
      mensaje: countMessage(shown.length),
      reportes: shown.map(({ id, week, madeAt, figures, deliveries }) => ({
        id,
        semana: week,
        creado: madeAt.toISOString(),
        datos: toReportData(figures),
        ...(formato !== "json" && { contenido: formatReport(formato, figures) }),
        entregas: deliveries.map(({ way, state, attempts, reason }) => ({
          via: way,
          estado: state,
          intentos: attempts,
          motivo: reason,
        })),
      })),
      cursor: found.length > shown.length ? (shown.at(-1)?.week ?? null) : null,
    };
    return c.json(body);
  }
}

function countMessage(shown: number): string {
  if (shown === 0) return "No hay ningún informe semanal de este chat.";
  return shown === 1 ? "1 informe." : `${shown} informes.`;
}
