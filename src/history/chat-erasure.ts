/** The erasure of a chat: whose chat it is, and the moment up to which its data must not come back. */
export type ChatErasure = { client: string; chatId: number; untilMs: number };
