import type { z } from "zod";
import type { Prompt } from "../../llm/llm.ts";

export type JsonObject = Record<string, unknown>;

/** What a task answers: text fit to send to a person and, where the task has structure, that too. */
export type TaskOutput = { text: string; data: JsonObject | null };

/** The options a client sent, checked and completed: what runs and what the cache key holds. */
export type BoundTask = {
  options: JsonObject;
  prompt: (text: string) => Prompt;
  /** Does the work without a model. Absent when that cannot be done. */
  local: ((text: string) => TaskOutput) | undefined;
};

export type Task = {
  /** Part of the cache key: raise it whenever the prompt or the reading of its answer changes. */
  version: number;
  options: z.ZodType;
  /** Checks the client's options. Throws a ZodError. */
  bind: (options: unknown) => BoundTask;
  /** How many tokens an answer to a text of so many may need, at most. */
  outputTokens: (textTokens: number) => number;
  /** Reads the model's answer. Throws when it has not the form that was asked for. */
  read: (answer: string) => TaskOutput;
  /** Tells a person that it is done. */
  doneMessage: string;
};

type TaskDefinition<Options extends z.ZodType<JsonObject>> = Omit<Task, "options" | "bind"> & {
  options: Options;
  prompt: (text: string, options: z.output<Options>) => Prompt;
  local?: (text: string, options: z.output<Options>) => TaskOutput;
};

/** Ties a task's prompt and local work to its own options, so that others handle all tasks alike. */
export function defineTask<Options extends z.ZodType<JsonObject>>({
  prompt,
  local,
  ...task
}: TaskDefinition<Options>): Task {
  return {
    ...task,
    bind(given) {
      const options = task.options.parse(given ?? {});
      return {
        options,
        prompt: (text) => prompt(text, options),
        local: local && ((text) => local(text, options)),
      };
    },
  };
}
