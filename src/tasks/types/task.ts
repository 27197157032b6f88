import type { z } from "zod";
import type { CacheTtlSetting, ModelSetting } from "../../config.ts";
import type { JsonObject } from "../../lib/json-object.ts";
import type { Answer, Prompt } from "../../llm/prompt.ts";
import type { ReportFigures } from "../report-figures.ts";

/** The input of one run of a task. */
export type TaskInput = {
  /** The client's text, with placeholders in place of personal data when the request protects it. */
  text: string;
  /** The language of the text as an ISO 639-1 code, or null in doubt. Detected on the first call. */
  language: () => string | null;
  /** The figures of the period that `period` asked for; null when the task asks for none. */
  figures: ReportFigures | null;
};

/** The result of one run of a task. */
export type TaskOutput = {
  /** The result for people, without further formatting. */
  text: string;
  /**
   * The result as structured data, or null when the task has none. Every object with `inicio`, `fin` and `texto` is a
   * piece of the input text: its offsets are UTF-16 code units, and they are moved when personal data is restored.
   */
  data: JsonObject | null;
  /** What a person should know about the result. Spanish. */
  warnings?: string[];
  /** True when the result leaves something out because there is too much of it. Default false. */
  truncated?: boolean;
};

/**
 * A model's answer as its task read it. `faults` are Spanish sentences: the model gets one chance to correct them, and
 * the ones that remain become warnings.
 */
export type AnswerReading = { output: TaskOutput; faults?: string[] };

/** The instant of the request (milliseconds since 1970) and the IANA time zone that says which day it is. */
export type LocalClock = { nowMs: number; timeZone: string };

/** The period of a report. `to` is exclusive. */
export type Period = { from: Date; to: Date; timeZone: string };

/** A task together with the validated options of one request. The members do what `TaskDefinition` says. */
export type BoundTask = {
  /** The options, validated and completed. They are part of the cache key. */
  options: JsonObject;
  /** The period whose figures `TaskInput` must contain. */
  period: Period | undefined;
  needsModel: (text: string) => boolean;
  buildPrompt: (input: TaskInput) => Prompt;
  /** @throws when the answer does not have the requested form */
  readAnswer: (answer: Answer, input: TaskInput) => AnswerReading;
  canRunLocally: (text: string) => boolean;
  /** Undefined when the task cannot run without a model. */
  runLocally: ((input: TaskInput) => TaskOutput) | undefined;
};

/** Spanish texts about the task: shown to users, or matched with their questions. */
type TaskTexts = {
  /** What the task does, for the list of tasks. */
  summary: string;
  /** Asks a person for the text. */
  question: string;
  /** Confirms to a person that the task is done. */
  doneMessage: string;
  /**
   * Regular expression source for the words with which people refer to past runs and their results, without accents and
   * in lower case: «resumi(?:do)?|resumen». It must not match orders («resume esto»), which are not questions about the
   * history.
   */
  historyWords: string;
  /** A request that works, for the documentation. */
  example: { texto: string; opciones: JsonObject };
};

/** The task's own settings. Without one, the setting for all tasks applies. */
type TaskSettingNames = {
  model?: ModelSetting;
  cacheTtl?: CacheTtlSetting;
};

type TaskProperties = TaskTexts & {
  /**
   * Part of the cache key and of every history record. Increase it when the prompt changes, or what `readAnswer` makes of
   * an answer, so that earlier results are not served for the new version.
   */
  version: number;
  /** Default: none. */
  settings: TaskSettingNames;
  /** False when the same request has another result later. Default true. */
  isCacheable: boolean;
  /**
   * The most tokens that an answer to a text of `textTokens` may take. A request that does not fit is refused unpaid.
   */
  estimateOutputTokens: (textTokens: number) => number;
  /** Whether the result of `runLocally` replaces the model's answer when the model fails. Default false. */
  hasLocalFallback: boolean;
};

/** What a task file defines. All functions are pure. */
type TaskDefinition<Options extends z.ZodType<JsonObject>> = Omit<
  TaskProperties,
  "settings" | "isCacheable" | "hasLocalFallback"
> &
  Partial<Pick<TaskProperties, "settings" | "isCacheable" | "hasLocalFallback">> & {
    /** Validates the client's options. Its JSON Schema documents them, so each option has a description. */
    options: Options;
    /** Fills in the options that depend on the current day or the time zone. */
    completeOptions?: (options: z.output<Options>, clock: LocalClock) => z.output<Options>;
    /** The period whose figures the task needs. */
    period?: (options: z.output<Options>) => Period;
    /** False when the local engine gives an equally good result for this text. Default: always true. */
    needsModel?: (text: string, options: z.output<Options>) => boolean;
    buildPrompt: (input: TaskInput, options: z.output<Options>) => Prompt;
    /** @throws when the answer does not have the requested form */
    readAnswer: (answer: Answer, input: TaskInput, options: z.output<Options>) => AnswerReading;
    /** Does the task without a model. Leave it out when that is not possible. */
    runLocally?: (input: TaskInput, options: z.output<Options>) => TaskOutput;
    /** Whether `runLocally` can do this text with these options. By default always true. */
    canRunLocally?: (text: string, options: z.output<Options>) => boolean;
  };

/** A task as the rest of the service uses it: the type of its options is hidden. */
export type Task = TaskProperties & {
  options: z.ZodType;
  /** @throws {z.ZodError} when the client's options are invalid */
  bind: (options: unknown, clock: LocalClock) => BoundTask;
  /** Binds options that an earlier `bind` validated, possibly with their personal data masked since. */
  rebind: (options: JsonObject) => BoundTask;
};

/** Turns the definition of a task into a Task. A task file exports what this returns. */
export function defineTask<Options extends z.ZodType<JsonObject>>(
  definition: TaskDefinition<Options>,
): Task {
  const { options: schema, completeOptions, period, ...task } = definition;
  const { buildPrompt, readAnswer, runLocally, ...others } = task;
  const { canRunLocally = () => true, needsModel = () => true, ...properties } = others;
  return {
    settings: {},
    isCacheable: true,
    hasLocalFallback: false,
    ...properties,
    options: schema,
    bind(given, clock) {
      const parsed = schema.parse(given ?? {});
      return toBoundTask(completeOptions ? completeOptions(parsed, clock) : parsed);
    },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options of an earlier `bind`
    rebind: (options) => toBoundTask(options as z.output<Options>),
  };

  function toBoundTask(options: z.output<Options>): BoundTask {
    return {
      options,
      period: period?.(options),
      needsModel: (text) => needsModel(text, options),
      buildPrompt: (input) => buildPrompt(input, options),
      readAnswer: (answer, input) => readAnswer(answer, input, options),
      canRunLocally: (text) => runLocally !== undefined && canRunLocally(text, options),
      runLocally: runLocally && ((input) => runLocally(input, options)),
    };
  }
}
