import type { Context } from "hono";

/**
 * The Hono environment of every route and middleware. Variables of higher rooms are declared where they are set,
 * in Hono's `ContextVariableMap`: `principal` and `admission` in access/guard.ts, `deps` in deps.ts.
 */
export type AppEnv = {
  Bindings: Env;
  Variables: {
    requestId: string;
    /** The client that the credential claims. Not verified before `admission.granted()`. Set by `authenticate`. */
    client: string;
    /** Set as soon as the request's input is read, so that a problem response can carry it too. */
    chatId: number | undefined;
    /** Fields that a route adds to the request's log line. They never hold client text. */
    logFields: Record<string, unknown>;
  };
};

export type AppContext = Context<AppEnv>;
