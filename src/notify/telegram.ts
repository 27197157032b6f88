import { z } from "zod";
import type { Config } from "../config.ts";
import { MAX_RETRY_AFTER_SECONDS, postJson, toDelivery, type Delivery } from "./post-json.ts";
import { splitHtml, toPlain } from "./telegram-html.ts";

type Settings = Pick<Config, "TELEGRAM_BOT_TOKEN" | "TELEGRAM_API_URL">;

export type TelegramMessage = {
  chatId: number;
  /** Telegram's HTML. What is too long for one message goes as several. */
  html: string;
};

const Refusal = z
  .object({
    description: z.string().catch(""),
    parameters: z
      .object({
        retry_after: z.int().positive().optional(),
        migrate_to_chat_id: z.int().optional(),
      })
      .catch({}),
  })
  .catch({ description: "", parameters: {} });

/**
 * Sends a message as the bot; a piece whose HTML Telegram refuses, without format. Telegram has no idempotency: what
 * arrived although its answer was lost, and the first pieces of a message that stopped half-way, arrive again with the
 * next try.
 */
export async function sendTelegram(
  settings: Settings,
  { chatId, html }: TelegramMessage,
): Promise<Delivery> {
  for (const piece of splitHtml(html)) {
    let { delivery, status } = await send(settings, {
      chat_id: chatId,
      text: piece,
      parse_mode: "HTML",
    });
    if (status === 400) {
      ({ delivery, status } = await send(settings, { chat_id: chatId, text: toPlain(piece) }));
    }
    if (!delivery.ok) return delivery;
  }
  return { ok: true };
}

/** The token is part of the address: neither it nor what was thrown about it is ever shown. */
async function send(
  { TELEGRAM_BOT_TOKEN, TELEGRAM_API_URL }: Settings,
  message: { chat_id: number; text: string; parse_mode?: "HTML" },
): Promise<{ delivery: Delivery; status?: number }> {
  if (TELEGRAM_BOT_TOKEN === undefined) {
    return { delivery: { ok: false, retry: true, reason: "Falta TELEGRAM_BOT_TOKEN." } };
  }
  const reply = await postJson(`${TELEGRAM_API_URL}/bot${TELEGRAM_BOT_TOKEN}/sendMessage`, {
    body: JSON.stringify({ ...message, link_preview_options: { is_disabled: true } }),
  });
  if ("ok" in reply) return { delivery: { ...reply, reason: `Telegram: ${reply.reason}.` } };

  const { status } = reply;
  const delivery = toDelivery(reply);
  if (delivery.ok) return { delivery, status };
  const { description, parameters } = readRefusal(reply.text);
  const isOwnersMistake = status === 401 || status === 404;
  return {
    status,
    delivery: {
      ...delivery,
      // A bot that was blocked or put out of a group comes back only when a person asks for it.
      retry: delivery.retry && status !== 403,
      reason: isOwnersMistake
        ? "Telegram no reconoce TELEGRAM_BOT_TOKEN."
        : `Telegram respondió ${status}: ${inWords(description, parameters.migrate_to_chat_id)}.`,
      ...(parameters.retry_after !== undefined && {
        retryAfterSeconds: Math.min(parameters.retry_after, MAX_RETRY_AFTER_SECONDS),
      }),
    },
  };
}

function inWords(description: string, movedTo: number | undefined): string {
  if (movedTo !== undefined) return `el grupo tiene ahora el identificador ${movedTo}`;
  return description.replaceAll(/\p{C}/gu, " ").slice(0, 200) || "sin explicación";
}

function readRefusal(text: string): z.output<typeof Refusal> {
  try {
    return Refusal.parse(JSON.parse(text));
  } catch {
    // Not JSON: something between us and Telegram answered.
    return { description: "", parameters: {} };
  }
}
