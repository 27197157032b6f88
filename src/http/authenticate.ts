import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { AppError } from "../errors.ts";
import { sameSecret } from "../lib/hash.ts";

/** Who the owner's key stands for: part of every row, object name and cache key. */
const OWNER = "principal";

/** Lets in who shows the key in `x-api-key`. Without a configured key it lets in nobody. */
export function requireKey(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { API_KEY } = c.get("deps").config;
    const given = c.req.header("x-api-key");
    if (API_KEY === undefined || given === undefined || !sameSecret(given, API_KEY)) {
      throw new AppError("no_autenticado");
    }
    c.set("client", OWNER);
    await next();
  };
}
