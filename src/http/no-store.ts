import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./context.ts";

/** Answers hold people's texts: nothing between us and the client may keep them. */
export function noStore(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  };
}
