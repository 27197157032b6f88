import { contentJson } from "chanfana";
import { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { problemResponses } from "../http/problem-responses.ts";
import { optionsSchema } from "./tasks.schemas.ts";
import { TASK_TYPES, taskOf, type TaskType } from "./types/registry.ts";
import type { LocalClock } from "./types/task.ts";

const TareasReply = z.strictObject({
  tareas: z.array(
    z.strictObject({
      tipo_tarea: z.enum(TASK_TYPES),
      descripcion: z.string(),
      pregunta: z.string().describe("Con la que se pide el texto a una persona."),
      motor: z
        .enum(["openai", "local"])
        .nullable()
        .describe("Quién la hace en este servicio; nulo si aquí no se puede hacer."),
      prompt_version: z.int(),
      opciones: z
        .record(z.string(), z.unknown())
        .describe("JSON Schema de `opciones`, para construir un formulario."),
      ejemplo: z.strictObject({
        texto: z.string(),
        opciones: z.record(z.string(), z.unknown()),
      }),
    }),
  ),
  success: z.literal(true),
});

const SCHEMA = {
  tags: ["Tareas"],
  operationId: "tareas",
  summary: "Lista las tareas y sus opciones",
  description: "Lo que `procesar` sabe hacer, con las opciones de cada tarea como JSON Schema.",
  responses: {
    "200": { description: "Las tareas.", ...contentJson(TareasReply) },
    ...problemResponses(["no_autenticado"]),
  },
};

export class TareasEndpoint extends Endpoint {
  override schema = SCHEMA;

  override handle(c: AppContext): Response {
    const { config, now } = c.get("deps");
    const clock = { nowMs: now(), timeZone: config.GENERIC_TIMEZONE };
    const hasModel = config.OPENAI_API_KEY !== undefined;
    const body: z.input<typeof TareasReply> = {
      tareas: TASK_TYPES.map((type) =>
        toTaskEntry(type, hasModel ? "openai" : localEngineFor(type, clock)),
      ),
      success: true,
    };
    return c.json(body);
  }
}

/** "local" when the local engine can do the example of the task; null otherwise. */
function localEngineFor(type: TaskType, clock: LocalClock): "local" | null {
  const { example, bind } = taskOf(type);
  return bind(example.opciones, clock).canRunLocally(example.texto) ? "local" : null;
}

type TareaReply = z.input<typeof TareasReply>["tareas"][number];

function toTaskEntry(type: TaskType, motor: TareaReply["motor"]): TareaReply {
  const { summary, question, version, example } = taskOf(type);
  return {
    tipo_tarea: type,
    descripcion: summary,
    pregunta: question,
    motor,
    prompt_version: version,
    opciones: optionsSchema(type),
    ejemplo: example,
  };
}
