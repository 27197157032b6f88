import { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { EXPORT_FORMATS, FORMATS } from "./export-formats.ts";
import { exportHistory } from "./export-history.ts";
import { FilterFields, toHistoryFilter } from "./history.schemas.ts";

const Query = z.strictObject({
  ...FilterFields,
  formato: z.enum(EXPORT_FORMATS, "debe ser csv, jsonl o md").default("csv").meta({
    description: "`csv` (hojas de cálculo), `jsonl` (programas) o `md` (Markdown).",
  }),
});

const FILE = { schema: { type: "string" as const } };

const SCHEMA = {
  tags: ["Historial"],
  operationId: "exportarHistorial",
  summary: "Descarga el historial de un chat",
  description:
    "Los registros, los más antiguos primero, como un archivo que se escribe mientras se lee. En `csv`, separado por comas, las fórmulas de hoja de cálculo salen desactivadas.",
  request: { query: Query },
  responses: {
    "200": {
      description: "El archivo.",
      content: { "text/csv": FILE, "application/jsonl": FILE, "text/markdown": FILE },
    },
    ...problemResponses(["entrada_invalida", "no_autenticado", "historial_no_disponible"]),
  },
};

export class ExportarEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const data = this.readQuery(c, Query);
    const { config, history, chat } = c.get("deps");
    const client = c.get("client");
    await chat(client, data.chat_id).deliverNow();
    const filter = toHistoryFilter(client, data, config.GENERIC_TIMEZONE);
    return c.body(
      await exportHistory(history, filter, data.formato, config.GENERIC_TIMEZONE),
      200,
      {
        "content-type": FORMATS[data.formato].contentType,
        "content-disposition": `attachment; filename="historial_${data.chat_id}.${data.formato}"`,
      },
    );
  }
}
