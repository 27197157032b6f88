import type { Config } from "../config.ts";
import { sendTelegram } from "../notify/telegram.ts";
import { escapeHtml } from "../notify/telegram-html.ts";
import { sendWebhook } from "../notify/webhook.ts";
import type { AlertChange, AlertState, Channel } from "./alert-state.ts";
import { toSpanishTime } from "./conditions.ts";

/** Where the owner is notified, and how. */
export type DeliverySettings = Pick<
  Config,
  | "ALERTAS_TELEGRAM_CHAT_ID"
  | "ALERTAS_WEBHOOK_URL"
  | "TELEGRAM_BOT_TOKEN"
  | "TELEGRAM_API_URL"
  | "WEBHOOK_SECRET"
>;

/** The changes that a channel accepted, and why it did not accept the others; null when it accepted all. */
export type AlertDelivery = { delivered: AlertChange[]; failure: string | null };

/** The channels that are configured. */
export function configuredChannels({
  ALERTAS_TELEGRAM_CHAT_ID,
  ALERTAS_WEBHOOK_URL,
}: Pick<DeliverySettings, "ALERTAS_TELEGRAM_CHAT_ID" | "ALERTAS_WEBHOOK_URL">): Channel[] {
  return [
    ...(ALERTAS_TELEGRAM_CHAT_ID === undefined ? [] : (["telegram"] as const)),
    ...(ALERTAS_WEBHOOK_URL === undefined ? [] : (["webhook"] as const)),
  ];
}

/** Sends the changes to one channel. Never throws. */
export async function deliverAlerts(
  config: DeliverySettings,
  channel: Channel,
  changes: readonly AlertChange[],
  nowMs: number,
): Promise<AlertDelivery> {
  if (changes.length === 0) return { delivered: [], failure: null };
  return channel === "telegram"
    ? await deliverByTelegram(config, changes)
    : await deliverByWebhook(config, changes, nowMs);
}

/** All changes in one message. */
async function deliverByTelegram(
  config: DeliverySettings,
  changes: readonly AlertChange[],
): Promise<AlertDelivery> {
  const delivery = await sendTelegram(config, {
    chatId: config.ALERTAS_TELEGRAM_CHAT_ID ?? 0,
    html: changes.map(toHtml).join("\n\n"),
  });
  return delivery.ok
    ? { delivered: [...changes], failure: null }
    : { delivered: [], failure: delivery.reason };
}

/** One call for each change, with an id that a retry repeats. */
async function deliverByWebhook(
  config: DeliverySettings,
  changes: readonly AlertChange[],
  atMs: number,
): Promise<AlertDelivery> {
  const delivered: AlertChange[] = [];
  for (const change of changes) {
    const { condition, raisedAtMs } = change.state;
    const event = change.kind === "raised" ? "alerta.activa" : "alerta.resuelta";
    const delivery = await sendWebhook(config, {
      url: new URL(config.ALERTAS_WEBHOOK_URL ?? ""),
      event,
      id: `${event}/${condition.key}/${raisedAtMs}`,
      atMs,
      payload: toAlertPayload(change.state),
    });
    if (!delivery.ok) return { delivered, failure: delivery.reason };
    delivered.push(change);
  }
  return { delivered, failure: null };
}

function toAlertPayload({ condition, sinceMs, goneSinceMs, clearedAtMs }: AlertState) {
  return {
    clave: condition.key,
    titulo: condition.title,
    detalle: condition.detail,
    que_hacer: condition.advice,
    desde: new Date(sinceMs).toISOString(),
    hasta: clearedAtMs === null ? null : new Date(goneSinceMs ?? clearedAtMs).toISOString(),
  };
}

function toHtml({ state, kind }: AlertChange): string {
  const { title, detail, advice } = state.condition;
  const since = toSpanishTime(state.sinceMs);
  if (kind === "raised") {
    return `🔴 <b>${escapeHtml(title)}</b>\nDesde el ${since}. ${escapeHtml(detail)}\n${escapeHtml(advice)}`;
  }
  const until = toSpanishTime(state.goneSinceMs ?? state.clearedAtMs ?? state.sinceMs);
  return `🟢 <b>Resuelto: ${escapeHtml(title)}</b>\nDuró desde el ${since} hasta el ${until}.`;
}
