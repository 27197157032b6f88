import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./context.ts";
import { AppError } from "../errors.ts";

/** Top-level domains that cannot be registered (RFC 2606, RFC 6761, RFC 6762, RFC 8375, and ICANN's `internal`). */
const PRIVATE_DOMAIN = /(?:^|\.)(?:localhost|test|local|internal|home\.arpa)$/;
const IP_ADDRESS = /^\[|^\d+(?:\.\d+){3}$/;

/**
 * Requires https, except on private host names. Pages are redirected to https. API requests and requests with a key get
 * 403 instead: the key has already travelled unencrypted, and a redirect would hide that from its owner. Only the URL of
 * the request counts: on Cloudflare it has the scheme that the client used, while a client can set `x-forwarded-proto`
 * to anything.
 * @throws {AppError} conexion_insegura
 */
export function requireHttps(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const url = new URL(c.req.url);
    if (url.protocol === "https:" || isPrivate(url.hostname)) return await next();
    const hasKey =
      c.req.header("x-api-key") !== undefined || c.req.header("authorization") !== undefined;
    if (url.pathname.startsWith("/api/") || hasKey) throw new AppError("conexion_insegura");
    // Without the query, which may hold a key.
    return c.redirect(`https://${url.host}${url.pathname}`, 308);
  };
}

/** Whether the host name is local or an IP address. A deployed Worker is only reachable by a public name. */
function isPrivate(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "");
  return !name.includes(".") || IP_ADDRESS.test(name) || PRIVATE_DOMAIN.test(name);
}
