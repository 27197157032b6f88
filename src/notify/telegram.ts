import { z } from "zod";
import type { Config } from "../config.ts";
import { MAX_RETRY_AFTER_SECONDS, postJson, toDelivery, type Delivery } from "./post-json.ts";
import { splitHtml, toPlain } from "./telegram-html.ts";

type TelegramSettings = Pick<Config, "TELEGRAM_BOT_TOKEN" | "TELEGRAM_API_URL">;

export type TelegramMessage = {
  chatId: number;
  /** Telegram's HTML. A long text is sent as several messages. */
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
 * Sends a text as the bot, in one message or several. A message whose HTML Telegram refuses is sent without format.
 * Not idempotent, because Telegram is not: a retry repeats a message whose response was lost, and the first messages of
 * a text that failed half-way.
 */
export async function sendTelegram(
  settings: TelegramSettings,
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

/** The URL contains the token, so neither the URL nor an error that may quote it is shown or logged. */
async function send(
  { TELEGRAM_BOT_TOKEN, TELEGRAM_API_URL }: TelegramSettings,
  message: { chat_id: number; text: string; parse_mode?: "HTML" },
): Promise<{ delivery: Delivery; status?: number }> {
  if (TELEGRAM_BOT_TOKEN === undefined) {
    return { delivery: { ok: false, retry: true, reason: "Falta TELEGRAM_BOT_TOKEN." } };
  }
  const response = await postJson(`${TELEGRAM_API_URL}/bot${TELEGRAM_BOT_TOKEN}/sendMessage`, {
    body: JSON.stringify({ ...message, link_preview_options: { is_disabled: true } }),
  });
  if ("ok" in response)
    return { delivery: { ...response, reason: `Telegram: ${response.reason}.` } };

  const { status } = response;
  const delivery = toDelivery(response);
  if (delivery.ok) return { delivery, status };
  const { description, parameters } = readRefusal(response.text);
  const isTokenWrong = status === 401 || status === 404;
  return {
    status,
    delivery: {
      ...delivery,
      // Only a person can re-enable a bot that was blocked or removed from a group.
      retry: delivery.retry && status !== 403,
      reason: isTokenWrong
        ? "Telegram no reconoce TELEGRAM_BOT_TOKEN."
        : `Telegram respondió ${status}: ${describeRefusal(description, parameters.migrate_to_chat_id)}.`,
      ...(parameters.retry_after !== undefined && {
        retryAfterSeconds: Math.min(parameters.retry_after, MAX_RETRY_AFTER_SECONDS),
      }),
    },
  };
}

function describeRefusal(description: string, movedTo: number | undefined): string {
  if (movedTo !== undefined) return `el grupo tiene ahora el identificador ${movedTo}`;
  return description.replaceAll(/\p{C}/gu, " ").slice(0, 200) || "sin explicación";
}

function readRefusal(text: string): z.output<typeof Refusal> {
  try {
    return Refusal.parse(JSON.parse(text));
  } catch {
    // Not JSON: a proxy in between answered.
    return { description: "", parameters: {} };
  }
}
