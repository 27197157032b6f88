import { z } from "zod";

const WHOLE_NUMBER = /^[+-]?\d{1,16}$/;
const EXPECTED = "debe ser un número entero, como 12345 o -1001234567890";

/** An integer, negative for Telegram groups; its text is accepted, since n8n expressions often give text. */
export const ChatId = z
  .union([z.number(), z.string()], {
    error: ({ input }) => (input === undefined ? "falta" : EXPECTED),
  })
  .transform((given, context) => {
    const chatId = chatIdOf(given);
    if (chatId !== undefined) return chatId;
    context.addIssue({ code: "custom", message: EXPECTED });
    return z.NEVER;
  })
  .meta({
    type: "integer",
    description: "Identificador del chat: entero, negativo en los grupos. También vale su texto.",
    example: 12345,
  });

export function chatIdOf(given: unknown): number | undefined {
  const text = typeof given === "string" ? given.trim() : undefined;
  const value = text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : given;
  // Adding 0 turns -0, which JSON would write as 0 and keys as -0, into 0.
  return typeof value === "number" && Number.isSafeInteger(value) ? value + 0 : undefined;
}
