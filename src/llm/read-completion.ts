import { z } from "zod";
import type { Usage } from "./bill.ts";
import { failed, type Failure } from "./failures.ts";
import type { Answer } from "./llm.ts";
import { costUsd } from "./prices.ts";

/** Together with its text, an answer must fit in a 2 MB row of the chat's disk. */
const MAX_ANSWER_CHARS = 400_000;

/** What a reasoning model says to itself first, where its server does not take it out. Cut off, it is all there is. */
const THOUGHTS = /^\s*<think>[\s\S]*?(?:<\/think>\s*|$)/u;

/** The part of an answer that is used. Compatible providers leave out or null what they do not know. */
const ChatCompletion = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish().catch(null),
});

export type ReadCompletion = { model: string; usage: Usage | null } & (
  | { answer: Answer }
  | { failure: Failure }
);

/**
 * Reads what the provider answered with 200. Of several answers, those that are blank or refused are left out, and
 * those that were cut off too unless all were.
 */
export function readCompletion(body: unknown, askedModel: string): ReadCompletion {
  const parsed = ChatCompletion.safeParse(body);
  if (!parsed.success) {
    return {
      model: askedModel,
      usage: null,
      failure: failed("modelo_respuesta_invalida", parsed.error),
    };
  }
  const model = parsed.data.model || askedModel;
  const usage = toUsage(model, parsed.data.usage);
  const { choices } = parsed.data;

  const usable = choices
    .filter((choice) => !isFiltered(choice))
    .map(({ message, finish_reason }) => ({
      text: (message.content ?? "").replace(THOUGHTS, ""),
      isCut: finish_reason === "length",
    }))
    .filter(({ text }) => text.trim() !== "" && text.length <= MAX_ANSWER_CHARS);
  const cut = usable.every(({ isCut }) => isCut);
  const [first, ...others] = usable.filter(({ isCut }) => cut || !isCut).map(({ text }) => text);
  if (first === undefined) {
    const failure = choices.some(isFiltered)
      ? failed("contenido_filtrado", undefined)
      : failed("modelo_respuesta_invalida", new Error("The answer is blank or too long"));
    return { model, usage, failure };
  }
  return { model, usage, answer: { texts: [first, ...others], cut } };
}

type Choice = z.output<typeof ChatCompletion>["choices"][number];

function isFiltered({ finish_reason, message }: Choice): boolean {
  return finish_reason === "content_filter" || Boolean(message.refusal);
}

function toUsage(model: string, usage: z.output<typeof ChatCompletion>["usage"]): Usage | null {
  if (!usage) return null;
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
  return { inputTokens, outputTokens, costUsd: costUsd(model, inputTokens, outputTokens) };
}
