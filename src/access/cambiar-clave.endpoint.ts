import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import {
  CambiarClaveBody,
  ClaveParams,
  toClaveReply,
  toSettings,
  UnaClaveReply,
} from "./claves.schemas.ts";

const SCHEMA = {
  tags: ["Acceso"],
  operationId: "cambiarClave",
  summary: "Cambia lo que puede una clave",
  description:
    "Solo cambia lo que se envía; rige en todas partes en menos de un segundo. Ni antes ni después puede pasar de lo que puede quien la cambia. Su cliente no cambia nunca. Permiso: `admin`.",
  request: { params: ClaveParams, body: jsonBody(CambiarClaveBody) },
  responses: {
    "200": { description: "Cambiada.", ...contentJson(UnaClaveReply) },
    ...problemResponses([...BODY_PROBLEMS, "no_encontrado", "clave_revocada"]),
  },
};

export class CambiarClaveEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { id } = this.readParams(c, ClaveParams);
    const { data } = await this.readBody(c, CambiarClaveBody);
    const { config, access, keys, now } = c.get("deps");
    const changes = toSettings(data, config.GENERIC_TIMEZONE);
    const key = await access().updateKey(c.get("principal"), id, changes);
    keys.forget(id);
    const body: z.input<typeof UnaClaveReply> = {
      success: true,
      mensaje: "Clave cambiada.",
      ...toClaveReply(key, now()),
    };
    return c.json(body);
  }
}
