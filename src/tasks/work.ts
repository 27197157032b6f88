import { z } from "zod";
import type { WorkResult } from "../cache/result-cache.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { sha256Hex } from "../lib/hash.ts";
import { detectLanguage } from "../lib/language.ts";
import { fieldProblems } from "../lib/validation.ts";
import { tokenEstimate } from "../llm/fits-window.ts";
import type { Completion, Llm, Usage } from "../llm/llm.ts";
import { TASKS } from "./types/registry.ts";
import type { TaskType } from "./types/task-types.ts";
import type { BoundTask, JsonObject, Task, TaskOutput } from "./types/task.ts";

/** Room kept for our own instructions; the longest prompt is well under it. */
const INSTRUCTION_TOKENS = 1_000;

/** One piece of work, checked and ready to be done. Equal keys mean equal work. */
export type Work = {
  type: TaskType;
  task: Task;
  bound: BoundTask;
  text: string;
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
};

/**
 * Checks everything that can be checked before anything is paid or kept.
 * @throws {AppError} tarea_no_disponible, entrada_invalida, motor_local_no_puede, texto_demasiado_largo
 */
export function prepareWork(config: Config, { client, type, text, options }: WorkRequest): Work {
  const task = TASKS[type];
  if (!task) {
    throw new AppError("tarea_no_disponible", {
      detail: `«${type}» todavía no está disponible. Puedes usar ${Object.keys(TASKS).join(", ")}.`,
    });
  }
  const bound = bindOptions(task, options);
  const engine = config.OPENAI_API_KEY === undefined ? "local" : "openai";
  const model = engine === "openai" ? modelFor(config, type) : null;

  if (engine === "local") requireLocal(type, bound);
  else requireFit(config, task, text);

  const provider = engine === "openai" ? config.OPENAI_BASE_URL : null;
  return {
    type,
    task,
    bound,
    text,
    engine,
    model,
    cacheTtlSeconds: cacheTtlSeconds(config, type),
    // JSON keeps the parts apart whatever they hold, and the options come in the order of their schema.
    key: sha256Hex(
      JSON.stringify([client, type, task.version, provider, engine, model, bound.options, text]),
    ),
  };
}

export type DoneWork = { result: WorkResult; attempts: number; usage: Usage | null };

/**
 * Does the work, with the model or without it.
 * @throws {AppError} what the model's door throws, or modelo_respuesta_invalida when its answer cannot be read
 */
export async function doWork(llm: Llm | undefined, work: Work): Promise<DoneWork> {
  const { bound, text, engine } = work;
  if (engine === "local") {
    const output = bound.local?.(text);
    if (!output) throw new Error(`The local engine cannot do ${work.type}`);
    const language = detectLanguage(text);
    return { result: { ...output, language, engine, model: null }, attempts: 0, usage: null };
  }
  if (!llm || work.model === null) throw new Error("Work for a model needs one");

  const [completion, language] = await Promise.all([
    llm.complete(bound.prompt(text), { model: work.model }),
    // A turn later the request is on its way, and the model works meanwhile.
    new Promise((resolve) => setTimeout(resolve, 0)).then(() => detectLanguage(text)),
  ]);
  const output = readAnswer(work.task, completion);
  return {
    result: { ...output, language, engine, model: completion.model },
    attempts: completion.attempts,
    usage: completion.usage,
  };
}

function bindOptions(task: Task, options: JsonObject | undefined): BoundTask {
  try {
    return task.bind(options);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new AppError("entrada_invalida", { fields: fieldProblems(error.issues, ["opciones"]) });
  }
}

function requireLocal(type: TaskType, bound: BoundTask): void {
  if (bound.local) return;
  throw new AppError("motor_local_no_puede", {
    detail: `«${type}» necesita un modelo y este servicio no tiene ninguno. Configura OPENAI_API_KEY (y OPENAI_BASE_URL si no usas OpenAI).`,
  });
}

function requireFit(config: Config, task: Task, text: string): void {
  const textTokens = tokenEstimate(text);
  const outputTokens = task.outputTokens(textTokens);
  const fits =
    INSTRUCTION_TOKENS + textTokens + outputTokens <= config.OPENAI_CONTEXT_TOKENS &&
    outputTokens <= config.OPENAI_MAX_OUTPUT_TOKENS;
  if (fits) return;
  throw new AppError("texto_demasiado_largo", {
    detail: `El texto ocupa unos ${textTokens} tokens y no cabe en el modelo con su respuesta. Acórtalo o envíalo por partes; no se ha llamado al modelo.`,
    fields: [{ campo: "texto", mensaje: "es demasiado largo para el modelo" }],
  });
}

function readAnswer(task: Task, completion: Completion): TaskOutput {
  try {
    const { text, data } = task.read(completion.text);
    const storable = { text: storableText(text), data: data && storableObject(data) };
    if (storable.text.trim() === "") throw new Error("Nothing is left of the answer");
    return storable;
  } catch (cause) {
    throw new AppError("modelo_respuesta_invalida", { cause });
  }
}

/** PostgreSQL keeps neither U+0000 nor lone surrogates, in text or in jsonb. */
function storableText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

function storableObject(object: object): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [storableText(key), storableValue(value)]),
  );
}

function storableValue(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storableValue);
  return typeof value === "object" && value !== null ? storableObject(value) : value;
}

function modelFor(config: Config, type: TaskType): string {
  switch (type) {
    case "resumir":
      return config.OPENAI_MODEL_RESUMIR ?? config.OPENAI_MODEL;
    case "traducir":
      return config.OPENAI_MODEL_TRADUCIR ?? config.OPENAI_MODEL;
    case "clasificar":
      return config.OPENAI_MODEL_CLASIFICAR ?? config.OPENAI_MODEL;
    case "extraer":
    case "reporte":
    case "generar":
      return config.OPENAI_MODEL;
  }
}

function cacheTtlSeconds(config: Config, type: TaskType): number {
  switch (type) {
    case "resumir":
      return config.SUMMARY_CACHE_TTL ?? config.CACHE_TTL;
    case "traducir":
      return config.TRANSLATION_CACHE_TTL ?? config.CACHE_TTL;
    case "clasificar":
      return config.CLASSIFICATION_CACHE_TTL ?? config.CACHE_TTL;
    case "extraer":
    case "generar":
      return config.CACHE_TTL;
    case "reporte":
      return 0;
  }
}
