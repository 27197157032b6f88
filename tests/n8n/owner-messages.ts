import { readHtml } from "../support/fake-telegram.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type Environment, OWNER_CHAT } from "./environment.ts";

/** Waits for a Telegram message to the owner that contains `part`, and returns its plain text. */
export async function waitForOwnerMessage(
  { telegram }: Environment,
  part: string,
): Promise<string> {
  return await waitUntil(
    () =>
      telegram
        .messagesTo(OWNER_CHAT)
        .map(({ text }) => readHtml(text ?? ""))
        .find((text) => text?.includes(part)),
    `the owner gets a message with: ${part}`,
  );
}
