import { z } from "zod";
import { classifyLocally } from "../../llm/local/classify.ts";
import { delimit, TEXT_IS_DATA } from "./delimit.ts";
import { CATEGORIES, TOPICS, URGENCIES } from "./labels.ts";
import { defineTask, type TaskOutput } from "./task.ts";

const Labels = z.strictObject({
  categoria: z.enum(CATEGORIES),
  urgencia: z.enum(URGENCIES),
  tema: z.enum(TOPICS),
});

const { $schema: _, ...LABELS_JSON_SCHEMA } = z.toJSONSchema(Labels);

export const clasificar = defineTask({
  version: 1,
  options: z.strictObject({}),
  prompt: (text) => ({
    instructions: [
      "Clasifica el texto en tres ejes y responde con un objeto JSON de tres campos.",
      `categoria: ${CATEGORIES.join(", ")}. Es «urgencia» solo si algo grave está pasando y pide acción inmediata; «otro» si no encaja.`,
      `urgencia: ${URGENCIES.join(", ")}.`,
      `tema: ${TOPICS.join(", ")}.`,
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimit(text),
    schema: { name: "clasificacion", jsonSchema: LABELS_JSON_SCHEMA },
  }),
  outputTokens: () => 200,
  read: (answer) => toOutput({ ...Labels.parse(JSON.parse(answer)), confianza: null }),
  local: (text) => toOutput(classifyLocally(text)),
  doneMessage: "Clasificación lista.",
});

type Classification = z.output<typeof Labels> & {
  /** Null unless it was measured. */
  confianza: number | null;
  evidencias?: string[];
};

function toOutput(labels: Classification): TaskOutput {
  const { categoria, urgencia, tema } = labels;
  return {
    text: `Categoría: ${categoria}\nUrgencia: ${urgencia}\nTema: ${tema}`,
    data: labels,
  };
}
