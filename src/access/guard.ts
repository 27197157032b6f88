import type { MiddlewareHandler } from "hono";
import type { AppContext, AppEnv } from "../context.ts";
import { AppError } from "../errors.ts";
import { Admission } from "../http/admission.ts";
import { identify } from "./identify.ts";
import type { Principal, Scope } from "./principal.ts";

/**
 * Lets in who shows a key or a token that is good. Every route waits for that, except the path `beside`: its handler
 * starts at once with what the key claims and waits for `admission.granted()` before it does anything. Whatever it
 * answers, nothing leaves without the verdict.
 */
export function requireKey({ beside }: { beside: string }): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { client, principal } = await identify(c);
    c.set("client", client);
    if (c.req.path !== beside || !(principal instanceof Promise)) {
      admit(c, await principal);
      return next();
    }
    const verdict = principal.then((known) => {
      c.set("principal", known);
      return known;
    });
    // It is waited for below, also when it fails before anybody listens.
    verdict.catch(() => undefined);
    c.set("admission", new Admission(verdict));
    await next();
    try {
      await c.get("admission").granted();
    } catch (error) {
      // An answer to somebody who may not have one: nothing of it is left, and it says no more than any other refusal.
      c.res = undefined;
      c.set("chatId", undefined);
      throw error;
    }
  };
}

function admit(c: AppContext, principal: Principal): void {
  c.set("principal", principal);
  c.set("admission", new Admission(principal));
}

/** What a route needs of the key; null: any key will do. Stands beside every route behind `requireKey`. */
export function allow(scope: Scope | null): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.get("admission").demand(({ scopes }) => {
      if (scope === null || scopes.has(scope)) return;
      throw new AppError("permiso_insuficiente", {
        detail: `Esta ruta necesita una clave con el permiso «${scope}».`,
      });
    });
    await next();
  };
}

/** Notes which chat a request is about, and holds the key to its list of chats. The only place that does. */
export function nameChat(c: AppContext, chatId: number): void {
  c.set("chatId", chatId);
  c.get("admission").demand(({ chats }) => {
    if (chats && !chats.has(chatId)) throw new AppError("chat_no_permitido");
  });
}

/** For what touches every chat of the client at once. */
export function nameEveryChat(c: AppContext): void {
  c.get("admission").demand(({ chats }) => {
    if (!chats) return;
    throw new AppError("permiso_insuficiente", {
      detail: "Esto afecta a todos los chats, y tu clave solo llega a algunos.",
    });
  });
}
