import { APIConnectionError, APIError } from "openai";
import { AppError, type ProblemCode, type Spending } from "../errors.ts";

const DEFAULT_RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 3_600;

/** Why an attempt returned no answer, and whether a retry may succeed. */
export type Failure = {
  problem: ProblemCode;
  retryable: boolean;
  retryAfterMs: number | undefined;
  cause: unknown;
};

/** Maps an error of the OpenAI SDK to a problem of the catalogue. */
export function classifyFailure(cause: unknown): Failure {
  if (cause instanceof APIConnectionError)
    return toFailure("modelo_error", cause, { retryable: true });
  // The provider answered with a body that is not JSON and may have charged for it, so there is no retry.
  if (!isApiError(cause) || cause.status === undefined) {
    return toFailure("modelo_respuesta_invalida", cause);
  }
  const { status, headers } = cause;
  const retryAfterMs = readRetryAfterMs(headers);
  if (status === 429) {
    if ([cause.code, cause.type].includes("insufficient_quota"))
      return toFailure("modelo_sin_saldo", cause);
    return toFailure("modelo_limite_de_uso", cause, { retryable: true, retryAfterMs });
  }
  if (status === 401 || status === 403 || status === 404) {
    return toFailure("modelo_rechaza_credenciales", cause);
  }
  if (status === 400 || status === 413 || status === 422)
    return toFailure(classifyRefusal(cause), cause);
  return toFailure("modelo_error", cause, {
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

const FORM = /response_format|json_schema|json_object|structured output/i;

function errorText(error: ProviderError): string {
  return `${error.code ?? ""} ${JSON.stringify(error.error ?? "")} ${error.message}`;
}

/** Classifies a 400, 413 or 422 by its message: compatible providers share wording more often than codes. */
function classifyRefusal(error: ProviderError): ProblemCode {
  const text = errorText(error);
  if (FILTERED.test(text)) return "contenido_filtrado";
  return TOO_LONG.test(text) ? "texto_demasiado_largo" : "modelo_error";
}

export function toFailure(
  problem: ProblemCode,
  cause: unknown,
  {
    retryable = false,
    retryAfterMs,
  }: { retryable?: boolean; retryAfterMs?: number | undefined } = {},
): Failure {
  return { problem, retryable, retryAfterMs, cause };
}

/** Reads `retry-after` (seconds or a date, RFC 9110) or OpenAI's `retry-after-ms`. Returns milliseconds. */
function readRetryAfterMs(headers: Headers | undefined): number | undefined {
  const ms = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const header = headers?.get("retry-after");
  if (!header) return undefined;
  const seconds = Number(header);
  const delayMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(delayMs) ? Math.max(0, delayMs) : undefined;
}

/** Whether the provider refused the request because of its `response_format`. */
export function isFormRefusal({ problem, cause }: Failure): boolean {
  return problem === "modelo_error" && isBadRequest(cause) && FORM.test(errorText(cause));
}

/** Whether the provider refused the request because it asks for several answers (`n`). */
export function refusesSamples({ problem, cause }: Failure): boolean {
  return problem === "modelo_error" && isBadRequest(cause) && /\bn\b/.test(errorText(cause));
}

/** Whether the provider refused this schema, as opposed to schemas in general. */
export function refusesThisSchema({ cause }: Failure): boolean {
  return isBadRequest(cause) && /invalid schema/i.test(errorText(cause));
}

function isBadRequest(cause: unknown): cause is ProviderError {
  return isApiError(cause) && (cause.status === 400 || cause.status === 422);
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

/** Turns a failure into the problem that the client receives, with everything spent so far. */
export function toModelProblem(
  { problem, retryAfterMs, cause }: Failure,
  spent: Spending,
): AppError {
  const seconds = Math.ceil((retryAfterMs ?? DEFAULT_RETRY_AFTER_SECONDS * 1_000) / 1_000);
  return new AppError(problem, {
    detail: DETAILS[problem],
    retryAfterSeconds:
      problem === "modelo_limite_de_uso"
        ? Math.min(Math.max(seconds, 1), MAX_RETRY_AFTER_SECONDS)
        : undefined,
    spent,
    cause,
  });
}
