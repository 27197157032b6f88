import type { Config } from "../config.ts";
import { probe } from "../health/probe.ts";
import { coordinatorStub } from "../coordinator/coordinator-stub.ts";
import type { Job, JobMeans } from "../jobs/job.ts";
import { describeError, log } from "../lib/log.ts";
import {
  afterLook,
  isActive,
  isSame,
  newsOf,
  open,
  withTold,
  type AlertState,
} from "./alert-state.ts";
import {
  conditionsOf,
  OLD_BACKUP,
  type Condition,
  type Observations,
  type Thresholds,
} from "./conditions.ts";
import { channelsOf, tell } from "./deliver-alerts.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** Tells the owner what goes wrong, once, and once when it is over. `others`: the jobs that it watches. */
export function alertsJob(others: readonly Job[]): Job {
  return {
    name: "alertas",
    summary: "Avisa de lo que va mal, una vez, y otra cuando se arregla.",
    crons: ["sweep"],

    async slice(means, _, { startedAtMs }) {
      const { config } = means.services;
      const clock = coordinatorStub(means.env, config);
      const channels = channelsOf(config);
      const [known, seen] = await Promise.all([
        clock.readAlerts(),
        observe(means, others, startedAtMs),
      ]);
      const conditions = [
        ...conditionsOf(seen, thresholdsOf(config)),
        ...(seen.backupsAreSeen ? [] : unseen(known)),
      ];
      const looked = afterLook(known, conditions, startedAtMs);
      logChanges(known, looked);
      const states = open(looked, channels);
      await clock.saveAlerts(states);

      let [after, deliveries, failures] = [states, 0, 0];
      for (const channel of channels) {
        const news = after.flatMap((state) => newsOf(state, channel) ?? []);
        const { delivered, failure } = await tell(config, channel, news, means.services.now());
        // What fails is tried again at the next look, with whatever is new by then.
        if (failure !== null) log.error("alert_not_delivered", { channel, reason: failure });
        after = withTold(after, delivered, channel);
        deliveries += delivered.length;
        failures += Number(failure !== null);
      }
      if (deliveries > 0) await clock.saveAlerts(open(after, channels));
      const activas = states.filter(isActive).length;
      return { done: true, counts: { activas, avisos: deliveries, avisos_fallidos: failures } };
    },
  };
}

async function observe(
  { services, env }: JobMeans,
  others: readonly Job[],
  nowMs: number,
): Promise<Observations & { backupsAreSeen: boolean }> {
  const { backups, config, history, now } = services;
  const clock = coordinatorStub(env, config);
  const [database, kv, provider, waiting, entries, goodBackupAtMs] = await Promise.all([
    probe(now, "database", () => history.ping()),
    probe(now, "kv", () => env.CACHE.get("salud")),
    clock.readProviderTrouble(),
    clock.countWaitingChats(),
    clock.listJobs(),
    backups ? backups.newestGoodAtMs().catch(cannotSee) : null,
  ]);
  return {
    nowMs,
    databaseAnswers: database.state === "ok",
    kvAnswers: kv.state === "ok",
    provider,
    waiting,
    goodBackupAtMs: goodBackupAtMs ?? null,
    backupsAreSeen: goodBackupAtMs !== undefined,
    jobs: others.map((job) => ({
      job,
      entry: entries.find((entry) => entry.job === job.name),
    })),
  };
}

function cannotSee(error: unknown): undefined {
  log.warn("backups_not_seen", describeError(error));
}

/** Who cannot see the backups does not know that they are old, nor that they no longer are. */
function unseen(known: readonly AlertState[]): Condition[] {
  return known
    .filter(({ condition, clearedAtMs }) => condition.key === OLD_BACKUP && clearedAtMs === null)
    .map(({ condition }) => condition);
}

function thresholdsOf(config: Config): Thresholds {
  return {
    outageMs: config.ALERTAS_CAIDA_MINUTOS * MINUTE_MS,
    waitingMs: config.ALERTAS_PENDIENTES_MINUTOS * MINUTE_MS,
    lateMs: config.ALERTAS_RETRASO_MINUTOS * MINUTE_MS,
    backupMs: config.ALERTAS_COPIA_HORAS * 60 * MINUTE_MS,
    providerCalls: config.ALERTAS_FALLOS_MODELO,
  };
}

/** For whoever has no other way to be told. */
function logChanges(known: readonly AlertState[], states: readonly AlertState[]): void {
  for (const state of states) {
    const { condition, raisedAtMs, clearedAtMs } = state;
    const before = known.find((one) => isSame(one, state));
    if (raisedAtMs !== null && before?.raisedAtMs == null) {
      log.error("alert_raised", { alert: condition.key, title: condition.title });
    }
    if (clearedAtMs !== null && before?.clearedAtMs == null) {
      log.info("alert_cleared", { alert: condition.key });
    }
  }
}
