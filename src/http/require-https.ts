import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./context.ts";
import { AppError } from "../errors.ts";

/** Top-level domains that nobody can register (RFC 2606, RFC 6761, RFC 6762, RFC 8375, and ICANN's `internal`). */
const PRIVATE_DOMAIN = /(?:^|\.)(?:localhost|test|local|internal|home\.arpa)$/;
const ADDRESS = /^\[|^\d+(?:\.\d+){3}$/;

/**
 * Nothing goes in the clear but on private names. A page is moved to https; what has to do with keys is refused, since
 * its key has been seen by then, and a redirect would hide that from its owner. Only the address of the request
 * counts: at Cloudflare it has the scheme that the client used, and `x-forwarded-proto` says what anybody likes.
 */
export function requireHttps(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const url = new URL(c.req.url);
    if (url.protocol === "https:" || isPrivate(url.hostname)) return await next();
    const hasKey = c.req.header("x-api-key") ?? c.req.header("authorization");
    if (url.pathname.startsWith("/api/") || hasKey !== undefined)
      throw new AppError("conexion_insegura");
    // Without its query, where somebody may have put a key.
    return c.redirect(`https://${url.host}${url.pathname}`, 308);
  };
}

/** A deployed Worker is reached by a public name, never by one of these. */
function isPrivate(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "");
  return !name.includes(".") || ADDRESS.test(name) || PRIVATE_DOMAIN.test(name);
}
