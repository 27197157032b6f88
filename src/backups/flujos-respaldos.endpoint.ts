import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import type { FlowFile } from "./flows.ts";
import { keyIdOf, toBackupId } from "./manifest.ts";
import { partName, writePart } from "./part.ts";
import { concat } from "./streams.ts";
import { FLOWS } from "./removal.ts";
import { FlujosBody, FlujosReply, requireBackups } from "./respaldos.schemas.ts";

const SCHEMA = {
  tags: ["Administración"],
  operationId: "flujosRespaldos",
  summary: "Recibe flujos de n8n para la próxima copia",
  description:
    "Los envía el flujo `respaldo-flujos.json`. La copia de la noche lleva los del último envío que llegó entero desde la anterior, en lugar de los que hubiera; si no llegó ninguno, los que llevaba aquella. Un envío es una petición, o varias con el mismo `envio.id` si no cabe en una. Las credenciales no viajan: n8n solo exporta sus nombres. Permiso: `flujos`.",
  request: { body: jsonBody(FlujosBody) },
  responses: {
    "200": { description: "Guardados.", ...contentJson(FlujosReply) },
    ...problemResponses([...BODY_PROBLEMS, "copias_no_configuradas"]),
  },
};

export class FlujosRespaldosEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { data } = await this.readBody(c, FlujosBody);
    const { backups, config, now } = c.get("deps");
    const bucket = requireBackups(backups);
    const key = config.BACKUP_KEY ?? null;
    const number = Math.floor(Math.random() * MAX_NUMBER);
    const name = partName(toBackupId(now()), FLOWS, number, key);
    const chunks: Uint8Array[] = [];
    const part = await writePart(
      {
        put: async (_, stored) => {
          for await (const chunk of stored) chunks.push(chunk);
        },
      },
      name,
      toLines(data.flujos),
      key,
    );
    const { id: sending = name, numero = 1, quedan = 0 } = data.envio ?? {};
    const sent = { part, sending, number: numero, of: numero + quedan };
    await bucket.putFlows(sent, concat(chunks), key === null ? null : keyIdOf(key));
    const body: z.input<typeof FlujosReply> = {
      success: true,
      mensaje:
        part.rows === 1
          ? "1 flujo guardado para la próxima copia."
          : `${part.rows} flujos guardados para la próxima copia.`,
      flujos: part.rows,
      parte: name,
    };
    return c.json(body);
  }
}

/** The number is random, so that two requests of the same millisecond get different names. */
const MAX_NUMBER = 1_000_000_000;

async function* toLines(flows: readonly FlowFile[]): AsyncGenerator<string[]> {
  yield flows.map((flow) => JSON.stringify(flow));
}
