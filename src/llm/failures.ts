import { APIConnectionError, APIError } from "openai";
import { AppError, type ProblemCode, type Spending } from "../errors.ts";

const DEFAULT_RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 3_600;

/** Why an attempt gave no answer, and whether another may. */
export type Failure = {
  codigo: ProblemCode;
  retryable: boolean;
  retryAfterMs: number | undefined;
  cause: unknown;
};

export function classifyFailure(cause: unknown): Failure {
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

const FORM = /response_format|json_schema|json_object|structured output/i;

function saidIn(error: ProviderError): string {
  return `${error.code ?? ""} ${JSON.stringify(error.error ?? "")} ${error.message}`;
}

/** Why a request was refused. Compatible providers agree on words more than on codes. */
function refusalOf(error: ProviderError): ProblemCode {
  const said = saidIn(error);
  if (FILTERED.test(said)) return "contenido_filtrado";
  return TOO_LONG.test(said) ? "texto_demasiado_largo" : "modelo_error";
}

export function failed(
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

/** Whether the provider refused the request for the form of answer that it asked for. */
export function refusesForm({ codigo, cause }: Failure): boolean {
  return codigo === "modelo_error" && isBadRequest(cause) && FORM.test(saidIn(cause));
}

/** Whether the provider gives one answer at a time, and refuses to be asked for more (`n`). */
export function refusesSamples({ codigo, cause }: Failure): boolean {
  return codigo === "modelo_error" && isBadRequest(cause) && /\bn\b/.test(saidIn(cause));
}

/** Whether it was this schema that the provider did not take, rather than schemas at all. */
export function refusesThisSchema({ cause }: Failure): boolean {
  return isBadRequest(cause) && /invalid schema/i.test(saidIn(cause));
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

/** For the client, with all that was spent so far. */
export function toProblem({ codigo, retryAfterMs, cause }: Failure, spent: Spending): AppError {
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
