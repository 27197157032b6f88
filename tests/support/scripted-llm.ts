import type { Llm } from "../../src/llm/llm.ts";
import type { Answer, Prompt } from "../../src/llm/prompt.ts";

/** An answer of the model, or the error that it throws. */
export type ScriptedAnswer = string | Partial<Answer> | Error;

/** A model that returns these answers in order and records the prompts. */
export function scriptedLlm(...answers: ScriptedAnswer[]): { llm: Llm; prompts: Prompt[] } {
  const prompts: Prompt[] = [];
  const llm: Llm = {
    call: (model) => ({
      async ask(prompt) {
        const answer = answers[prompts.length];
        prompts.push(prompt);
        if (answer === undefined) throw new Error(`Prompt ${prompts.length} was not expected`);
        if (answer instanceof Error) throw answer;
        return typeof answer === "string"
          ? { texts: [answer], cut: false }
          : { texts: ["Nada."], cut: false, ...answer };
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
