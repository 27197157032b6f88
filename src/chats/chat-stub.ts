import type { Config } from "../config.ts";
import { inJurisdiction } from "../lib/jurisdiction.ts";

export type ChatStub = ReturnType<Env["CHATS"]["getByName"]>;

/** The only way to a chat object: its jurisdiction is fixed by the first request and cannot change later. */
export function chatStub(
  env: Pick<Env, "CHATS">,
  config: Pick<Config, "JURISDICCION">,
  name: string,
): ChatStub {
  return inJurisdiction(env.CHATS, config).getByName(name);
}
