import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import { taskOf } from "../tasks/types/registry.ts";
import type { JsonObject } from "../lib/json-object.ts";
import { bindOptions } from "../tasks/work.ts";
import type { ModeState } from "./chat-modes.ts";
import { EstadoBody, EstadoReply } from "./estado.schemas.ts";
import { modeCommandName, modeList, modeQuestion, parseModeCommand, type Mode } from "./modes.ts";
import { parseOwnJson } from "../lib/own-json.ts";

type ModeReply = Omit<z.input<typeof EstadoReply>, "chat_id" | "avisos">;

const SCHEMA = {
  tags: ["Chats"],
  operationId: "estado",
  summary: "Lee, elige o quita el modo de un chat",
  description:
    "El modo decide qué se hace con los textos que llegan sin `tipo_tarea`. Sirve para una tarea y se quita solo, salvo con `fijo: true`; `/consultar` dura hasta que se cambia.",
  request: { body: jsonBody(EstadoBody) },
  responses: {
    "200": {
      description:
        "El modo del chat. Un comando que no se conoce no es un error: `success` es false y `mensaje` dice qué modos hay.",
      ...contentJson(EstadoReply),
    },
    ...problemResponses(BODY_PROBLEMS),
  },
};

export class EstadoEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { data, warnings } = await this.readBody(c, EstadoBody);
    const chat = c.get("deps").chat(c.get("client"), data.chat_id);
    const command = parseModeCommand(data.modo);
    const options = data.opciones ?? null;
    if (options) {
      if (command.kind === "set") requireOptionsOf(command.mode, options, c.get("deps"));
      else warnings.push("Las opciones solo se guardan al elegir un modo.");
    }

    const reply = async (): Promise<ModeReply> => {
      switch (command.kind) {
        case "read":
          return toCurrent(await chat.mode());
        case "unknown":
          return toUnknown((await chat.mode()).mode);
        case "clear":
          await chat.setMode({ mode: null, fixed: false, options: null });
          return { modo_actual: null, mensaje: "Modo quitado.", success: true };
        case "set":
          await chat.setMode({
            mode: command.mode,
            fixed: data.fijo ?? false,
            options: options && JSON.stringify(options),
          });
          return {
            modo_actual: modeCommandName(command.mode),
            ...(options && { opciones: options }),
            mensaje: modeQuestion(command.mode),
            success: true,
          };
      }
    };
    const body: z.input<typeof EstadoReply> = {
      chat_id: data.chat_id,
      ...(await reply()),
      ...(warnings.length > 0 && { avisos: warnings }),
    };
    return c.json(body);
  }
}

/** @throws {AppError} entrada_invalida */
function requireOptionsOf(
  mode: Mode,
  options: JsonObject,
  { config, now }: { config: Pick<Config, "GENERIC_TIMEZONE">; now: () => number },
): void {
  if (mode !== "consultar") {
    bindOptions(taskOf(mode), options, { nowMs: now(), timeZone: config.GENERIC_TIMEZONE });
    return;
  }
  throw new AppError("entrada_invalida", {
    detail: "El modo /consultar no tiene opciones: quítalas.",
    fields: [{ campo: "opciones", mensaje: "el modo /consultar no tiene opciones" }],
  });
}

function toCurrent({ mode, options }: ModeState): ModeReply {
  return {
    modo_actual: mode && modeCommandName(mode),
    ...(options && { opciones: parseOwnJson<JsonObject>(options) }),
    mensaje: mode
      ? `El modo actual es ${modeCommandName(mode)}. ${modeQuestion(mode)}`
      : `No hay ningún modo elegido. Puedes usar ${modeList()}.`,
    success: true,
  };
}

function toUnknown(mode: Mode | null): ModeReply {
  return {
    modo_actual: mode && modeCommandName(mode),
    mensaje: `No conozco ese comando. Puedes usar ${modeList()}.`,
    success: false,
  };
}
