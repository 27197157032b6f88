import type { Context } from "hono";
import type { Admission } from "./http/admission.ts";
import type { Principal } from "./access/principal.ts";
import type { Deps } from "./deps.ts";

export type AppEnv = {
  Bindings: Env;
  Variables: {
    deps: Deps;
    requestId: string;
    /** Who the key belongs to. Set behind authentication. */
    client: string;
    /** Who makes the request. Set behind authentication, once it is certain. */
    principal: Principal;
    admission: Admission;
    /** Set as soon as the body could be read, so that a problem can carry it too. */
    chatId: number | undefined;
    /** What a route adds to the request's one log line. Never a text. */
    logFields: Record<string, unknown>;
  };
};

export type AppContext = Context<AppEnv>;
