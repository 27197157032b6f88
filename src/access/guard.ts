import type { MiddlewareHandler } from "hono";
import type { AppContext, AppEnv } from "../http/context.ts";
import { AppError } from "../errors.ts";
import { Admission } from "../http/admission.ts";
import { identify } from "./identify.ts";
import type { Principal, Scope } from "./principal.ts";

declare module "hono" {
  interface ContextVariableMap {
    /** The verified caller. Set by `authenticate` once the credential is verified. */
    principal: Principal;
    /** Set by `authenticate`. */
    admission: Admission<Principal>;
  }
}

/**
 * Authenticates the request by API key, JWT or Cloudflare Access; responds 401 otherwise. The handler runs after the
 * verification, except on the path `verifyInParallel`: there it starts at once with the claimed client and must await
 * `admission.granted()` before any effect. No response leaves before the credential is verified.
 */
export function authenticate({
  verifyInParallel,
}: {
  verifyInParallel: string;
}): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { client, principal } = await identify(c.req, c.get("deps"));
    c.set("client", client);
    if (c.req.path !== verifyInParallel || !(principal instanceof Promise)) {
      setPrincipal(c, await principal);
      return next();
    }
    const verification = principal.then((verified) => {
      c.set("principal", verified);
      return verified;
    });
    // Awaited below. This handler prevents an unhandled rejection if the verification fails first.
    verification.catch(() => undefined);
    c.set("admission", new Admission(verification));
    await next();
    try {
      await c.get("admission").granted();
    } catch (error) {
      // Discard the response: the credential turned out to be invalid. The 401 must not name the chat either.
      c.res = undefined;
      c.set("chatId", undefined);
      throw error;
    }
  };
}

function setPrincipal(c: AppContext, principal: Principal): void {
  c.set("principal", principal);
  c.set("admission", new Admission(principal));
}

/**
 * Requires a scope of the authenticated credential; null: any credential may call the route.
 * @throws {AppError} permiso_insuficiente, at once or from `admission.granted()`
 */
export function requireScope(scope: Scope | null): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.get("admission").require(({ scopes }) => {
      if (scope === null || scopes.has(scope)) return;
      throw new AppError("permiso_insuficiente", {
        detail: `Esta ruta necesita una clave con el permiso «${scope}».`,
      });
    });
    await next();
  };
}
