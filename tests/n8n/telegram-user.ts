import { expect } from "vitest";
import { readHtml, type BotCall } from "../support/fake-telegram.ts";
import type { Environment } from "./environment.ts";
import { waitUntil } from "../support/wait-until.ts";

/** The limit of the Telegram apps: they split a longer text into several messages. */
const MAX_TYPED_CHARS = 4096;
let lastUpdateId = 9_000;
let lastMessageId = 100;

type Line = { sender: "persona" | "bot"; text: string };

/** Creates a user of the bot, who sends messages, presses buttons and waits for the replies. */
export function createTelegramUser({ telegram }: Environment, chatId: number, chat: object = {}) {
  const lines: Line[] = [];
  let readCount = 0;

  const buildMessage = (fields: object) => ({
    message_id: (lastMessageId += 1),
    from: { id: Math.abs(chatId), is_bot: false, first_name: "Ana" },
    chat: { id: chatId, type: chatId < 0 ? "supergroup" : "private", ...chat },
    date: Math.floor(Date.now() / 1000),
    ...fields,
  });

  /** Waits for the next `count` messages and returns them as the user sees them. */
  async function waitForReplies(count: number): Promise<string[]> {
    const sent = await waitUntil(() => {
      const all = telegram.messagesTo(chatId);
      return all.length >= readCount + count ? all.slice(readCount, readCount + count) : undefined;
    }, `chat ${chatId} has ${count} new replies`);
    readCount += count;
    const texts = sent.map(renderMessage);
    for (const text of texts) lines.push({ sender: "bot", text });
    return texts;
  }

  return {
    chatId,
    lines,
    waitForReplies,
    lastMessage: (): BotCall => {
      const [sent] = telegram.messagesTo(chatId).slice(-1);
      if (!sent) throw new Error(`Nothing was sent to ${chatId}`);
      return sent;
    },
    async sendMessage(fields: object, { count = 1, shown = "" } = {}): Promise<string[]> {
      lines.push({ sender: "persona", text: shown });
      const update = { update_id: (lastUpdateId += 1), message: buildMessage(fields) };
      expect(await telegram.deliver(update)).toBe(200);
      return count === 0 ? [] : await waitForReplies(count);
    },
    /** Sends an update that is not a message. */
    async sendUpdate(fields: object): Promise<void> {
      expect(await telegram.deliver({ update_id: (lastUpdateId += 1), ...fields })).toBe(200);
    },
    async sendText(
      text: string,
      {
        count = 1,
        shown = text,
        ...fields
      }: { count?: number; shown?: string; [field: string]: unknown } = {},
    ): Promise<string[]> {
      if (text.length > MAX_TYPED_CHARS)
        throw new Error("A Telegram app would split this text into several messages");
      return await this.sendMessage({ text, ...fields }, { count, shown });
    },
    /** Presses the button whose label contains `label` under the last message of the bot. */
    async pressButton(
      label: string,
      { count = 1, onText }: { count?: number; onText?: string } = {},
    ): Promise<string[]> {
      const lastMessage = this.lastMessage();
      const button = lastMessage.reply_markup?.inline_keyboard
        ?.flat()
        .find(({ text }) => text.includes(label));
      if (!button) throw new Error(`There is no button «${label}» under: ${lastMessage.text}`);
      lines.push({ sender: "persona", text: `[${button.text}]` });
      const update = {
        update_id: (lastUpdateId += 1),
        callback_query: {
          id: `boton-${lastUpdateId}`,
          from: { id: Math.abs(chatId), is_bot: false, first_name: "Ana" },
          data: button.callback_data,
          message: buildMessage({
            text: lastMessage.text,
            ...(onText !== undefined && { reply_to_message: buildMessage({ text: onText }) }),
          }),
        },
      };
      expect(await telegram.deliver(update)).toBe(200);
      return count === 0 ? [] : await waitForReplies(count);
    },
  };
}

/** Renders a message as the user sees it: plain text, then one line for each row of buttons. */
function renderMessage({ text = "", reply_markup: markup }: BotCall): string {
  const buttons = markup?.inline_keyboard?.map((row) =>
    row.map((one) => `[${one.text}]`).join(" "),
  );
  return [readHtml(text) ?? text, ...(buttons ?? [])].join("\n");
}
