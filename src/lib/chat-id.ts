import { z } from "zod";

const WHOLE_NUMBER = /^[+-]?\d{1,16}$/;
const EXPECTED = "debe ser un número entero, como 12345 o -1001234567890";

/** Schema of a chat id: an integer, negative for Telegram groups. Accepts a numeric string, because n8n expressions often produce strings. */
export const ChatId = z
  .union([z.number(), z.string()], {
    error: ({ input }) => (input === undefined ? "falta" : EXPECTED),
  })
  .transform((value, context) => {
    const chatId = parseChatId(value);
    if (chatId !== undefined) return chatId;
    context.addIssue({ code: "custom", message: EXPECTED });
    return z.NEVER;
  })
  .meta({
    type: "integer",
    description: "Identificador del chat: entero, negativo en los grupos. También vale su texto.",
    example: 12345,
  });

/** Returns the chat id of a number or a numeric string; undefined for anything that is not a safe integer. */
export function parseChatId(value: unknown): number | undefined {
  const text = typeof value === "string" ? value.trim() : undefined;
  const chatId = text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : value;
  // Adding 0 turns -0 into 0: JSON would print both as 0, but an object name would print -0.
  return typeof chatId === "number" && Number.isSafeInteger(chatId) ? chatId + 0 : undefined;
}
