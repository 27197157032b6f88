import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { AppEnv } from "./context.ts";
import { log } from "../lib/log.ts";

/** Writes one log line per request: route, caller, status and duration, plus the fields that the route added. */
export function logRequest(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startMs = Date.now();
    c.set("logFields", {});
    await next();
    log.info("request", {
      requestId: c.get("requestId"),
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      durationMs: Date.now() - startMs,
      // Only a verified caller. The id of a key is not a credential.
      client: c.get("principal")?.client,
      key: c.get("principal")?.keyId ?? undefined,
      ...c.get("logFields"),
    });
  };
}
