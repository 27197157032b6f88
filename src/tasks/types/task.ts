import type { z } from "zod";
import type { ModelSetting, CacheTtlSetting } from "../../config.ts";
import type { ReportFigures } from "../report-figures.ts";
import type { Answer, Prompt } from "../../llm/prompt.ts";

export type JsonObject = Record<string, unknown>;

/** What a task works on. */
export type TaskInput = {
  text: string;
  /** Of the text, ISO 639-1; found out when it is first asked for. */
  language: () => string | null;
  /** Of the period that the task asked for. */
  figures: ReportFigures | null;
};

/** What a task answers. */
export type TaskOutput = {
  /** Fit to send to a person. */
  text: string;
  /** The same with its structure, where the task has any. An object with `inicio`, `fin` and `texto` is a piece of the text. */
  data: JsonObject | null;
  /** What the person should know of it. Spanish. */
  warnings?: string[];
  /** Not all of it could be given. */
  truncated?: boolean;
};

/** A model's answer, as its task reads it. `faults` are asked to be mended once; what is not becomes a warning. */
export type Reading = { output: TaskOutput; faults?: string[] };

/** When and where an answer is made: what «today» is. */
export type Moment = { nowMs: number; timeZone: string };

/** Instants; `to` is not part of it. */
export type Period = { from: Date; to: Date; timeZone: string };

/** A task with the options of one request, checked and completed. */
export type BoundTask = {
  /** What the cache key holds. */
  options: JsonObject;
  /** The history whose figures it needs. */
  period: Period | undefined;
  /** False when the local engine does just as well with that text: then nobody is paid for it. */
  needsModel: (text: string) => boolean;
  prompt: (input: TaskInput) => Prompt;
  /** Throws when the answer has not the form that was asked for. */
  read: (answer: Answer, input: TaskInput) => Reading;
  /** Whether the local engine can do this with that text. */
  localCan: (text: string) => boolean;
  /** Does the work without a model. */
  local: ((input: TaskInput) => TaskOutput) | undefined;
};

type TaskText = {
  /** What it does, for those who choose among tasks. */
  summary: string;
  /** Asks a person for the text. */
  question: string;
  /** Tells a person that it is done. */
  doneMessage: string;
  /**
   * A pattern of the words by which people tell that it was done, and of its results, folded: «resumi(?:do)?|resumen».
   * Without those by which they order it: «resume esto» is no question about the past.
   */
  words: string;
  example: { texto: string; opciones: JsonObject };
};

/** The settings that are its own; without one it has those of all tasks. */
type TaskSettings = {
  model?: ModelSetting;
  cacheTtl?: CacheTtlSetting;
};

type TaskCore = TaskText & {
  /** Part of the cache key: raise it whenever the prompt or the reading of its answer changes. */
  version: number;
  settings: TaskSettings;
  /** False when the same request gives another answer tomorrow. */
  cached: boolean;
  /** How many tokens an answer to a text of so many may need, at most. */
  outputTokens: (textTokens: number) => number;
  /** Its answer without a model may take the place of one that the model could not give. */
  localStandsIn: boolean;
};

export type Task = TaskCore & {
  options: z.ZodType;
  /** Checks the client's options. Throws a ZodError. */
  bind: (options: unknown, moment: Moment) => BoundTask;
  /** Takes options that `bind` gave, or the same with their texts masked: they are not checked again. */
  rebind: (options: JsonObject) => BoundTask;
};

type TaskDefinition<Options extends z.ZodType<JsonObject>> = Omit<
  TaskCore,
  "settings" | "cached" | "localStandsIn"
> &
  Partial<Pick<TaskCore, "settings" | "cached" | "localStandsIn">> & {
    options: Options;
    /** Completes the options with what depends on the moment. */
    atMoment?: (options: z.output<Options>, moment: Moment) => z.output<Options>;
    period?: (options: z.output<Options>) => Period;
    needsModel?: (text: string, options: z.output<Options>) => boolean;
    prompt: (input: TaskInput, options: z.output<Options>) => Prompt;
    read: (answer: Answer, input: TaskInput, options: z.output<Options>) => Reading;
    local?: (input: TaskInput, options: z.output<Options>) => TaskOutput;
    /** Whether that text with these options is within reach of `local`; by default all is. */
    localCan?: (text: string, options: z.output<Options>) => boolean;
  };

/** Ties a task's work to its own options, so that others handle all tasks alike. */
export function defineTask<Options extends z.ZodType<JsonObject>>(
  definition: TaskDefinition<Options>,
): Task {
  const { options: schema, atMoment, period, prompt, read, ...task } = definition;
  const { local, localCan = () => true, needsModel = () => true, ...core } = task;
  return {
    settings: {},
    cached: true,
    localStandsIn: false,
    ...core,
    options: schema,
    bind(given, moment) {
      const parsed = schema.parse(given ?? {});
      return over(atMoment ? atMoment(parsed, moment) : parsed);
    },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options of an earlier `bind`
    rebind: (options) => over(options as z.output<Options>),
  };

  function over(options: z.output<Options>): BoundTask {
    return {
      options,
      period: period?.(options),
      needsModel: (text) => needsModel(text, options),
      prompt: (input) => prompt(input, options),
      read: (answer, input) => read(answer, input, options),
      localCan: (text) => local !== undefined && localCan(text, options),
      local: local && ((input) => local(input, options)),
    };
  }
}
