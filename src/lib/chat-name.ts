/** The name of a client's chat object. It alone separates one client's chats from another's. */
export function chatName(client: string, chatId: number): string {
  return `${client}/${chatId}`;
}
