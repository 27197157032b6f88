import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { AppEnv } from "./context.ts";

const CORS_OPTIONS = {
  allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: [
    "authorization",
    "cache-control",
    "content-type",
    "idempotency-key",
    "x-api-key",
    "x-request-id",
  ],
  exposeHeaders: [
    "content-disposition",
    "idempotent-replayed",
    "retry-after",
    "x-cache",
    "x-request-id",
  ],
  /** Seconds that a browser caches a preflight response. */
  maxAge: 600,
};

/**
 * Answers CORS requests from the origins of CORS_ORIGENES. Without any, responses carry no CORS headers. Cookies are
 * never allowed: a caller presents a key.
 */
export function allowOrigins(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { CORS_ORIGENES } = c.get("deps").config;
    if (CORS_ORIGENES.length === 0) return await next();
    return await cors({ ...CORS_OPTIONS, origin: CORS_ORIGENES })(c, next);
  };
}
