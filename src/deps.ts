import { accessStub, type AccessStub } from "./access/access-stub.ts";
import { chatStub, type ChatStub } from "./chats/chat-stub.ts";
import { chatName } from "./lib/chat-name.ts";
import { coordinatorStub } from "./coordinator/coordinator-stub.ts";
import { inJurisdiction } from "./lib/jurisdiction.ts";
import { createIdSource } from "./lib/request-id.ts";
import { describeError, log } from "./lib/log.ts";
import { createServices, type Services } from "./services.ts";

/** Everything outside the isolate that a request uses. Only the Durable Objects use `llm` and `keyCopies`. Tests replace any member. */
export type Deps = Omit<Services, "llm" | "keyCopies"> & {
  access: () => AccessStub;
  chat: (client: string, chatId: number) => ChatStub;
  /** True when the key is new or stands for the request with this fingerprint. */
  claimIdempotencyKey: (keyName: string, fingerprint: string) => Promise<boolean>;
  pingDurableObjects: () => Promise<void>;
  nextId: (nowMs: number) => string;
  /** Runs work after the response. Logs its failure. */
  defer: (work: Promise<unknown>) => void;
};

declare module "hono" {
  interface ContextVariableMap {
    /** Set by the first middleware of app.ts. */
    deps: Deps;
  }
}

/** @throws {ConfigError} */
export function createDeps(env: Env, ctx: Pick<ExecutionContext, "waitUntil">): Deps {
  const services = createServices(env);
  return {
    ...services,
    access: () => accessStub(env, services.config),
    chat: (client, chatId) => chatStub(env, services.config, chatName(client, chatId)),
    claimIdempotencyKey: (keyName, fingerprint) =>
      inJurisdiction(env.IDEMPOTENCY_KEYS, services.config).getByName(keyName).claim(fingerprint),
    pingDurableObjects: async () => {
      await coordinatorStub(env, services.config).ping();
    },
    nextId,
    defer: (work) =>
      ctx.waitUntil(work.catch((error) => log.error("deferred_work_failed", describeError(error)))),
  };
}

const nextId = createIdSource();
