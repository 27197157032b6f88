import type { Llm } from "../../src/llm/llm.ts";
import type { Answer, Prompt } from "../../src/llm/prompt.ts";

export type Said = string | Partial<Answer> | Error;

/** A model that gives these answers, one to each question, and remembers what it was asked. */
export function scriptedLlm(...answers: Said[]): { llm: Llm; prompts: Prompt[] } {
  const prompts: Prompt[] = [];
  const llm: Llm = {
    call: (model) => ({
      async ask(prompt) {
        const said = answers[prompts.length];
        prompts.push(prompt);
        if (said === undefined) throw new Error(`Question ${prompts.length} was not expected`);
        if (said instanceof Error) throw said;
        return typeof said === "string"
          ? { texts: [said], cut: false }
          : { texts: ["Nada."], cut: false, ...said };
      },
      model: () => model,
      spent: () => ({
        attempts: prompts.length,
        usage: { inputTokens: 10 * prompts.length, outputTokens: prompts.length, costUsd: null },
      }),
    }),
  };
  return { llm, prompts };
}
