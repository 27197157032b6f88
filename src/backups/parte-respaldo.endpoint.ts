import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { backupNotFound, ParteParams, requireBackups } from "./respaldos.schemas.ts";

const SCHEMA = {
  tags: ["Administración"],
  operationId: "parteRespaldo",
  summary: "Descarga una parte de una copia",
  description:
    "El archivo tal como se guardó: líneas JSON comprimidas con gzip, y cifradas si hay `BACKUP_KEY`. Sus nombres están en el manifiesto.",
  request: { params: ParteParams },
  responses: {
    "200": {
      description: "El archivo.",
      content: {
        "application/octet-stream": { schema: { type: "string" as const, format: "binary" } },
      },
    },
    ...problemResponses(["no_autenticado", "no_encontrado", "copias_no_configuradas"]),
  },
};

export class ParteRespaldoEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const backups = requireBackups(c.get("deps").backups);
    const params = ParteParams.safeParse(c.req.param());
    if (!params.success) throw backupNotFound("parte");
    const { id, parte } = params.data;
    const isPartOfBackup = (await backups.partNames(id))?.includes(parte) ?? false;
    const file = isPartOfBackup ? await backups.partFile(parte) : null;
    if (!file) throw backupNotFound("parte");
    return c.body(file.body, 200, {
      "content-type": "application/octet-stream",
      "content-length": String(file.size),
      "content-disposition": `attachment; filename="${parte}"`,
    });
  }
}
