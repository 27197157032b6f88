import type { Config } from "../config.ts";
import { sendMail } from "../notify/mail.ts";
import type { Delivery } from "../notify/post-json.ts";
import { sendTelegram } from "../notify/telegram.ts";
import { permittedWebhook, sendWebhook } from "../notify/webhook.ts";
import { reportData, reportIn, reportSubject } from "./report-formats.ts";
import type { Handover, Settled } from "./reports-store.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** After the first attempt, the second… When they are used up, the delivery has failed: two days in all. */
const PAUSES_MINUTES = [5, 15, 60, 180, 360, 720, 1_440];

/** Hands a report over once, and says what is to become of the delivery. Never throws. */
export async function handOver(
  config: Config,
  handover: Handover,
  nowMs: number,
): Promise<Settled> {
  const { reportId, way, attempt } = handover;
  const delivery = await send(config, handover, nowMs);
  const settled = { reportId, way, attempt };
  if (delivery.ok) {
    return { ...settled, state: "entregada", reason: null, nextAttemptAtMs: nowMs };
  }
  const { retry, reason, retryAfterSeconds = 0 } = delivery;
  const pauseMinutes = PAUSES_MINUTES[attempt - 1];
  if (!retry || pauseMinutes === undefined) {
    return { ...settled, state: "fallida", reason, nextAttemptAtMs: nowMs };
  }
  const pauseMs = Math.max(pauseMinutes * MINUTE_MS, retryAfterSeconds * 1_000);
  return { ...settled, state: "pendiente", reason, nextAttemptAtMs: nowMs + pauseMs };
}

async function send(config: Config, handover: Handover, nowMs: number): Promise<Delivery> {
  const { way, address, figures, reportId, active } = handover;
  if (!active) return { ok: false, retry: false, reason: "La suscripción se canceló." };
  switch (way) {
    case "telegram": {
      const html = reportIn("telegram", figures);
      return await sendTelegram(config, { chatId: Number(address), html });
    }
    case "webhook": {
      const url = permittedWebhook(config, address);
      if (!url) {
        const reason = "La dirección ya no está entre las de WEBHOOKS_PERMITIDOS.";
        return { ok: false, retry: false, reason };
      }
      const payload = payloadOf(handover);
      const event = "informe.semanal";
      return await sendWebhook(config, { url, event, id: reportId, payload, atMs: nowMs });
    }
    case "correo":
      return await sendMail(config, {
        to: address,
        subject: reportSubject(figures),
        html: reportIn("html", figures),
        text: reportIn("texto", figures),
        id: reportId,
      });
  }
}

/** All forms, so that the receiver can pass on whichever it likes. */
function payloadOf({ reportId, chatId, week, figures }: Handover): Record<string, unknown> {
  return {
    id: reportId,
    chat_id: chatId,
    semana: week,
    datos: reportData(figures),
    html: reportIn("html", figures),
    texto: reportIn("texto", figures),
    telegram: reportIn("telegram", figures),
  };
}
