import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { AppError } from "../errors.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import { generateApiKey, generateKeyId, requirePepper } from "./api-key.ts";
import {
  ClaveNuevaReply,
  CrearClaveBody,
  toClaveReply,
  toExpiryMs,
  toLimits,
} from "./claves.schemas.ts";

const SCHEMA = {
  tags: ["Acceso"],
  operationId: "crearClave",
  summary: "Hace una clave nueva",
  description:
    "La clave se enseña una sola vez, en esta respuesta. Nadie puede dar permisos, chats, límites ni caducidad más amplios que los suyos. Permiso: `admin`.",
  request: { body: jsonBody(CrearClaveBody) },
  responses: {
    "200": { description: "Hecha. Guarda `clave` ahora.", ...contentJson(ClaveNuevaReply) },
    ...problemResponses([...BODY_PROBLEMS, "demasiadas_claves", "falta_ajuste"]),
  },
};

export class CrearClaveEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { data } = await this.readBody(c, CrearClaveBody);
    const { config, access, now } = c.get("deps");
    const pepper = requirePepper(config);
    const expiresMs = toExpiryMs(data.caduca, config.GENERIC_TIMEZONE);
    if (expiresMs !== null && expiresMs <= now()) {
      throw new AppError("entrada_invalida", {
        detail: "El campo caduca no vale: ya ha pasado.",
        fields: [{ campo: "caduca", mensaje: "ya ha pasado" }],
      });
    }
    const id = generateKeyId();
    const client = data.cliente ?? id;
    const { text, digest } = generateApiKey(pepper, client, id);
    const key = await access().createKey(c.get("principal"), {
      ...{ id, client, digest, expiresMs },
      name: data.nombre,
      scopes: data.permisos,
      chats: data.chats,
      limits: toLimits(data.limites),
    });
    const body: z.input<typeof ClaveNuevaReply> = {
      success: true,
      mensaje: "Clave hecha. Guárdala ahora: no se vuelve a enseñar.",
      clave: text,
      ...toClaveReply(key, now()),
    };
    return c.json(body);
  }
}
