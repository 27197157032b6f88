import { epochOf, NO_PURGES, type PurgeEpochs } from "../cache/purge-epochs.ts";
import type { CachedResult } from "../cache/result-cache.ts";
import type { WorkResult } from "./work-result.ts";
import type { Deps } from "../deps.ts";
import { AppError, asProblem } from "../errors.ts";
import { sha256Hex } from "../lib/hash.ts";
import { describeError, log } from "../lib/log.ts";
import { recordProviderCall, type CallOutcome } from "../llm/provider-health.ts";
import { recordOf, type Outcome } from "./outcome.ts";
import { answerOf, type TaskAnswer } from "./task-answer.ts";
import type { JsonObject } from "./types/task.ts";
import type { TaskType } from "./types/registry.ts";
import { prepareWork, type Work } from "./work.ts";

export type TaskCommand = {
  client: string;
  chatId: number;
  /** Null: the chat's mode decides. */
  type: TaskType | null;
  text: string;
  options: JsonObject | undefined;
  /** Hide personal data from the provider. */
  protect: boolean;
  /** False: the history says that something was done, and neither what nor with which result. */
  keepText: boolean;
  /** Told to the client with the answer. */
  warnings: string[];
  idempotencyKey: string | null;
  caching: Caching;
};

/** What may be read from the cache and left in it. */
export type Caching = { read: boolean; write: boolean };

/** A task whose time to live is 0 has no cache. */
export function mayReadCache({ caching }: TaskCommand, { cacheTtlSeconds }: Work): boolean {
  return caching.read && cacheTtlSeconds > 0;
}

/** As the chat's object gets it: the Idempotency-Key tied to this request, and the purges that it must respect. */
export type OwnedCommand = TaskCommand & { epochs: PurgeEpochs };

/**
 * The whole way of a task: cache, then the chat, which owns paid work. The chat comes first when only it knows what
 * to do (no task was named) or whether it was done already (an Idempotency-Key). `granted` throws when the key does
 * not allow it; where that is still being found out, the cache is looked up meanwhile, and nothing else begins.
 */
export async function runTask(
  deps: Deps,
  command: TaskCommand,
  granted: () => Promise<unknown> = async () => undefined,
): Promise<TaskAnswer> {
  const startMs = deps.now();
  const work =
    command.type && prepareWork(deps.config, { ...command, type: command.type }, startMs);
  const knowing = withEpochs(deps, command);
  const isFirstLook = work && mayReadCache(command, work) && command.idempotencyKey === null;
  const [cached] = await Promise.all([
    isFirstLook ? readCache(deps, work, knowing) : undefined,
    granted(),
  ]);
  if (work && cached)
    return answerFromCache(deps, { command: await knowing, work, cached, startMs });

  const [known, idempotencyKey] = await Promise.all([knowing, claimKey(deps, command)]);
  const answer = await answerFromChat(deps, { ...known, idempotencyKey });
  if (answer.toCache) deps.defer(deps.cache.write(answer.toCache));
  return answer;
}

/** Never throws. Without its purges the cache is left alone: it could show what was purged. */
async function withEpochs(deps: Deps, command: TaskCommand): Promise<OwnedCommand> {
  try {
    return { ...command, epochs: await deps.purges.read(command.client) };
  } catch (error) {
    log.warn("purges_unknown", describeError(error));
    return { ...command, caching: { read: false, write: false }, epochs: NO_PURGES };
  }
}

async function answerFromChat(deps: Deps, command: OwnedCommand): Promise<TaskAnswer> {
  const startMs = deps.now();
  try {
    const answer = await deps.chat(command.client, command.chatId).run(command);
    if (answer.cache === "miss" || answer.cache === "bypass") note(deps, "ok", startMs);
    return answer;
  } catch (error) {
    const problem = asProblem(error);
    if (problem) note(deps, problem.codigo, startMs);
    throw error;
  }
}

function note(deps: Deps, outcome: CallOutcome, startMs: number): void {
  recordProviderCall(outcome, deps.now() - startMs, deps.now());
  deps.defer(deps.reportProviderHealth(outcome));
}

/** Never throws. */
function readCache(
  deps: Deps,
  work: Work,
  knowing: Promise<OwnedCommand>,
): Promise<CachedResult<WorkResult> | undefined> {
  const epoch = knowing.then(({ caching, epochs }) =>
    caching.read ? epochOf(epochs, work.type) : undefined,
  );
  return deps.cache.read(work.key, epoch);
}

type Hit = { command: OwnedCommand; work: Work; cached: CachedResult<WorkResult>; startMs: number };

function answerFromCache(deps: Deps, { command, work, cached, startMs }: Hit): TaskAnswer {
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
  return answerOf(outcome, command);
}

/**
 * Ties an Idempotency-Key to this request, for the whole client: the chat is part of the request. What comes back
 * names both, so that a key that was forgotten and used again never finds another request's answer.
 * @throws {AppError} idempotencia_en_conflicto
 */
async function claimKey(deps: Deps, command: TaskCommand): Promise<string | null> {
  const { client, chatId, type, text, options, protect, keepText, idempotencyKey } = command;
  if (idempotencyKey === null) return null;
  const fingerprint = sha256Hex(
    JSON.stringify([chatId, type, text, sortedEntries(options), protect, keepText]),
  );
  const claimed = await deps.claimIdempotencyKey(
    sha256Hex(JSON.stringify([client, "procesar", idempotencyKey])),
    fingerprint,
  );
  if (!claimed) {
    throw new AppError("idempotencia_en_conflicto", {
      detail:
        "Esa Idempotency-Key ya se usó con otra petición en las últimas 24 horas, y no se ha hecho nada. Usa una nueva para cada petición distinta.",
    });
  }
  return sha256Hex(JSON.stringify([idempotencyKey, fingerprint]));
}

function sortedEntries(options: JsonObject | undefined): [string, unknown][] {
  return Object.entries(options ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
