import type { Config } from "../config.ts";
import type { Job, JobDefinition } from "../jobs/job.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { log } from "../lib/log.ts";
import {
  isActive,
  isSameAlert,
  markDelivered,
  openAlerts,
  pendingChange,
  updateAlerts,
  type AlertState,
  type Channel,
} from "./alert-state.ts";
import { findConditions, OLD_BACKUP, type Condition, type Thresholds } from "./conditions.ts";
import { configuredChannels, deliverAlerts, type DeliverySettings } from "./deliver-alerts.ts";
import { observe, type ObserveContext } from "./observe.ts";

type ThresholdSettings = Pick<
  Config,
  | "ALERTAS_CAIDA_MINUTOS"
  | "ALERTAS_PENDIENTES_MINUTOS"
  | "ALERTAS_RETRASO_MINUTOS"
  | "ALERTAS_COPIA_HORAS"
  | "ALERTAS_FALLOS_MODELO"
>;

export type AlertsContext = ObserveContext & {
  config: DeliverySettings & ThresholdSettings;
  alertStates: {
    read: () => Promise<AlertState[]>;
    save: (states: AlertState[]) => Promise<void>;
  };
};

/** Notifies the owner once when something goes wrong, and once when it is over. */
export function createAlertsJob(watchedJobs: readonly JobDefinition[]): Job<AlertsContext> {
  return {
    name: "alertas",
    summary: "Avisa de lo que va mal, una vez, y otra cuando se arregla.",
    crons: ["everyFiveMinutes"],

    async runSlice(context, _, { startedAtMs }) {
      const { alertStates, config } = context;
      const channels = configuredChannels(config);
      const [known, observed] = await Promise.all([
        alertStates.read(),
        observe(context, watchedJobs, startedAtMs),
      ]);
      const conditions = [
        ...findConditions(observed, toThresholds(config)),
        ...(observed.canReadBackups ? [] : openBackupConditions(known)),
      ];
      const updated = updateAlerts(known, conditions, startedAtMs);
      logChanges(known, updated);
      const states = openAlerts(updated, channels);
      await alertStates.save(states);

      const { remaining, deliveries, failures } = await deliverToChannels(
        context,
        states,
        channels,
      );
      if (deliveries > 0) await alertStates.save(openAlerts(remaining, channels));
      const activas = states.filter(isActive).length;
      return { done: true, counts: { activas, avisos: deliveries, avisos_fallidos: failures } };
    },
  };
}

/** What cannot be delivered stays pending: the next run tries again, together with newer changes. */
async function deliverToChannels(
  { config, now }: Pick<AlertsContext, "config" | "now">,
  states: readonly AlertState[],
  channels: readonly Channel[],
): Promise<{ remaining: AlertState[]; deliveries: number; failures: number }> {
  let [remaining, deliveries, failures] = [[...states], 0, 0];
  for (const channel of channels) {
    const changes = remaining.flatMap((state) => pendingChange(state, channel) ?? []);
    const { delivered, failure } = await deliverAlerts(config, channel, changes, now());
    if (failure !== null) log.error("alert_not_delivered", { channel, reason: failure });
    remaining = markDelivered(remaining, delivered, channel);
    deliveries += delivered.length;
    failures += Number(failure !== null);
  }
  return { remaining, deliveries, failures };
}

/** While R2 cannot be read, an open alert about an old backup stays open: its end is not known. */
function openBackupConditions(known: readonly AlertState[]): Condition[] {
  return known
    .filter(({ condition, clearedAtMs }) => condition.key === OLD_BACKUP && clearedAtMs === null)
    .map(({ condition }) => condition);
}

function toThresholds(config: ThresholdSettings): Thresholds {
  return {
    outageMs: config.ALERTAS_CAIDA_MINUTOS * MINUTE_MS,
    waitingMs: config.ALERTAS_PENDIENTES_MINUTOS * MINUTE_MS,
    lateMs: config.ALERTAS_RETRASO_MINUTOS * MINUTE_MS,
    backupMs: config.ALERTAS_COPIA_HORAS * HOUR_MS,
    providerCalls: config.ALERTAS_FALLOS_MODELO,
  };
}

/** Logs each change once, for a service without a channel. */
function logChanges(known: readonly AlertState[], states: readonly AlertState[]): void {
  for (const state of states) {
    const { condition, raisedAtMs, clearedAtMs } = state;
    const before = known.find((one) => isSameAlert(one, state));
    if (raisedAtMs !== null && before?.raisedAtMs == null) {
      log.error("alert_raised", { alert: condition.key, title: condition.title });
    }
    if (clearedAtMs !== null && before?.clearedAtMs == null) {
      log.info("alert_cleared", { alert: condition.key });
    }
  }
}
