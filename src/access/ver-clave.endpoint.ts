import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { AppError } from "../errors.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { ClaveParams, toClaveReply, UnaClaveReply } from "./claves.schemas.ts";

const SCHEMA = {
  tags: ["Acceso"],
  operationId: "verClave",
  summary: "Dice cómo es una clave",
  description: "Todo menos su secreto, que el servicio no tiene. Permiso: `admin`.",
  request: { params: ClaveParams },
  responses: {
    "200": { description: "La clave.", ...contentJson(UnaClaveReply) },
    ...problemResponses(["no_autenticado", "no_encontrado"]),
  },
};

export class VerClaveEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { id } = this.readParams(c, ClaveParams);
    const { access, now } = c.get("deps");
    const key = await access().getKey(id);
    if (!key) throw new AppError("no_encontrado", { detail: "No existe esa clave." });
    const body: z.input<typeof UnaClaveReply> = {
      success: true,
      mensaje: `La clave «${key.name}».`,
      ...toClaveReply(key, now()),
    };
    return c.json(body);
  }
}
