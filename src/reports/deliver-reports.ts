import type { Config } from "../config.ts";
import { sendMail } from "../notify/mail.ts";
import type { Delivery } from "../notify/post-json.ts";
import { sendTelegram } from "../notify/telegram.ts";
import { findPermittedWebhook, sendWebhook } from "../notify/webhook.ts";
import { toReportData, formatReport, reportSubject } from "./report-formats.ts";
import type { ReportDelivery, AttemptOutcome } from "./reports-store.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** Settings of every delivery channel. */
export type DeliveryConfig = Pick<
  Config,
  | "TELEGRAM_BOT_TOKEN"
  | "TELEGRAM_API_URL"
  | "WEBHOOK_SECRET"
  | "WEBHOOKS_PERMITIDOS"
  | "CORREO_API_URL"
  | "CORREO_API_KEY"
  | "CORREO_REMITENTE"
>;

/** Pause after each failed attempt. After the last one the delivery fails; together they last two days. */
const PAUSES_MINUTES = [5, 15, 60, 180, 360, 720, 1_440];

/** Attempts a delivery once and returns its outcome, with the time of the next attempt. Never throws. */
export async function deliverReport(
  config: DeliveryConfig,
  reportDelivery: ReportDelivery,
  nowMs: number,
): Promise<AttemptOutcome> {
  const { reportId, way, attempt } = reportDelivery;
  const delivery = await send(config, reportDelivery, nowMs);
  const outcome = { reportId, way, attempt };
  if (delivery.ok) {
    return { ...outcome, state: "entregada", reason: null, nextAttemptAtMs: nowMs };
  }
  const { retry, reason, retryAfterSeconds = 0 } = delivery;
  const pauseMinutes = PAUSES_MINUTES[attempt - 1];
  if (!retry || pauseMinutes === undefined) {
    return { ...outcome, state: "fallida", reason, nextAttemptAtMs: nowMs };
  }
  const pauseMs = Math.max(pauseMinutes * MINUTE_MS, retryAfterSeconds * 1_000);
  return { ...outcome, state: "pendiente", reason, nextAttemptAtMs: nowMs + pauseMs };
}

async function send(
  config: DeliveryConfig,
  reportDelivery: ReportDelivery,
  nowMs: number,
): Promise<Delivery> {
  const { way, address, figures, reportId, active } = reportDelivery;
  if (!active) return { ok: false, retry: false, reason: "La suscripción se canceló." };
  switch (way) {
    case "telegram": {
      const html = formatReport("telegram", figures);
      return await sendTelegram(config, { chatId: Number(address), html });
    }
    case "webhook": {
      const url = findPermittedWebhook(config, address);
      if (!url) {
        const reason = "La dirección ya no está entre las de WEBHOOKS_PERMITIDOS.";
        return { ok: false, retry: false, reason };
      }
      const payload = toPayload(reportDelivery);
      const event = "informe.semanal";
      return await sendWebhook(config, { url, event, id: reportId, payload, atMs: nowMs });
    }
    case "correo":
      return await sendMail(config, {
        to: address,
        subject: reportSubject(figures),
        html: formatReport("html", figures),
        text: formatReport("texto", figures),
        id: reportId,
      });
  }
}

/** Every text format, so that the receiver can forward any of them. */
function toPayload({ reportId, chatId, week, figures }: ReportDelivery): Record<string, unknown> {
  return {
    id: reportId,
    chat_id: chatId,
    semana: week,
    datos: toReportData(figures),
    html: formatReport("html", figures),
    texto: formatReport("texto", figures),
    telegram: formatReport("telegram", figures),
  };
}
