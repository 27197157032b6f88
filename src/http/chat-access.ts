import type { AppContext } from "./context.ts";
import { AppError } from "../errors.ts";

/**
 * Records the chat that a request is about and requires that the credential may use it. This is the only place that
 * enforces a credential's list of chats.
 * @throws {AppError} chat_no_permitido, at once or from `admission.granted()`
 */
export function requireChatAccess(c: AppContext, chatId: number): void {
  c.set("chatId", chatId);
  c.get("admission").require(({ chats }) => {
    if (chats && !chats.has(chatId)) throw new AppError("chat_no_permitido");
  });
}

/**
 * Requires a credential that is not limited to some chats, for routes that affect every chat of the client.
 * @throws {AppError} permiso_insuficiente, at once or from `admission.granted()`
 */
export function requireAllChatsAccess(c: AppContext): void {
  c.get("admission").require(({ chats }) => {
    if (!chats) return;
    throw new AppError("permiso_insuficiente", {
      detail: "Esto afecta a todos los chats, y tu clave solo llega a algunos.",
    });
  });
}
