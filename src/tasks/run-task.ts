import type { Deps } from "../deps.ts";
import { AppError, asProblem } from "../errors.ts";
import { sha256Hex } from "../lib/hash.ts";
import { noteCall } from "../llm/provider-health.ts";
import { recordOf, type Outcome } from "./outcome.ts";
import { answerOf, type TaskAnswer } from "./task-answer.ts";
import type { JsonObject } from "./types/task.ts";
import type { TaskType } from "./types/task-types.ts";
import { prepareWork, type Work } from "./work.ts";

export type TaskCommand = {
  client: string;
  chatId: number;
  /** Null: the chat's mode decides. */
  type: TaskType | null;
  text: string;
  options: JsonObject | undefined;
  /** Told to the client with the answer. */
  warnings: string[];
  idempotencyKey: string | null;
};

/**
 * The whole way of a task: cache, then the chat, which owns paid work. The chat comes first when only it knows what
 * to do (no task was named) or whether it was done already (an Idempotency-Key).
 */
export async function runTask(deps: Deps, command: TaskCommand): Promise<TaskAnswer> {
  if (command.type !== null) {
    const work = prepareWork(deps.config, { ...command, type: command.type });
    const hit = command.idempotencyKey === null && (await answerFromCache(deps, command, work));
    if (hit) return hit;
  }

  const answer = await answerFromChat(deps, command, await claimKey(deps, command));
  if (answer.toCache) deps.defer(deps.cache.write(answer.toCache));
  return answer;
}

async function answerFromChat(
  deps: Deps,
  command: TaskCommand,
  idempotencyKey: string | null,
): Promise<TaskAnswer> {
  const startMs = deps.now();
  try {
    const chat = deps.chat(command.client, command.chatId);
    const answer = await chat.run({ ...command, idempotencyKey });
    if (answer.cache === "miss") noteCall("ok", deps.now() - startMs, deps.now());
    return answer;
  } catch (error) {
    const problem = asProblem(error);
    if (problem) noteCall(problem.codigo, deps.now() - startMs, deps.now());
    throw error;
  }
}

async function answerFromCache(
  deps: Deps,
  command: TaskCommand,
  work: Work,
): Promise<TaskAnswer | undefined> {
  const startMs = deps.now();
  const cached = await deps.cache.read(work.key);
  if (!cached) return undefined;

  const outcome: Outcome = {
    requestId: deps.nextId(startMs),
    asker: command,
    work,
    result: cached.result,
    cache: cached.level,
    attempts: 0,
    usage: null,
    durationMs: deps.now() - startMs,
  };
  deps.defer(deps.chat(command.client, command.chatId).record(recordOf(outcome)));
  return answerOf(outcome, command.warnings);
}

/**
 * Ties an Idempotency-Key to this request, for the whole client: the chat is part of the request. What comes back
 * names both, so that a key that was forgotten and used again never finds another request's answer.
 * @throws {AppError} idempotencia_en_conflicto
 */
async function claimKey(deps: Deps, command: TaskCommand): Promise<string | null> {
  const { client, chatId, type, text, options, idempotencyKey } = command;
  if (idempotencyKey === null) return null;
  const fingerprint = sha256Hex(JSON.stringify([chatId, type, text, sortedEntries(options)]));
  const claimed = await deps.claimIdempotencyKey(
    sha256Hex(JSON.stringify([client, "procesar", idempotencyKey])),
    fingerprint,
  );
  if (!claimed) throw new AppError("idempotencia_en_conflicto");
  return sha256Hex(JSON.stringify([idempotencyKey, fingerprint]));
}

function sortedEntries(options: JsonObject | undefined): [string, unknown][] {
  return Object.entries(options ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
