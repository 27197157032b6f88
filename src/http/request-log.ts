import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { AppEnv } from "./context.ts";
import { log } from "../lib/log.ts";

/** One wide line a request: what was asked, by whom, what came of it and how long it took. */
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
      // Only who it is for certain. The key by its id, which opens nothing.
      client: c.get("principal")?.client,
      key: c.get("principal")?.keyId ?? undefined,
      ...c.get("logFields"),
    });
  };
}
