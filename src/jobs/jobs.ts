import { chatStub } from "../chats/chat-stub.ts";
import { describeError, log } from "../lib/log.ts";
import { createServices } from "../services.ts";
import { clockStub } from "./clock.object.ts";
import { keepUpHistory } from "./upkeep.ts";

/** A free account may make 50 calls from one invocation; the rest of the list waits for the next. */
const CHATS_PER_SWEEP = 40;

/** As wrangler.toml has it; any other is the sweep of every five minutes. */
const NIGHTLY = "0 2 * * *";

/** What the crons set off. Every job may run twice or late without harm. */
export async function runScheduled(env: Env, cron: string): Promise<void> {
  if (cron === NIGHTLY) await keepUpHistory(createServices(env));
  else await deliverWaitingRecords(env);
}

/** Wakes the chats whose records could not reach PostgreSQL, the longest waiting first. */
export async function deliverWaitingRecords(env: Env): Promise<void> {
  const { config } = createServices(env);
  const names = await clockStub(env, config).waitingChats(CHATS_PER_SWEEP);
  const results = await Promise.allSettled(
    names.map((name) => chatStub(env, config, name).flush()),
  );
  const failures = results.filter((result) => result.status === "rejected");
  for (const { reason } of failures) log.error("chat_flush_failed", describeError(reason));
  log.info("waiting_chats_swept", { chats: names.length, failures: failures.length });
}
