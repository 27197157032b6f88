import { z } from "zod";
import type { TokenUsage } from "./bill.ts";
import { toFailure, type Failure } from "./failures.ts";
import { computeCostUsd } from "./prices.ts";
import type { Answer } from "./prompt.ts";

/** An answer and its text must fit in one 2 MB row of the chat object's SQLite storage. */
const MAX_ANSWER_CHARS = 400_000;

/** The reasoning that some servers leave before the answer. Without a closing tag, the whole text is reasoning. */
const REASONING = /^\s*<think>[\s\S]*?(?:<\/think>\s*|$)/u;

/** The fields that are used. Compatible providers omit or null the ones that they do not know. */
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

type CompletionReading = { model: string; usage: TokenUsage | null } & (
  | { answer: Answer }
  | { failure: Failure }
);

/**
 * Reads the body of a 200 response. Drops blank, too long and refused answers, and truncated ones if a complete
 * answer exists.
 */
export function readCompletion(body: unknown, askedModel: string): CompletionReading {
  const parsed = ChatCompletion.safeParse(body);
  if (!parsed.success) {
    return {
      model: askedModel,
      usage: null,
      failure: toFailure("modelo_respuesta_invalida", parsed.error),
    };
  }
  const model = parsed.data.model || askedModel;
  const usage = toUsage(model, parsed.data.usage);
  const { choices } = parsed.data;

  const usable = choices
    .filter((choice) => !isFiltered(choice))
    .map(({ message, finish_reason }) => ({
      text: (message.content ?? "").replace(REASONING, ""),
      isCut: finish_reason === "length",
    }))
    .filter(({ text }) => text.trim() !== "" && text.length <= MAX_ANSWER_CHARS);
  const cut = usable.every(({ isCut }) => isCut);
  const [first, ...others] = usable.filter(({ isCut }) => cut || !isCut).map(({ text }) => text);
  if (first === undefined) {
    const failure = choices.some(isFiltered)
      ? toFailure("contenido_filtrado", undefined)
      : toFailure("modelo_respuesta_invalida", new Error("The answer is blank or too long"));
    return { model, usage, failure };
  }
  return { model, usage, answer: { texts: [first, ...others], cut } };
}

type Choice = z.output<typeof ChatCompletion>["choices"][number];

function isFiltered({ finish_reason, message }: Choice): boolean {
  return finish_reason === "content_filter" || Boolean(message.refusal);
}

function toUsage(
  model: string,
  usage: z.output<typeof ChatCompletion>["usage"],
): TokenUsage | null {
  if (!usage) return null;
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
  return { inputTokens, outputTokens, costUsd: computeCostUsd(model, inputTokens, outputTokens) };
}
