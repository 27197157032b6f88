import { contentJson } from "chanfana";
import { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { AppError } from "../errors.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import { toFieldProblems } from "../http/field-problems.ts";
import { runTask } from "./run-task.ts";
import type { Caching, TaskCommand } from "./task-command.ts";
import {
  IdempotencyKey,
  PROCESAR_BODY_SCHEMA,
  ProcesarBody,
  ProcesarReply,
} from "./tasks.schemas.ts";

const SCHEMA = {
  tags: ["Tareas"],
  operationId: "procesar",
  summary: "Hace una tarea con un texto",
  description:
    "Resume, traduce o clasifica un texto, extrae sus datos, escribe uno nuevo o informa de lo hecho. Sin `tipo_tarea` decide el modo del chat. El mismo trabajo pedido otra vez sale de la caché y no se paga de nuevo.",
  request: {
    headers: z.object({
      "idempotency-key": IdempotencyKey.optional().describe(
        "La misma clave con el mismo cuerpo devuelve la misma respuesta durante 24 horas.",
      ),
      "cache-control": z
        .string()
        .optional()
        .describe(
          "`no-cache` hace el trabajo de nuevo y guarda el resultado; `no-store` no deja nada en la caché.",
        ),
    }),
    body: jsonBody(PROCESAR_BODY_SCHEMA),
  },
  responses: {
    "200": {
      description:
        "El resultado. Con `idempotent-replayed: true`, la respuesta guardada de la primera vez.",
      ...contentJson(ProcesarReply),
    },
    ...problemResponses([
      ...BODY_PROBLEMS,
      "falta_tarea",
      "idempotencia_en_conflicto",
      "texto_demasiado_largo",
      "contenido_filtrado",
      "chat_ocupado",
      "modelo_limite_de_uso",
      "historial_no_disponible",
      "modelo_error",
      "modelo_rechaza_credenciales",
      "modelo_sin_saldo",
      "modelo_respuesta_invalida",
      "motor_local_no_puede",
      "modelo_tiempo_agotado",
    ]),
  },
};

export class ProcesarEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { data, warnings } = await this.readBody(c, ProcesarBody);
    const keepText = data.guardar_texto ?? true;
    c.get("logFields")["task"] = data.tipo_tarea;
    const command: TaskCommand = {
      client: c.get("client"),
      chatId: data.chat_id,
      type: data.tipo_tarea,
      text: data.texto,
      options: data.opciones,
      protect: data.proteger_datos ?? false,
      keepText,
      warnings,
      idempotencyKey: readIdempotencyKey(c),
      caching: readCaching(c, keepText),
    };
    const answer = await runTask(c.get("deps"), command, () => c.get("admission").granted());
    c.get("logFields")["cache"] = answer.cache;
    return c.body(answer.body, 200, {
      "content-type": "application/json; charset=utf-8",
      ...(answer.cache === null ? { "idempotent-replayed": "true" } : { "x-cache": answer.cache }),
    });
  }
}

/** RFC 9111, 5.2.1: `no-cache` requests new work and keeps its result; `no-store` keeps nothing. */
function readCaching(c: AppContext, keepText: boolean): Caching {
  const directives =
    c.req
      .header("cache-control")
      ?.toLowerCase()
      .split(/[,\s]+/) ?? [];
  return {
    read: !directives.includes("no-cache"),
    write: keepText && !directives.includes("no-store"),
  };
}

function readIdempotencyKey(c: AppContext): string | null {
  const given = c.req.header("idempotency-key");
  if (given === undefined) return null;
  const parsed = IdempotencyKey.safeParse(given);
  if (parsed.success) return parsed.data;
  const fields = toFieldProblems(parsed.error.issues, ["Idempotency-Key"]);
  throw new AppError("entrada_invalida", {
    detail: "La cabecera Idempotency-Key debe tener entre 1 y 255 caracteres visibles de ASCII.",
    fields,
  });
}
