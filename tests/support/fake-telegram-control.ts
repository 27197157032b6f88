import type { ErrorReply, BotCall } from "./fake-telegram.ts";

/** Controls the fake Telegram from inside workerd, for one chat. */
export function controlFakeTelegram(baseUrl: string, chatId: number) {
  const send = async (body: object): Promise<BotCall[]> => {
    const response = await fetch(`${baseUrl}/control`, {
      method: "POST",
      body: JSON.stringify({ chatId, ...body }),
    });
    return await response.json();
  };
  return {
    /** Returns the messages that were accepted. */
    messages: () => send({}),
    /** Refuses the next `times` messages with this reply; all of them without `times`. */
    refuse: (refuse: ErrorReply, times?: number) => send({ refuse, times }),
  };
}
