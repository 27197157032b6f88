import OpenAI, { APIConnectionError, APIError } from "openai";
import { z } from "zod";
import type { Config } from "../config.ts";
import { AppError, type ProblemCode } from "../errors.ts";
import { costUsd } from "./prices.ts";
import { retryDelayMs } from "./retry.ts";

export type Prompt = {
  instructions: string;
  input: string;
  /** The form that the answer must have. */
  schema?: { name: string; jsonSchema: Record<string, unknown> };
};

export type Usage = {
  inputTokens: number;
  outputTokens: number;
  /** Null when the model's price is not known. */
  costUsd: number | null;
};

export type Completion = {
  text: string;
  /** The model that answered, as the provider names it. */
  model: string;
  /** Null when the provider did not say. */
  usage: Usage | null;
  /** Calls that were made, the last one included. */
  attempts: number;
};

export type Llm = {
  /** Asks the model. Throws the catalogue's `modelo_*`, `contenido_filtrado` and `texto_demasiado_largo`. */
  complete: (prompt: Prompt, options: { model: string }) => Promise<Completion>;
};

/** What tests put in place of the world. */
export type LlmSeams = {
  now: () => number;
  random: () => number;
  wait: (ms: number) => Promise<void>;
};

const WORLD: LlmSeams = {
  now: Date.now,
  random: Math.random,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The provider may charge for an attempt that timed out, so it is repeated only this often. */
const MAX_TIMEOUT_RETRIES = 1;
const DEFAULT_RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 3_600;
/** Together with its text, an answer must fit in a 2 MB row of the chat's disk. */
const MAX_ANSWER_CHARS = 400_000;

/** Reaches an OpenAI-compatible provider. Each call has one deadline over its attempts and the waits between them. */
export function createLlm(config: Config, seams: LlmSeams = WORLD): Llm {
  const openai = new OpenAI({
    apiKey: config.OPENAI_API_KEY ?? null,
    baseURL: config.OPENAI_BASE_URL,
    // The SDK would retry by itself, without our deadline.
    maxRetries: 0,
    // Nothing of the environment but what the settings name.
    organization: null,
    project: null,
    logLevel: "off",
  });

  return {
    async complete(prompt, { model }) {
      const endMs = seams.now() + config.OPENAI_TOTAL_TIMEOUT * 1_000;
      let timeouts = 0;

      for (let attempts = 1; ; attempts += 1) {
        const tried = await attempt(
          openai,
          prompt,
          model,
          attemptLimitMs(config, endMs - seams.now()),
        );
        if ("answer" in tried) return readAnswer(tried.answer, model, attempts);

        if (tried.codigo === "modelo_tiempo_agotado") timeouts += 1;
        const delayMs = retryDelayMs(config, attempts, tried.retryAfterMs, seams.random());
        const mayRetry =
          tried.retryable &&
          attempts <= config.OPENAI_MAX_RETRIES &&
          timeouts <= MAX_TIMEOUT_RETRIES;
        if (!mayRetry || seams.now() + delayMs >= endMs) throw toProblem(tried, attempts);
        await seams.wait(delayMs);
      }
    },
  };
}

type Failure = {
  codigo: ProblemCode;
  retryable: boolean;
  retryAfterMs: number | undefined;
  cause: unknown;
};

function attemptLimitMs(config: Config, leftMs: number): number {
  return Math.max(1, Math.min(config.OPENAI_TIMEOUT * 1_000, leftMs));
}

async function attempt(
  openai: OpenAI,
  { instructions, input, schema }: Prompt,
  model: string,
  limitMs: number,
): Promise<{ answer: unknown } | Failure> {
  // Our own signal, because it also covers the reading of the body.
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    const answer = await openai.chat.completions.create(
      {
        model,
        messages: [
          { role: "system", content: instructions },
          { role: "user", content: input },
        ],
        ...(schema && {
          response_format: {
            type: "json_schema" as const,
            json_schema: { name: schema.name, strict: true, schema: schema.jsonSchema },
          },
        }),
      },
      // Longer than ours, so that only ours ever ends an attempt.
      { signal: limit.signal, timeout: limitMs + 1_000 },
    );
    return { answer };
  } catch (cause) {
    if (limit.signal.aborted) return failed("modelo_tiempo_agotado", cause, { retryable: true });
    return classify(cause);
  } finally {
    clearTimeout(timer);
  }
}

function classify(cause: unknown): Failure {
  if (cause instanceof APIConnectionError)
    return failed("modelo_error", cause, { retryable: true });
  // A body that is not JSON: it was answered, and maybe charged for.
  if (!isApiError(cause) || cause.status === undefined) {
    return failed("modelo_respuesta_invalida", cause);
  }
  const { status, headers } = cause;
  const retryAfterMs = readRetryAfter(headers);
  if (status === 429) {
    if ([cause.code, cause.type].includes("insufficient_quota"))
      return failed("modelo_sin_saldo", cause);
    return failed("modelo_limite_de_uso", cause, { retryable: true, retryAfterMs });
  }
  if (status === 401 || status === 403 || status === 404) {
    return failed("modelo_rechaza_credenciales", cause);
  }
  if (status === 400 || status === 413 || status === 422) return failed(refusalOf(cause), cause);
  return failed("modelo_error", cause, {
    retryable: status === 408 || status === 409 || status >= 500,
    retryAfterMs,
  });
}

type ProviderError = APIError<number | undefined, Headers | undefined, object | undefined>;

function isApiError(cause: unknown): cause is ProviderError {
  return cause instanceof APIError;
}

const FILTERED = /content_filter|content_policy|ResponsibleAIPolicyViolation/i;
const TOO_LONG =
  /context_length_exceeded|maximum context length|context window|prompt is too long|too many tokens/i;

/** Why a request was refused. Compatible providers agree on words more than on codes. */
function refusalOf(error: ProviderError): ProblemCode {
  const said = `${error.code ?? ""} ${JSON.stringify(error.error ?? "")} ${error.message}`;
  if (FILTERED.test(said)) return "contenido_filtrado";
  return TOO_LONG.test(said) ? "texto_demasiado_largo" : "modelo_error";
}

function failed(
  codigo: ProblemCode,
  cause: unknown,
  {
    retryable = false,
    retryAfterMs,
  }: { retryable?: boolean; retryAfterMs?: number | undefined } = {},
): Failure {
  return { codigo, retryable, retryAfterMs, cause };
}

/** Seconds or a date (RFC 9110), or the milliseconds that OpenAI adds. */
function readRetryAfter(headers: Headers | undefined): number | undefined {
  const ms = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const given = headers?.get("retry-after");
  if (!given) return undefined;
  const seconds = Number(given);
  const delayMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(given) - Date.now();
  return Number.isFinite(delayMs) ? Math.max(0, delayMs) : undefined;
}

const DETAILS: Partial<Record<ProblemCode, string>> = {
  modelo_tiempo_agotado:
    "El modelo no respondió a tiempo. Reinténtalo; si el texto es largo, prueba con uno más corto.",
  modelo_limite_de_uso:
    "El proveedor del modelo pide ir más despacio. Reinténtalo en unos segundos.",
  modelo_error: "El proveedor del modelo falló. Reinténtalo en unos segundos.",
  modelo_sin_saldo:
    "La cuenta del proveedor del modelo no tiene saldo. Avisa a quien administra el servicio.",
  modelo_rechaza_credenciales:
    "El proveedor del modelo rechazó la clave o no conoce el modelo. Avisa a quien administra el servicio.",
  contenido_filtrado:
    "El modelo se negó a tratar este contenido. Repetir la misma petición dará lo mismo.",
  texto_demasiado_largo: "El texto no cabe en el modelo. Acórtalo o envíalo por partes.",
  modelo_respuesta_invalida:
    "El modelo dio una respuesta vacía, cortada o sin la forma pedida. Reinténtalo o acorta el texto.",
};

function toProblem({ codigo, retryAfterMs, cause }: Failure, attempts: number): AppError {
  return problem(codigo, { attempts, usage: null }, cause, retryAfterMs);
}

function problem(
  codigo: ProblemCode,
  spent: { attempts: number; usage: Usage | null },
  cause?: unknown,
  retryAfterMs?: number,
): AppError {
  const seconds = Math.ceil((retryAfterMs ?? DEFAULT_RETRY_AFTER_SECONDS * 1_000) / 1_000);
  return new AppError(codigo, {
    detail: DETAILS[codigo],
    retryAfterSeconds:
      codigo === "modelo_limite_de_uso"
        ? Math.min(Math.max(seconds, 1), MAX_RETRY_AFTER_SECONDS)
        : undefined,
    spent,
    cause,
  });
}

/** The part of an answer that is used. Compatible providers leave out or null what they do not know. */
const Answer = z.object({
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

function readAnswer(answer: unknown, asked: string, attempts: number): Completion {
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) {
    throw problem("modelo_respuesta_invalida", { attempts, usage: null }, parsed.error);
  }
  const model = parsed.data.model || asked;
  const usage = toUsage(model, parsed.data.usage);
  const spent = { attempts, usage };
  const [choice] = parsed.data.choices;
  const text = choice?.message.content ?? "";

  if (choice?.finish_reason === "content_filter" || choice?.message.refusal) {
    throw problem("contenido_filtrado", spent);
  }
  if (choice?.finish_reason === "length") {
    throw problem("modelo_respuesta_invalida", spent, new Error("The answer was cut off"));
  }
  if (text.trim() === "" || text.length > MAX_ANSWER_CHARS) {
    throw problem("modelo_respuesta_invalida", spent, new Error(`${text.length} characters`));
  }
  return { text, model, usage, attempts };
}

function toUsage(
  model: string,
  usage: { prompt_tokens: number; completion_tokens: number } | null | undefined,
): Usage | null {
  if (!usage) return null;
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
  return { inputTokens, outputTokens, costUsd: costUsd(model, inputTokens, outputTokens) };
}
