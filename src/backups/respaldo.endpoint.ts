import { contentJson } from "chanfana";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { ManifestFile } from "./manifest.schemas.ts";
import { backupNotFound, requireBackups, RespaldoParams } from "./respaldos.schemas.ts";

const SCHEMA = {
  tags: ["Administración"],
  operationId: "respaldo",
  summary: "Descarga el manifiesto de una copia",
  description:
    "Qué tablas y filas tiene la copia, y en qué partes, con el SHA-256 de cada una. Se entrega tal como se guardó, con su sello.",
  request: { params: RespaldoParams },
  responses: {
    "200": { description: "El manifiesto.", ...contentJson(ManifestFile) },
    ...problemResponses(["no_autenticado", "no_encontrado", "copias_no_configuradas"]),
  },
};

export class RespaldoEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const backups = requireBackups(c.get("deps").backups);
    const params = RespaldoParams.safeParse(c.req.param());
    const file = params.success ? await backups.manifestFile(params.data.id) : null;
    if (!file) throw backupNotFound("copia");
    return c.body(file.body, 200, { "content-type": "application/json" });
  }
}
