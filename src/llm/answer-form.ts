import type OpenAI from "openai";
import type { Prompt } from "./prompt.ts";

/**
 * The ways to make a provider answer in JSON, strictest first: a schema that it enforces, JSON without a schema, and
 * plain instructions in the prompt. OpenAI-compatible servers do not support all of them.
 */
const FORMS = ["json_schema", "json_object", "instructions"] as const;
export type AnswerForm = (typeof FORMS)[number];

type Request = Pick<
  OpenAI.ChatCompletionCreateParamsNonStreaming,
  "messages" | "response_format" | "n"
>;

/** Builds the request. Unless the provider enforces the schema, the schema is part of the system message. */
export function toRequest(prompt: Prompt, form: AnswerForm): Request {
  const { instructions, input, turns = [], schema, samples } = prompt;
  const systemMessage =
    schema && form !== "json_schema"
      ? `${instructions}\n${schemaInstructions(schema)}`
      : instructions;
  return {
    messages: [
      { role: "system", content: systemMessage },
      { role: "user", content: input },
      ...turns,
    ],
    ...(samples !== undefined && samples > 1 && { n: samples }),
    ...responseFormat(schema, form),
  };
}

/** Asks the model for JSON of this schema. Part of the prompt, in Spanish like the rest of it. */
export function schemaInstructions({ jsonSchema }: NonNullable<Prompt["schema"]>): string {
  return `Responde solo con un objeto JSON, sin nada delante ni detrás, que cumpla este JSON Schema:\n${JSON.stringify(jsonSchema)}`;
}

function responseFormat(
  schema: Prompt["schema"],
  form: AnswerForm,
): Pick<Request, "response_format"> {
  if (!schema || form === "instructions") return {};
  if (form === "json_object") return { response_format: { type: "json_object" } };
  const { name, jsonSchema, strict = true } = schema;
  return {
    response_format: { type: "json_schema", json_schema: { name, strict, schema: jsonSchema } },
  };
}

/** The next less strict form, or undefined after the last. */
export function lessStrictForm(form: AnswerForm): AnswerForm | undefined {
  return FORMS[FORMS.indexOf(form) + 1];
}

/** The strictest form that each provider and model accepted, remembered while this isolate lives. */
const learned = new Map<string, AnswerForm>();

export function getForm(provider: string): AnswerForm {
  return learned.get(provider) ?? FORMS[0];
}

export function rememberForm(provider: string, form: AnswerForm): void {
  learned.set(provider, form);
}
