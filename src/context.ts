import type { Context } from "hono";
import type { Admission } from "./http/admission.ts";
import type { Principal } from "./access/principal.ts";
import type { Deps } from "./deps.ts";

export type AppEnv = {
  Bindings: Env;
  Variables: {
    deps: Deps;
    requestId: string;
    /** The client that the credential claims. Not verified before `admission.granted()`. Set by `authenticate`. */
    client: string;
    /** The verified caller. Set by `authenticate` once the credential is verified. */
    principal: Principal;
    admission: Admission<Principal>;
    /** Set as soon as the request's input is read, so that a problem response can carry it too. */
    chatId: number | undefined;
    /** Fields that a route adds to the request's log line. They never hold a text of a client. */
    logFields: Record<string, unknown>;
  };
};

export type AppContext = Context<AppEnv>;
