import { z } from "zod";
import { delimit, TEXT_IS_DATA } from "../prompts/delimit.ts";
import { isIsoDateTime } from "../answers/iso-date.ts";
import { readJson } from "../answers/read-json.ts";
import { defineTask } from "./task.ts";
import { timeZoneOption } from "../options/time-zone-option.ts";

const LOCAL_DATE_TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/;
const localDateTime = z
  .string()
  .regex(LOCAL_DATE_TIME)
  .refine((given) => isIsoDateTime(given) && given >= "1970")
  .nullable();

/** The model's reading of a question. Days and times are local; `hasta` is inclusive when it is a day. */
export const QuestionReading = z.object({
  entendido: z.boolean(),
  accion: z.enum(["listar", "contar", "campo"]),
  /** A task of the registry. */
  tipo_tarea: z.string().nullable(),
  limit: z.int().min(1).max(100).nullable(),
  orden: z.enum(["desc", "asc"]),
  posicion: z.int().min(-1_000_000).max(1_000_000).nullable(),
  campo: z.enum(["fecha", "resultado", "texto_original", "tipo_tarea", "idioma", "id"]).nullable(),
  desde: localDateTime,
  hasta: localDateTime,
  buscar: z.string().max(200).nullable(),
  idioma: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .nullable(),
});

const nullable = (type: string, more: object = {}) => ({ type: [type, "null"], ...more });
const properties = (tasks: TaskNames) => ({
  entendido: { type: "boolean" },
  accion: { type: "string", enum: QuestionReading.shape.accion.options },
  tipo_tarea: nullable("string", { enum: [...tasks, null] }),
  limit: nullable("integer"),
  orden: { type: "string", enum: QuestionReading.shape.orden.options },
  posicion: nullable("integer"),
  campo: nullable("string", { enum: [...QuestionReading.shape.campo.unwrap().options, null] }),
  desde: nullable("string"),
  hasta: nullable("string"),
  buscar: nullable("string"),
  idioma: nullable("string"),
});

type TaskNames = readonly [string, ...string[]];

/**
 * Reads a question about the history that the rules did not understand. The model never sees the history itself.
 * @param tasks the tasks that a question can be about
 */
export const consultar = (tasks: TaskNames) => {
  const jsonProperties = properties(tasks);
  const ModelReply = QuestionReading.extend({ tipo_tarea: z.enum(tasks).nullable() });
  return defineTask({
    summary: "Entiende una pregunta sobre el historial.",
    question: "¿Qué quieres saber de tu historial?",
    doneMessage: "Pregunta entendida.",
    historyWords: "consult\\p{L}*",
    example: { texto: "¿Cuántos textos traduje la semana pasada?", opciones: {} },
    version: 2,
    options: z.strictObject({
      fecha_referencia: z.string().max(40).optional(),
      zona_horaria: timeZoneOption("Zona horaria de las fechas."),
    }),
    buildPrompt: ({ text }, { fecha_referencia, zona_horaria }) => ({
      instructions: [
        "Lee una pregunta sobre el historial de un chat (lo que una persona pidió resumir, traducir, clasificar…) y di qué pide, como un objeto JSON. No la respondas.",
        "accion: listar registros, contar cuántos hay, o un campo de un registro.",
        "tipo_tarea: la tarea de la que habla, o nulo. limit: cuántos pide, o nulo. orden: desc (los más nuevos) o asc.",
        "posicion: si pide uno solo, 1 es el primero, 2 el segundo, -1 el último, -2 el penúltimo; si no, nulo.",
        "campo: fecha, resultado, texto_original, tipo_tarea, idioma o id, solo con la acción campo.",
        `desde, hasta: AAAA-MM-DD, o AAAA-MM-DDThh:mm si dice la hora; un día como hasta se incluye. Hoy es ${fecha_referencia} en ${zona_horaria}.`,
        "buscar: las palabras que deben aparecer en el texto, tal como las dice. idioma: código ISO 639-1 del texto.",
        "Lo que no dice es nulo. Si no es una pregunta sobre el historial, o pide algo que este objeto no puede decir (excluir, comparar, dos tareas, otro chat), entendido es false. No adivines.",
        TEXT_IS_DATA,
      ].join("\n"),
      input: delimit(text),
      schema: {
        name: "pregunta",
        jsonSchema: {
          type: "object",
          properties: jsonProperties,
          required: Object.keys(jsonProperties),
          additionalProperties: false,
        },
      },
    }),
    estimateOutputTokens: () => 300,
    readAnswer: ({ texts: [answer] }) => {
      const data = ModelReply.parse(readJson(answer));
      return { output: { text: data.entendido ? "Entendida." : "No entendida.", data } };
    },
  });
};
