import type { ErrorHandler } from "hono";
import type { AppContext, AppEnv } from "./context.ts";
import { ConfigError } from "../config.ts";
import { AppError, asProblem, PROBLEMS } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";

/** The only place that turns an error into a response: RFC 9457, plus the fields that old n8n flows read. */
export const renderError: ErrorHandler<AppEnv> = (error, c) =>
  renderProblem(c, toProblem(error, c));

function toProblem(error: unknown, c: AppContext): AppError {
  const known = asProblem(error);
  if (known) {
    c.get("logFields")["problem"] = known.codigo;
    return known;
  }
  if (error instanceof ConfigError) {
    log.error("invalid_settings", { message: error.message });
    return new AppError("configuracion_invalida");
  }
  // The message of an unexpected error may hold a query or a key: it goes to the log, never to the client.
  log.error("unhandled_error", { requestId: c.get("requestId"), ...describeError(error) });
  return new AppError("error_interno");
}

export function renderProblem(c: AppContext, problem: AppError): Response {
  const { codigo, message, fields, retryAfterSeconds } = problem;
  const { status, code, title } = PROBLEMS[codigo];
  const chatId = c.get("chatId");
  const body = {
    type: `/errores/${codigo}`,
    title,
    status,
    detail: message,
    code,
    codigo,
    solicitud_id: c.get("requestId"),
    ...(fields && { errores: fields }),
    success: false,
    mensaje: message,
    ...(chatId !== undefined && { chat_id: chatId }),
  };
  return c.body(JSON.stringify(body), status, {
    "content-type": "application/problem+json; charset=utf-8",
    "cache-control": "no-store",
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  });
}
