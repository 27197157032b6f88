import type OpenAI from "openai";
import type { Prompt } from "./llm.ts";

/** How a provider is held to a form, the strictest first. Compatible servers lack some. */
const FORMS = ["json_schema", "json_object", "words"] as const;
export type AnswerForm = (typeof FORMS)[number];

type Request = Pick<
  OpenAI.ChatCompletionCreateParamsNonStreaming,
  "messages" | "response_format" | "n"
>;

/** The request for a prompt. Where the provider cannot be held to the schema, the model is told of it in words. */
export function toRequest(prompt: Prompt, form: AnswerForm): Request {
  const { instructions, input, turns = [], schema, samples } = prompt;
  const told =
    schema && form !== "json_schema" ? `${instructions}\n${inWords(schema)}` : instructions;
  return {
    messages: [{ role: "system", content: told }, { role: "user", content: input }, ...turns],
    ...(samples !== undefined && samples > 1 && { n: samples }),
    ...responseFormat(schema, form),
  };
}

/** Asks for the form as one asks a person. */
export function inWords({ jsonSchema }: NonNullable<Prompt["schema"]>): string {
  return `Responde solo con un objeto JSON, sin nada delante ni detrás, que cumpla este JSON Schema:\n${JSON.stringify(jsonSchema)}`;
}

function responseFormat(
  schema: Prompt["schema"],
  form: AnswerForm,
): Pick<Request, "response_format"> {
  if (!schema || form === "words") return {};
  if (form === "json_object") return { response_format: { type: "json_object" } };
  const { name, jsonSchema, strict = true } = schema;
  return {
    response_format: { type: "json_schema", json_schema: { name, strict, schema: jsonSchema } },
  };
}

export function weakerForm(form: AnswerForm): AnswerForm | undefined {
  return FORMS[FORMS.indexOf(form) + 1];
}

/** The strictest form that each provider and model were found to take, for as long as this isolate lives. */
const learned = new Map<string, AnswerForm>();

export function knownForm(provider: string): AnswerForm {
  return learned.get(provider) ?? FORMS[0];
}

export function learnForm(provider: string, form: AnswerForm): void {
  learned.set(provider, form);
}
