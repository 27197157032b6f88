import type { PurgeEpochs } from "../cache/purge-epochs.ts";
import type { TaskType } from "./types/registry.ts";
import type { JsonObject } from "../lib/json-object.ts";
import type { WorkPlan } from "./work.ts";

/** What the client allows the cache: to serve an earlier result, and to keep the new one. */
export type Caching = { read: boolean; write: boolean };

/** A client's request for a task. */
export type TaskCommand = {
  client: string;
  chatId: number;
  /** Null: the chat's mode decides. */
  type: TaskType | null;
  text: string;
  options: JsonObject | undefined;
  /** Hide personal data from the provider. */
  protect: boolean;
  /** False: the history records that a task ran, without its text, options or result. */
  keepText: boolean;
  /** Returned to the client with the answer. */
  warnings: string[];
  idempotencyKey: string | null;
  caching: Caching;
};

/** The command as the Worker sends it to the chat object. Its `idempotencyKey` is a digest of the key and the request. */
export type ChatCommand = TaskCommand & {
  /** Results from before these purges must not be served. */
  epochs: PurgeEpochs;
  /** The Worker's plan of a named task. Null when only the chat can prepare the task, because its mode names it. */
  plan: WorkPlan | null;
};

type CacheQuestion = {
  command: Pick<TaskCommand, "type" | "idempotencyKey" | "caching">;
  work: Pick<WorkPlan, "cacheTtlSeconds">;
};

/** Whether an earlier result may answer the command. A task whose time to live is 0 has no cache. */
export function mayReadCache({ command, work }: CacheQuestion): boolean {
  return command.caching.read && work.cacheTtlSeconds > 0;
}

/**
 * Who reads the result cache for a command, exactly once: the Worker, before it calls the chat, or the chat object when
 * only the chat knows the task (its mode) or whether it already answered (an Idempotency-Key). Null: the cache is not
 * read.
 */
export function cacheReader({ command, work }: CacheQuestion): "worker" | "chat" | null {
  if (!mayReadCache({ command, work })) return null;
  return command.type === null || command.idempotencyKey !== null ? "chat" : "worker";
}
