import { z } from "zod";
import type { WorkResult } from "./work-result.ts";
import type { Config } from "../config.ts";
import { AppError, asProblem } from "../errors.ts";
import type { ReportFigures } from "./report-figures.ts";
import { sha256Hex } from "../lib/hash.ts";
import { detectLanguage } from "../text/language.ts";
import { fieldProblems, problemsInWords } from "../lib/validation.ts";
import { estimateTokens } from "../llm/token-estimate.ts";
import type { TokenUsage } from "../llm/bill.ts";
import type { Llm } from "../llm/llm.ts";
import { withoutAddedLinks } from "./added-links.ts";
import { askModel } from "./ask-model.ts";
import { maskPersonalData, type Mask } from "./mask.ts";
import { PLACEHOLDER, PLACEHOLDERS_STAY } from "./types/placeholder.ts";
import { taskOf, type TaskType } from "./types/registry.ts";
import type { BoundTask, JsonObject, Moment, Period, Task, TaskOutput } from "./types/task.ts";

/** Room kept for our own instructions; the longest prompt is well under it. */
const INSTRUCTION_TOKENS = 1_500;

/** One piece of work, checked and ready to be done. Equal keys mean equal work. */
export type Work = {
  type: TaskType;
  task: Task;
  bound: BoundTask;
  /** As it came. */
  text: string;
  /** What stands for the personal data that may not leave: then `bound` has the masked options. */
  mask: Mask | undefined;
  engine: "openai" | "local";
  model: string | null;
  key: string;
  cacheTtlSeconds: number;
};

export type WorkRequest = {
  client: string;
  type: TaskType;
  text: string;
  options: JsonObject | undefined;
  /** Hide personal data from the provider. */
  protect: boolean;
};

/**
 * Checks everything that can be checked before anything is paid or kept.
 * @throws {AppError} entrada_invalida, motor_local_no_puede, texto_demasiado_largo
 */
export function prepareWork(config: Config, request: WorkRequest, nowMs: number): Work {
  const { client, type, text, options, protect } = request;
  const task = taskOf(type);
  const moment: Moment = { nowMs, timeZone: config.GENERIC_TIMEZONE };
  const plain = bindOptions(task, options, moment);
  const needsModel = plain.needsModel(text);
  const engine = config.OPENAI_API_KEY === undefined || !needsModel ? "local" : "openai";
  const model = engine === "openai" ? modelFor(config, task) : null;

  if (engine === "openai") requireFit(config, task, text, plain.options);
  else if (needsModel) requireLocal(task, plain, request, moment);

  const mask =
    engine === "openai" && (protect || config.PROTEGER_DATOS)
      ? maskPersonalData(text, plain.options)
      : undefined;
  const bound = mask ? underMask(plain, mask) : plain;
  const provider = engine === "openai" ? config.OPENAI_BASE_URL : null;
  return {
    type,
    task,
    bound,
    text,
    mask,
    engine,
    model,
    cacheTtlSeconds: cacheTtlSeconds(config, task),
    // JSON keeps the parts apart whatever they hold, and the options come in the order of their schema.
    key: sha256Hex(
      JSON.stringify([
        client,
        type,
        task.version,
        provider,
        engine,
        model,
        mask !== undefined,
        bound.options,
        mask?.text ?? text,
      ]),
    ),
  };
}

/** Its model is told what the placeholders are, where the mask put any. */
function underMask(plain: BoundTask, { hide }: Mask): BoundTask {
  const bound = plain.withTexts(hide);
  return {
    ...bound,
    prompt(input) {
      const prompt = bound.prompt(input);
      return `${prompt.instructions}\n${prompt.input}`.search(PLACEHOLDER) !== -1
        ? { ...prompt, instructions: `${prompt.instructions}\n${PLACEHOLDERS_STAY}` }
        : prompt;
    },
  };
}

/** `result` is of the masked text where there is a mask. */
export type DoneWork = { result: WorkResult; attempts: number; usage: TokenUsage | null };

export type Means = {
  llm: Llm | undefined;
  figuresOf: (period: Period) => Promise<ReportFigures>;
};

/**
 * Does the work, with the model or without it.
 * @throws {AppError} what the model's door throws, modelo_respuesta_invalida when its answer cannot be read,
 * historial_no_disponible for a report
 */
export async function doWork({ llm, figuresOf }: Means, work: Work): Promise<DoneWork> {
  const { task, bound, engine } = work;
  const figures = bound.period ? await figuresOf(bound.period) : null;
  const language = once(() => detectLanguage(work.text));
  const input = { text: work.mask?.text ?? work.text, language, figures };

  // There is nothing to tell of a period in which nothing happened.
  if (engine === "local" || figures?.total === 0) {
    const output = bound.local?.(input);
    if (!output) throw new Error(`The local engine cannot do ${work.type}`);
    return { result: toResult(output, language(), null), attempts: 0, usage: null };
  }
  if (!llm || work.model === null) throw new Error("Work for a model needs one");

  const call = llm.call(work.model);
  try {
    const [output] = await Promise.all([
      askModel(call, bound, input),
      // A turn later the request is on its way, and the model works meanwhile.
      new Promise((resolve) => setTimeout(resolve, 0)).then(language),
    ]);
    const safe = withoutAddedLinks(output, [input.text, bound.options]);
    return { result: toResult(safe, language(), call.model()), ...call.spent() };
  } catch (error) {
    if (!task.localStandsIn || !bound.local || !asProblem(error)) throw error;
    const output = bound.local(input);
    const warnings = [
      ...(output.warnings ?? []),
      "El modelo no pudo redactarlo; estas son las cifras.",
    ];
    return { result: toResult({ ...output, warnings }, language(), null), ...call.spent() };
  }
}

function once<T extends string | null>(find: () => T): () => T {
  let found: T | undefined;
  return () => (found === undefined ? (found = find()) : found);
}

function toResult(
  { text, data, warnings = [], truncated = false }: TaskOutput,
  language: string | null,
  model: string | null,
): WorkResult {
  const engine = model === null ? "local" : "openai";
  return { text, data, language, engine, model, warnings, truncated };
}

/** @throws {AppError} entrada_invalida, naming each option that is wrong */
export function bindOptions(
  task: Task,
  options: JsonObject | undefined,
  moment: Moment,
): BoundTask {
  try {
    return task.bind(options, moment);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const fields = fieldProblems(error.issues, ["opciones"]);
    throw new AppError("entrada_invalida", { detail: problemsInWords(fields), fields });
  }
}

/** @throws {AppError} motor_local_no_puede, telling whether it would be possible without the options */
function requireLocal(
  task: Task,
  bound: BoundTask,
  { type, text }: WorkRequest,
  moment: Moment,
): void {
  if (bound.localCan(text)) return;
  const setting = "OPENAI_API_KEY (y OPENAI_BASE_URL si no usas OpenAI)";
  throw new AppError("motor_local_no_puede", {
    detail: task.bind(undefined, moment).localCan(text)
      ? `«${type}» con esas opciones necesita un modelo y este servicio no tiene ninguno. Quítalas, o configura ${setting}.`
      : `«${type}» necesita un modelo para esto y este servicio no tiene ninguno. Configura ${setting}.`,
  });
}

function requireFit(config: Config, task: Task, text: string, options: JsonObject): void {
  const textTokens = estimateTokens(text);
  const optionTokens = estimateTokens(JSON.stringify(options));
  const outputTokens = task.outputTokens(textTokens);
  const fits =
    INSTRUCTION_TOKENS + optionTokens + textTokens + outputTokens <= config.OPENAI_CONTEXT_TOKENS &&
    outputTokens <= config.OPENAI_MAX_OUTPUT_TOKENS;
  if (fits) return;
  throw new AppError("texto_demasiado_largo", {
    detail: `El texto y sus opciones ocupan unos ${textTokens + optionTokens} tokens y no caben en el modelo con su respuesta. Acórtalos o envíalos por partes; no se ha llamado al modelo.`,
    fields: [{ campo: "texto", mensaje: "es demasiado largo para el modelo" }],
  });
}

function modelFor(config: Config, { settings }: Task): string {
  return settings.model ? (config[settings.model] ?? config.OPENAI_MODEL) : config.OPENAI_MODEL;
}

function cacheTtlSeconds(config: Config, { settings, cached }: Task): number {
  if (!cached) return 0;
  return settings.cacheTtl ? (config[settings.cacheTtl] ?? config.CACHE_TTL) : config.CACHE_TTL;
}
