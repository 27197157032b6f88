import type { Reply, Sent } from "./fake-telegram.ts";

/** Talks to the fake Telegram from inside workerd, about one chat. */
export function controlFakeTelegram(baseUrl: string, chatId: number) {
  const send = async (body: object): Promise<Sent[]> => {
    const response = await fetch(`${baseUrl}/control`, {
      method: "POST",
      body: JSON.stringify({ chatId, ...body }),
    });
    return await response.json();
  };
  return {
    /** The messages that were taken. */
    messages: () => send({}),
    /** The next messages (all of them, without `times`) are answered so. */
    refuse: (refuse: Reply, times?: number) => send({ refuse, times }),
  };
}
