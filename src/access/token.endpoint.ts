import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { AppError, type FieldProblem } from "../errors.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import { TokenBody, TokenReply } from "./claves.schemas.ts";
import type { Permissions } from "./principal.ts";
import { signToken } from "./token.ts";

const SCHEMA = {
  tags: ["Acceso"],
  operationId: "pedirToken",
  summary: "Cambia una clave por un token que dura poco",
  description:
    "Para dar a un programa o a una página menos de lo que puede la clave, y por poco tiempo. El token vale en `Authorization: Bearer` donde vale la clave, y deja de valer con ella. Un token no se cambia por otro. Permiso: cualquiera.",
  request: { body: jsonBody(TokenBody) },
  responses: {
    "200": { description: "El token.", ...contentJson(TokenReply) },
    ...problemResponses([...BODY_PROBLEMS, "falta_ajuste"]),
  },
};

export class TokenEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { data } = await this.readBody(c, TokenBody);
    const { config, now, nextId } = c.get("deps");
    const principal = c.get("principal");
    if (principal.generation === undefined) {
      throw new AppError("permiso_insuficiente", {
        detail: "Un token se pide con una clave, no con otro token.",
      });
    }
    requireSubset(principal, data);

    const nowMs = now();
    const endsMs = Math.min(
      nowMs + data.duracion_segundos * 1_000,
      principal.expiresAtMs ?? Number.POSITIVE_INFINITY,
    );
    const expiresAtSeconds = Math.floor(endsMs / 1_000);
    const scopes = data.permisos ?? [...principal.scopes];
    const chats = data.chats ?? (principal.chats && [...principal.chats]);
    const { client, keyId, generation } = principal;
    const token = await signToken(
      config,
      { client, keyId, generation, scopes, chats, expiresAtSeconds },
      { id: nextId(nowMs), nowMs },
    );
    const body: z.input<typeof TokenReply> = {
      success: true,
      mensaje: "Token hecho.",
      token,
      tipo: "Bearer",
      caduca: new Date(expiresAtSeconds * 1_000).toISOString(),
      duracion_segundos: Math.max(expiresAtSeconds - Math.floor(nowMs / 1_000), 0),
      permisos: scopes,
      chats,
    };
    return c.json(body);
  }
}

/** @throws {AppError} permiso_insuficiente when the token would have a permission or a chat that its key lacks */
function requireSubset(
  { scopes, chats }: Pick<Permissions, "scopes" | "chats">,
  requested: z.output<typeof TokenBody>,
): void {
  const fields: FieldProblem[] = [
    ...(requested.permisos ?? [])
      .filter((scope) => !scopes.has(scope))
      .map((scope) => ({ campo: "permisos", mensaje: `tu clave no tiene ${scope}` })),
    ...(chats && requested.chats !== undefined && !requested.chats?.every((chat) => chats.has(chat))
      ? [{ campo: "chats", mensaje: "tu clave no llega a todos esos chats" }]
      : []),
  ];
  if (fields.length === 0) return;
  throw new AppError("permiso_insuficiente", {
    detail: "Un token no puede más que su clave.",
    fields,
  });
}
