import type { Config } from "../config.ts";
import { inJurisdiction } from "../lib/jurisdiction.ts";
import type { ChatObject } from "./chat.object.ts";

/** A client's chat. The name is the only thing that separates one client's chats from another's. */
export function chatName(client: string, chatId: number): string {
  return `${client}/${chatId}`;
}

/** The only way to a chat's object: its place is fixed when it is first reached and cannot change later. */
export function chatStub(env: Env, config: Config, name: string): DurableObjectStub<ChatObject> {
  return inJurisdiction(env.CHATS, config).getByName(name);
}
