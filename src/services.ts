import { accessStub } from "./access/access-stub.ts";
import type { AlertState } from "./alerts/alert-state.ts";
import { createKeyCopies, type KeyCopies } from "./access/key-copies-store.ts";
import { createKeyCache, type KeyCache } from "./access/key-cache.ts";
import { createBucket, type Bucket } from "./backups/bucket.ts";
import { createErasureLog, type ErasureLog } from "./backups/erasure-log.ts";
import { createKvBudget } from "./cache/kv-budget.ts";
import { createResultCache, type ResultCache } from "./cache/result-cache.ts";
import { WorkResult } from "./tasks/work-result.ts";
import { createEpochCache, type PurgeLog } from "./cache/purge-epochs.ts";
import { createDeleteChatRows, type DeleteChatRows } from "./chats/erase-chat-store.ts";
import { chatStub } from "./chats/chat-stub.ts";
import type { WaitingChats } from "./chats/waiting-chats.store.ts";
import { parseConfig, type Config } from "./config.ts";
import { createDatabase } from "./db/connect.ts";
import type { Database } from "./db/database.ts";
import { createHistory, type History } from "./history/history-store.ts";
import { coordinatorStub } from "./coordinator/coordinator-stub.ts";
import type { JobName, RunOrigin } from "./jobs/job.ts";
import type { JobEntry, JobLedgerWriter } from "./jobs/job-ledger.store.ts";
import type { RunStart } from "./jobs/runner/job-runner.ts";
import { jobStub } from "./jobs/runner/job-stub.ts";
import { createRuns, type Runs } from "./jobs/runner/runs-store.ts";
import { createReports, type Reports } from "./reports/reports-store.ts";
import { createLlm, type Llm } from "./llm/llm.ts";
import type { CallOutcome } from "./llm/provider-health.ts";
import { createProviderReporter, type ProviderTrouble } from "./llm/provider-reports.ts";

/** What the Worker and its Durable Objects share: settings, stores, clients and the clock. */
export type Services = {
  config: Config;
  cache: ResultCache<WorkResult>;
  purges: PurgeLog;
  /** For backups, which read every table. Everything else goes through a store. */
  database: Database;
  history: History;
  deleteChatRows: DeleteChatRows;
  runs: Runs;
  keys: KeyCache;
  /** Writes the copy of the keys in PostgreSQL. */
  keyCopies: KeyCopies;
  reports: Reports;
  /** Null without an R2 binding: then no backups are made. */
  backups: Bucket | null;
  erasures: ErasureLog;
  waitingChats: WaitingChats;
  /** Makes a chat deliver its records, and returns how many still wait. */
  deliverRecords: (chatName: string) => Promise<number>;
  jobs: {
    entries: () => Promise<JobEntry[]>;
    /** Starts a run now, unless one is in progress. */
    start: (name: JobName) => Promise<RunStart>;
    /** Starts a run, unless one is in progress or has ended for this time of the job's crons. */
    startIfDue: (name: JobName, origin: RunOrigin, dueMs: number) => Promise<void>;
  };
  jobLedger: JobLedgerWriter;
  alertStates: {
    read: () => Promise<AlertState[]>;
    save: (states: AlertState[]) => Promise<void>;
  };
  kv: KVNamespace;
  /** Undefined without OPENAI_API_KEY: then the local engine answers. */
  llm: Llm | undefined;
  /** Reports the outcome of a call to the coordinator, at a limited rate. */
  reportProviderHealth: (outcome: CallOutcome) => Promise<void>;
  /** Null when the provider answered the last reported call. */
  readProviderTrouble: () => Promise<ProviderTrouble | null>;
  /** Milliseconds since 1970. */
  now: () => number;
};

/**
 * Returns the services of an environment: built once per isolate, without state of a request.
 * Members in `overrides` replace the real ones, and everything that is built from them uses them: with another
 * `database`, the history, the reports and the runs use it too.
 * @throws {ConfigError}
 */
export function createServices(env: Env, overrides: Partial<Services> = {}): Services {
  if (Object.keys(overrides).length > 0) return buildServices(env, overrides);
  const known = servicesByEnv.get(env);
  if (known) return known;
  const services = buildServices(env, {});
  servicesByEnv.set(env, services);
  return services;
}

const servicesByEnv = new WeakMap<Env, Services>();

/** In dependency order: each part takes the parts above it. */
function buildServices(env: Env, overrides: Partial<Services>): Services {
  const config = overrides.config ?? parseConfig(env);
  // Date.now is read at each call, so that a test with a fake clock reaches Durable Objects too.
  const now = overrides.now ?? (() => Date.now());
  // A stub belongs to the request that created it, so each call creates its own.
  const coordinator = () => coordinatorStub(env, config);
  const database = overrides.database ?? createDatabase(config, env.HYPERDRIVE);
  return {
    config,
    cache: createResultCache(env.CACHE, WorkResult, rationKvWrites(env, config, now)),
    purges: createEpochCache(
      {
        read: (client) => coordinator().readPurgeEpochs(client),
        purge: (client, type) => coordinator().recordPurge(client, type),
        forget: (beforeMs) => coordinator().forgetPurges(beforeMs),
      },
      now,
    ),
    database,
    history: createHistory(database),
    deleteChatRows: createDeleteChatRows(database),
    runs: createRuns(database),
    keys: createKeyCache((...args) => accessStub(env, config).lookUpKey(...args), now),
    keyCopies: createKeyCopies(database),
    reports: createReports(database),
    backups: env.BACKUPS ? createBucket(env.BACKUPS, config) : null,
    erasures: createErasureLog(coordinator, {
      config,
      hasBackups: env.BACKUPS !== undefined,
      now,
    }),
    waitingChats: {
      add: (chatName) => coordinator().addWaitingChat(chatName),
      remove: (chatName) => coordinator().removeWaitingChat(chatName),
      list: (limit, after) => coordinator().listWaitingChats(limit, after),
      count: () => coordinator().countWaitingChats(),
    },
    deliverRecords: (chatName) => chatStub(env, config, chatName).deliverNow(),
    jobs: {
      entries: () => coordinator().listJobs(),
      start: (name) => jobStub(env, config, name).start(name),
      startIfDue: (name, origin, dueMs) =>
        jobStub(env, config, name).startIfDue(name, origin, dueMs),
    },
    jobLedger: {
      recordStart: (job, run) => coordinator().recordJobStart(job, run),
      recordEnd: (run, servedMs) => coordinator().recordJobEnd(run, servedMs),
    },
    alertStates: {
      read: () => coordinator().readAlerts(),
      save: (states) => coordinator().saveAlerts(states),
    },
    kv: env.CACHE,
    llm: config.OPENAI_API_KEY === undefined ? undefined : createLlm(config),
    reportProviderHealth: createProviderReporter(
      (report) => coordinator().recordProviderReport(report),
      now,
    ),
    readProviderTrouble: () => coordinator().readProviderTrouble(),
    now,
    ...overrides,
  };
}

/** Decides which results may be written to KV. KV_WRITES_PER_DAY 0 means no limit. */
function rationKvWrites(
  env: Env,
  config: Config,
  now: () => number,
): (isRepeated: boolean) => Promise<boolean> {
  const perDay = config.KV_WRITES_PER_DAY;
  if (perDay === 0) return async () => true;
  return createKvBudget(
    perDay,
    (writes) => coordinatorStub(env, config).spendKvWrites(writes),
    now,
  );
}
