import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { ClavesQuery, ClavesReply, toClaveReply } from "./claves.schemas.ts";

const SCHEMA = {
  tags: ["Acceso"],
  operationId: "listarClaves",
  summary: "Lista las claves",
  description:
    "Las más nuevas primero, también las revocadas y caducadas de los últimos 90 días. Ninguna enseña su secreto. Permiso: `admin`.",
  request: { query: ClavesQuery },
  responses: {
    "200": { description: "Las claves.", ...contentJson(ClavesReply) },
    ...problemResponses(["entrada_invalida", "no_autenticado"]),
  },
};

export class ListarClavesEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { cliente } = this.readQuery(c, ClavesQuery);
    const { access, now } = c.get("deps");
    const all = await access().listKeys();
    const keys = cliente === undefined ? all : all.filter(({ client }) => client === cliente);
    const body: z.input<typeof ClavesReply> = {
      success: true,
      mensaje: keys.length === 1 ? "1 clave." : `${keys.length} claves.`,
      claves: keys.map((key) => toClaveReply(key, now())),
    };
    return c.json(body);
  }
}
