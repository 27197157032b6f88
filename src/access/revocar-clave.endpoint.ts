import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { ClaveParams, toClaveReply, UnaClaveReply } from "./claves.schemas.ts";

const SCHEMA = {
  tags: ["Acceso"],
  operationId: "revocarClave",
  summary: "Revoca una clave",
  description:
    "Deja de valer en todas partes en menos de un segundo, con todos sus tokens. No se puede deshacer; revocarla otra vez no cambia nada. Permiso: `admin`.",
  request: { params: ClaveParams },
  responses: {
    "200": { description: "Revocada.", ...contentJson(UnaClaveReply) },
    ...problemResponses(["no_autenticado", "no_encontrado"]),
  },
};

export class RevocarClaveEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { id } = this.readParams(c, ClaveParams);
    const { access, keys, now } = c.get("deps");
    const key = await access().revokeKey(id);
    keys.forget(id);
    const body: z.input<typeof UnaClaveReply> = {
      success: true,
      mensaje: "Clave revocada, con sus tokens.",
      ...toClaveReply(key, now()),
    };
    return c.json(body);
  }
}
