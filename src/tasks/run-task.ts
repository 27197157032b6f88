import { epochOf, NO_PURGES, type PurgeLog } from "../cache/purge-epochs.ts";
import type { CachedResult, ResultCache } from "../cache/result-cache.ts";
import type { Config } from "../config.ts";
import { AppError, asProblem } from "../errors.ts";
import { sha256Hex } from "../lib/hash.ts";
import { describeError, log } from "../lib/log.ts";
import { recordProviderCall, type CallOutcome } from "../llm/provider-health.ts";
import type { HistoryRecord } from "./history-record.ts";
import { toTaskAnswer, type TaskAnswer } from "./task-answer.ts";
import { cacheReader, type ChatCommand, type TaskCommand } from "./task-command.ts";
import { toHistoryRecord, type TaskOutcome } from "./task-outcome.ts";
import type { JsonObject } from "../lib/json-object.ts";
import { prepareWork, type Work } from "./work.ts";
import type { WorkResult } from "./work-result.ts";

export type RunTaskDeps = {
  config: Config;
  cache: Pick<ResultCache<WorkResult>, "read" | "write">;
  purges: Pick<PurgeLog, "read">;
  chat: (client: string, chatId: number) => TaskChat;
  /** False when the key already stands for a request with another fingerprint. */
  claimIdempotencyKey: (keyName: string, fingerprint: string) => Promise<boolean>;
  reportProviderHealth: (outcome: CallOutcome) => Promise<void>;
  nextId: (nowMs: number) => string;
  now: () => number;
  /** Runs work after the response, and logs its failure. */
  defer: (work: Promise<unknown>) => void;
};

/** The chat object, as far as tasks use it. */
type TaskChat = {
  run: (command: ChatCommand) => Promise<TaskAnswer>;
  record: (record: HistoryRecord) => Promise<void>;
};

/**
 * Runs a task from request to answer: from the cache, or from the chat object, which owns all paid work. `authorize`
 * rejects when the caller may not do this; only the cache lookup runs before it resolves.
 */
export async function runTask(
  deps: RunTaskDeps,
  command: TaskCommand,
  authorize: () => Promise<unknown> = async () => undefined,
): Promise<TaskAnswer> {
  const startMs = deps.now();
  const work =
    command.type && prepareWork(deps.config, { ...command, type: command.type }, startMs);
  const purges = readPurges(deps, command);
  const readsCache = work && cacheReader({ command, work }) === "worker";
  const [cached] = await Promise.all([
    readsCache ? readCache(deps, work, purges) : undefined,
    authorize(),
  ]);
  if (work && cached) {
    return answerFromCache(deps, { command, purges: await purges, work, cached, startMs });
  }

  const [known, idempotencyKey] = await Promise.all([purges, claimKey(deps, command)]);
  const answer = await answerFromChat(deps, {
    ...command,
    ...known,
    idempotencyKey,
    plan: work && toPlan(work),
  });
  if (answer.toCache) deps.defer(deps.cache.write(answer.toCache));
  return answer;
}

type Purges = Pick<ChatCommand, "epochs" | "caching">;

/** Never rejects: when the purges are unknown the request bypasses the cache, which could serve a purged result. */
async function readPurges(
  { purges }: Pick<RunTaskDeps, "purges">,
  { client, caching }: TaskCommand,
): Promise<Purges> {
  try {
    return { caching, epochs: await purges.read(client) };
  } catch (error) {
    log.warn("purges_unknown", describeError(error));
    return { caching: { read: false, write: false }, epochs: NO_PURGES };
  }
}

/** Never rejects. */
function readCache(
  { cache }: Pick<RunTaskDeps, "cache">,
  work: Work,
  purges: Promise<Purges>,
): Promise<CachedResult<WorkResult> | undefined> {
  const epoch = purges.then(({ caching, epochs }) =>
    caching.read ? epochOf(epochs, work.type) : undefined,
  );
  return cache.read(work.key, epoch);
}

type CacheHit = {
  command: TaskCommand;
  purges: Purges;
  work: Work;
  cached: CachedResult<WorkResult>;
  startMs: number;
};

function answerFromCache(
  deps: Pick<RunTaskDeps, "chat" | "nextId" | "now" | "defer">,
  { command, purges, work, cached, startMs }: CacheHit,
): TaskAnswer {
  const outcome: TaskOutcome = {
    requestId: deps.nextId(startMs),
    caller: command,
    work,
    result: cached.result,
    cache: cached.level,
    attempts: 0,
    usage: null,
    durationMs: deps.now() - startMs,
  };
  deps.defer(deps.chat(command.client, command.chatId).record(toHistoryRecord(outcome)));
  return toTaskAnswer(outcome, { ...command, ...purges });
}

async function answerFromChat(deps: RunTaskDeps, command: ChatCommand): Promise<TaskAnswer> {
  const startMs = deps.now();
  try {
    const answer = await deps.chat(command.client, command.chatId).run(command);
    if (answer.cache === "miss" || answer.cache === "bypass") noteProvider(deps, "ok", startMs);
    return answer;
  } catch (error) {
    const problem = asProblem(error);
    if (problem) noteProvider(deps, problem.codigo, startMs);
    throw error;
  }
}

function noteProvider(
  deps: Pick<RunTaskDeps, "reportProviderHealth" | "now" | "defer">,
  outcome: CallOutcome,
  startMs: number,
): void {
  recordProviderCall(outcome, deps.now() - startMs, deps.now());
  deps.defer(deps.reportProviderHealth(outcome));
}

function toPlan(work: Work): ChatCommand["plan"] {
  const { text: _, ...plan } = work;
  return plan;
}

/**
 * Binds an Idempotency-Key to this request, across the client's chats: the chat is part of the fingerprint. The
 * returned digest covers key and request, so that a key that expired and was used again never finds the answer to
 * another request.
 * @throws {AppError} idempotencia_en_conflicto
 */
async function claimKey(
  { claimIdempotencyKey }: Pick<RunTaskDeps, "claimIdempotencyKey">,
  command: TaskCommand,
): Promise<string | null> {
  const { client, chatId, type, text, options, protect, keepText, idempotencyKey } = command;
  if (idempotencyKey === null) return null;
  const fingerprint = sha256Hex(
    JSON.stringify([chatId, type, text, sortedEntries(options), protect, keepText]),
  );
  const isOurs = await claimIdempotencyKey(
    sha256Hex(JSON.stringify([client, "procesar", idempotencyKey])),
    fingerprint,
  );
  if (!isOurs) {
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
