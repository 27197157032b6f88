import { z } from "zod";
import type { WorkResult } from "./work-result.ts";
import type { Config } from "../config.ts";
import { AppError, asProblem } from "../errors.ts";
import { sha256Hex } from "../lib/hash.ts";
import { detectLanguage } from "../text/language.ts";
import { describeFieldProblems, toFieldProblems } from "../http/field-problems.ts";
import { estimateTokens } from "../llm/token-estimate.ts";
import type { TokenUsage } from "../llm/bill.ts";
import type { Llm } from "../llm/llm.ts";
import { removeAddedLinks } from "./added-links.ts";
import { askModel } from "./ask-model.ts";
import { applyMask, maskPersonalData, type Mask } from "./mask.ts";
import type { ReportFigures } from "./report-figures.ts";
import { PLACEHOLDER, PLACEHOLDER_RULE } from "./prompts/placeholder.ts";
import { taskOf, type TaskType } from "./types/registry.ts";
import type { JsonObject } from "../lib/json-object.ts";
import type { BoundTask, LocalClock, Period, Task, TaskOutput } from "./types/task.ts";

/** Tokens reserved for our own instructions; the longest prompt is well below. */
const INSTRUCTION_TOKENS = 1_500;

/**
 * A validated plan of one piece of work, as plain data that the Worker sends to the chat object. The text is not part of
 * it: the command carries it. Equal keys mean equal work.
 */
export type WorkPlan = {
  type: TaskType;
  /** Validated and completed. Their personal data is masked where there is a `mask`. */
  options: JsonObject;
  /** How to hide the text's personal data from the provider; undefined when nothing has to be hidden. */
  mask: Mask | undefined;
  engine: "openai" | "local";
  model: string | null;
  key: string;
  /** 0: the result is not cached. */
  cacheTtlSeconds: number;
};

/** `text` is as the client sent it. */
export type Work = WorkPlan & { text: string };

export type WorkRequest = {
  client: string;
  type: TaskType;
  text: string;
  options: JsonObject | undefined;
  /** Hide personal data from the provider. */
  protect: boolean;
};

/**
 * Checks everything that can be checked before anything is paid or stored. It runs once for each request, because a text
 * of 200 kB takes 1 ms of CPU here, and 28 ms when its personal data is masked (docs/bench.md).
 * @throws {AppError} entrada_invalida, motor_local_no_puede, texto_demasiado_largo
 */
export function prepareWork(config: Config, request: WorkRequest, nowMs: number): Work {
  const { client, type, text, protect } = request;
  const task = taskOf(type);
  const clock: LocalClock = { nowMs, timeZone: config.GENERIC_TIMEZONE };
  const bound = bindOptions(task, request.options, clock);
  const needsModel = bound.needsModel(text);
  const engine = config.OPENAI_API_KEY === undefined || !needsModel ? "local" : "openai";
  const model = engine === "openai" ? modelFor(config, task) : null;

  if (engine === "openai") requireFit(config, task, text, bound.options);
  else if (needsModel) requireLocal(task, bound, request, clock);

  const masked =
    engine === "openai" && (protect || config.PROTEGER_DATOS)
      ? maskPersonalData(text, bound.options)
      : undefined;
  const options = masked?.options ?? bound.options;
  const provider = engine === "openai" ? config.OPENAI_BASE_URL : null;
  return {
    type,
    text,
    options,
    mask: masked?.mask,
    engine,
    model,
    cacheTtlSeconds: cacheTtlSeconds(config, task),
    // JSON separates the parts whatever they contain, and the options come in the order of their schema.
    key: sha256Hex(
      JSON.stringify([
        client,
        type,
        task.version,
        provider,
        engine,
        model,
        masked !== undefined,
        options,
        masked?.text ?? text,
      ]),
    ),
  };
}

/** Explains the placeholders to the model when the prompt contains any. */
function explainPlaceholders(bound: BoundTask): BoundTask {
  return {
    ...bound,
    buildPrompt(input) {
      const prompt = bound.buildPrompt(input);
      return `${prompt.instructions}\n${prompt.input}`.search(PLACEHOLDER) !== -1
        ? { ...prompt, instructions: `${prompt.instructions}\n${PLACEHOLDER_RULE}` }
        : prompt;
    },
  };
}

/** `usage` is null when nothing was spent. `result` holds placeholders when the work has a mask. */
export type CompletedWork = { result: WorkResult; attempts: number; usage: TokenUsage | null };

export type TaskContext = {
  /** Undefined without an API key: then every task runs on the local engine. */
  llm: Llm | undefined;
  figuresOf: (period: Period) => Promise<ReportFigures>;
};

/**
 * Runs the task, with the model or with the local engine.
 * @throws {AppError} the errors of `llm`, modelo_respuesta_invalida when its answer cannot be read,
 * historial_no_disponible for a report
 */
export async function executeWork(
  { llm, figuresOf }: TaskContext,
  work: Work,
): Promise<CompletedWork> {
  const { mask, engine } = work;
  const task = taskOf(work.type);
  const rebound = task.rebind(work.options);
  const bound = mask ? explainPlaceholders(rebound) : rebound;
  const figures = bound.period ? await figuresOf(bound.period) : null;
  const language = once(() => detectLanguage(work.text));
  const input = { text: mask ? applyMask(work.text, mask) : work.text, language, figures };

  // A period without requests needs no model to report it.
  if (engine === "local" || figures?.total === 0) {
    const output = bound.runLocally?.(input);
    if (!output) throw new Error(`The local engine cannot do ${work.type}`);
    return { result: toResult(output, language(), null), attempts: 0, usage: null };
  }
  if (!llm || work.model === null) throw new Error("Work for a model needs a model");

  const call = llm.call(work.model);
  try {
    const [output] = await Promise.all([
      askModel(call, bound, input),
      // After one turn of the event loop the request is sent, so the detection runs while the model works.
      new Promise((resolve) => setTimeout(resolve, 0)).then(language),
    ]);
    const safe = removeAddedLinks(output, [input.text, bound.options]);
    return { result: toResult(safe, language(), call.model()), ...call.spent() };
  } catch (error) {
    if (!task.hasLocalFallback || !bound.runLocally || !asProblem(error)) throw error;
    const output = bound.runLocally(input);
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

/** @throws {AppError} entrada_invalida, which names each invalid option */
export function bindOptions(
  task: Task,
  options: JsonObject | undefined,
  clock: LocalClock,
): BoundTask {
  try {
    return task.bind(options, clock);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const fields = toFieldProblems(error.issues, ["opciones"]);
    throw new AppError("entrada_invalida", { detail: describeFieldProblems(fields), fields });
  }
}

/** @throws {AppError} motor_local_no_puede, which says whether it would work without the options */
function requireLocal(
  task: Task,
  bound: BoundTask,
  { type, text }: WorkRequest,
  clock: LocalClock,
): void {
  if (bound.canRunLocally(text)) return;
  const setting = "OPENAI_API_KEY (y OPENAI_BASE_URL si no usas OpenAI)";
  throw new AppError("motor_local_no_puede", {
    detail: task.bind(undefined, clock).canRunLocally(text)
      ? `«${type}» con esas opciones necesita un modelo y este servicio no tiene ninguno. Quítalas, o configura ${setting}.`
      : `«${type}» necesita un modelo para esto y este servicio no tiene ninguno. Configura ${setting}.`,
  });
}

function requireFit(config: Config, task: Task, text: string, options: JsonObject): void {
  const textTokens = estimateTokens(text);
  const optionTokens = estimateTokens(JSON.stringify(options));
  const outputTokens = task.estimateOutputTokens(textTokens);
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

function cacheTtlSeconds(config: Config, { settings, isCacheable }: Task): number {
  if (!isCacheable) return 0;
  return settings.cacheTtl ? (config[settings.cacheTtl] ?? config.CACHE_TTL) : config.CACHE_TTL;
}
