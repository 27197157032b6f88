import { z } from "zod";
import { ChatId } from "../lib/chat-id.ts";
import { storableText } from "../text/clean.ts";
import { OptionsField } from "../tasks/tasks.schemas.ts";
import { modeCommandName, MODES } from "./modes.ts";

export const EstadoBody = z
  .object({
    chat_id: ChatId,
    modo: storableText()
      .max(200, "es demasiado largo")
      .nullish()
      .meta({
        description: `${MODES.map((mode) => `\`${modeCommandName(mode)}\``).join(", ")} (la barra es opcional) elige un modo; \`limpiar\` lo quita; vacío o nulo lo lee.`,
      }),
    opciones: OptionsField.describe(
      "Opciones con las que se hace la tarea de este modo; las de cada petición van por delante. Las de cada tarea están en GET /api/v1/tareas.",
    ),
    fijo: z.boolean("debe ser true o false").optional().meta({
      description: "Con true, el modo sirve para todas las tareas hasta que se cambie o se quite.",
    }),
  })
  .meta({ example: { chat_id: 12345, modo: "/resumir", opciones: { longitud: "breve" } } });

export const EstadoReply = z.strictObject({
  chat_id: z.int(),
  modo_actual: z.string().nullable().describe("Con su barra, o nulo si no hay ninguno."),
  opciones: z.record(z.string(), z.unknown()).optional().describe("Las que guarda el modo."),
  mensaje: z.string(),
  success: z.boolean(),
  avisos: z.array(z.string()).optional(),
});
