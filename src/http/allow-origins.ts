import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { AppEnv } from "./context.ts";

const RULES = {
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
  /** Seconds that a browser remembers what a preflight was told. */
  maxAge: 600,
};

/**
 * Lets pages of the configured origins read our answers; without any, the answers say nothing of origins. Cookies are
 * never asked for: who calls shows a key.
 */
export function allowOrigins(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { CORS_ORIGENES } = c.get("deps").config;
    if (CORS_ORIGENES.length === 0) return await next();
    return await cors({ ...RULES, origin: CORS_ORIGENES })(c, next);
  };
}
