import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./context.ts";

/** Forbids caches between the service and the client to store responses, which hold clients' texts. */
export function noStore(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  };
}
