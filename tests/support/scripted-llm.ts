import type { Llm } from "../../src/llm/llm.ts";
import type { Answer, Prompt } from "../../src/llm/prompt.ts";

/** An answer of the model, or an error to throw. */
export type ScriptedAnswer = string | Partial<Answer> | Error;

/** Creates a model that returns these answers in order and records the prompts. */
export function scriptedLlm(...answers: ScriptedAnswer[]): { llm: Llm; prompts: Prompt[] } {
  const prompts: Prompt[] = [];
  const llm: Llm = {
    call: (model) => ({
      async ask(prompt) {
        const answer = answers[prompts.length];
        prompts.push(prompt);
        if (answer === undefined)
          throw new Error(
            `Unexpected prompt ${prompts.length}: the script has ${answers.length} answers`,
          );
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
