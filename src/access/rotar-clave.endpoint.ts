import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { AppError } from "../errors.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import { generateApiKey, requirePepper } from "./api-key.ts";
import { ClaveNuevaReply, ClaveParams, RotarClaveBody, toClaveReply } from "./claves.schemas.ts";

const SCHEMA = {
  tags: ["Acceso"],
  operationId: "rotarClave",
  summary: "Da un secreto nuevo a una clave",
  description:
    "La clave nueva se enseña una sola vez. La de antes vale `gracia_segundos` más, para dar tiempo a cambiarla donde se use; la de antes de esa, y los tokens que se pidieron con ella, dejan de valer. Permiso: `admin`.",
  request: { params: ClaveParams, body: jsonBody(RotarClaveBody) },
  responses: {
    "200": { description: "Hecho. Guarda `clave` ahora.", ...contentJson(ClaveNuevaReply) },
    ...problemResponses([...BODY_PROBLEMS, "no_encontrado", "clave_revocada", "falta_ajuste"]),
  },
};

export class RotarClaveEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { id } = this.readParams(c, ClaveParams);
    const { data } = await this.readBody(c, RotarClaveBody);
    const { config, access, keys, now } = c.get("deps");
    const pepper = requirePepper(config);
    const current = await access().getKey(id);
    if (!current) throw new AppError("no_encontrado", { detail: "No existe esa clave." });
    const { text, digest } = generateApiKey(pepper, current.client, id);
    const graceMs = data.gracia_segundos * 1_000;
    const key = await access().rotateKey(c.get("principal"), id, digest, graceMs);
    keys.forget(id);
    const body: z.input<typeof ClaveNuevaReply> = {
      success: true,
      mensaje:
        graceMs === 0
          ? "Clave nueva hecha; la de antes ya no vale. Guárdala ahora: no se vuelve a enseñar."
          : "Clave nueva hecha; la de antes vale un tiempo más. Guárdala ahora: no se vuelve a enseñar.",
      clave: text,
      ...toClaveReply(key, now()),
    };
    return c.json(body);
  }
}
