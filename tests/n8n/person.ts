import { expect } from "vitest";
import { readHtml, type Sent } from "../support/fake-telegram.ts";
import { type Stage, until } from "./stage.ts";

/** An app cuts what a person writes there, and sends several messages. */
const MAX_TYPED_CHARS = 4096;
let lastUpdate = 9_000;
let lastMessage = 100;

export type Line = { who: "persona" | "bot"; text: string };

/** Somebody with Telegram in front of them: writes, presses buttons, and reads what comes back. */
export function createPerson({ telegram }: Stage, chatId: number, chat: object = {}) {
  const lines: Line[] = [];
  let read = 0;

  const message = (fields: object) => ({
    message_id: (lastMessage += 1),
    from: { id: Math.abs(chatId), is_bot: false, first_name: "Ana" },
    chat: { id: chatId, type: chatId < 0 ? "supergroup" : "private", ...chat },
    date: Math.floor(Date.now() / 1000),
    ...fields,
  });

  /** Waits for this many messages, and gives their texts without format. */
  async function replies(count: number): Promise<string[]> {
    const sent = await until(() => {
      const all = telegram.messagesTo(chatId);
      return all.length >= read + count ? all.slice(read, read + count) : undefined;
    }, `${count} replies in chat ${chatId}`);
    read += count;
    const texts = sent.map(asSeen);
    for (const text of texts) lines.push({ who: "bot", text });
    return texts;
  }

  return {
    chatId,
    lines,
    replies,
    last: (): Sent => {
      const [sent] = telegram.messagesTo(chatId).slice(-1);
      if (!sent) throw new Error(`Nothing was sent to ${chatId}`);
      return sent;
    },
    async sends(fields: object, { count = 1, shown = "" } = {}): Promise<string[]> {
      lines.push({ who: "persona", text: shown });
      const update = { update_id: (lastUpdate += 1), message: message(fields) };
      expect(await telegram.deliver(update)).toBe(200);
      return count === 0 ? [] : await replies(count);
    },
    /** Something that is no message. */
    async updates(fields: object): Promise<void> {
      expect(await telegram.deliver({ update_id: (lastUpdate += 1), ...fields })).toBe(200);
    },
    async says(
      text: string,
      {
        count = 1,
        shown = text,
        ...fields
      }: { count?: number; shown?: string; [field: string]: unknown } = {},
    ): Promise<string[]> {
      if (text.length > MAX_TYPED_CHARS) throw new Error("No app sends that as one message");
      return await this.sends({ text, ...fields }, { count, shown });
    },
    /** Presses the button of that label under the bot's last message. */
    async presses(
      label: string,
      { count = 1, onText }: { count?: number; onText?: string } = {},
    ): Promise<string[]> {
      const under = this.last();
      const button = under.reply_markup?.inline_keyboard
        ?.flat()
        .find(({ text }) => text.includes(label));
      if (!button) throw new Error(`There is no button «${label}» under: ${under.text}`);
      lines.push({ who: "persona", text: `[${button.text}]` });
      const update = {
        update_id: (lastUpdate += 1),
        callback_query: {
          id: `boton-${lastUpdate}`,
          from: { id: Math.abs(chatId), is_bot: false, first_name: "Ana" },
          data: button.callback_data,
          message: message({
            text: under.text,
            ...(onText !== undefined && { reply_to_message: message({ text: onText }) }),
          }),
        },
      };
      expect(await telegram.deliver(update)).toBe(200);
      return count === 0 ? [] : await replies(count);
    },
  };
}

/** A message as a person sees it: without marks, its buttons below. */
function asSeen({ text = "", reply_markup: markup }: Sent): string {
  const buttons = markup?.inline_keyboard?.map((row) =>
    row.map((one) => `[${one.text}]`).join(" "),
  );
  return [readHtml(text) ?? text, ...(buttons ?? [])].join("\n");
}
