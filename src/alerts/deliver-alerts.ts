import type { Config } from "../config.ts";
import type { Delivery } from "../notify/post-json.ts";
import { sendTelegram } from "../notify/telegram.ts";
import { escapeHtml } from "../notify/telegram-html.ts";
import { sendWebhook } from "../notify/webhook.ts";
import type { AlertState, Channel, News } from "./alert-state.ts";
import { inWords } from "./conditions.ts";

/** What got through, and why the rest did not; null when all did. */
export type Outcome = { delivered: News[]; failure: string | null };

/** The ways out that the settings give. */
export function channelsOf({ ALERTAS_TELEGRAM_CHAT_ID, ALERTAS_WEBHOOK_URL }: Config): Channel[] {
  return [
    ...(ALERTAS_TELEGRAM_CHAT_ID === undefined ? [] : (["telegram"] as const)),
    ...(ALERTAS_WEBHOOK_URL === undefined ? [] : (["webhook"] as const)),
  ];
}

/** Never throws: what does not get through is told in the outcome. */
export async function tell(
  config: Config,
  channel: Channel,
  news: readonly News[],
  nowMs: number,
): Promise<Outcome> {
  if (news.length === 0) return { delivered: [], failure: null };
  return channel === "telegram"
    ? await tellByTelegram(config, news)
    : await tellByWebhook(config, news, nowMs);
}

/** All in one message. */
async function tellByTelegram(config: Config, news: readonly News[]): Promise<Outcome> {
  const delivery: Delivery = await sendTelegram(config, {
    chatId: config.ALERTAS_TELEGRAM_CHAT_ID ?? 0,
    html: news.map(toHtml).join("\n\n"),
  });
  return delivery.ok
    ? { delivered: [...news], failure: null }
    : { delivered: [], failure: delivery.reason };
}

/** Each by itself, with an id that is the same when it is tried again. */
async function tellByWebhook(
  config: Config,
  news: readonly News[],
  atMs: number,
): Promise<Outcome> {
  const delivered: News[] = [];
  for (const one of news) {
    const event = one.what === "raised" ? "alerta.activa" : "alerta.resuelta";
    const delivery = await sendWebhook(config, {
      url: new URL(config.ALERTAS_WEBHOOK_URL ?? ""),
      event,
      id: `${event}/${one.state.condition.key}/${one.state.raisedAtMs}`,
      atMs,
      payload: toPayload(one.state),
    });
    if (!delivery.ok) return { delivered, failure: delivery.reason };
    delivered.push(one);
  }
  return { delivered, failure: null };
}

/** An alert as programs read it. */
export function toPayload({ condition, sinceMs, goneSinceMs, clearedAtMs }: AlertState) {
  return {
    clave: condition.key,
    titulo: condition.title,
    detalle: condition.detail,
    que_hacer: condition.advice,
    desde: new Date(sinceMs).toISOString(),
    hasta: clearedAtMs === null ? null : new Date(goneSinceMs ?? clearedAtMs).toISOString(),
  };
}

function toHtml({ state, what }: News): string {
  const { title, detail, advice } = state.condition;
  const since = inWords(state.sinceMs);
  if (what === "raised") {
    return `🔴 <b>${escapeHtml(title)}</b>\nDesde el ${since}. ${escapeHtml(detail)}\n${escapeHtml(advice)}`;
  }
  const until = inWords(state.goneSinceMs ?? state.clearedAtMs ?? state.sinceMs);
  return `🟢 <b>Resuelto: ${escapeHtml(title)}</b>\nDuró desde el ${since} hasta el ${until}.`;
}
