import { chatStub } from "./chat-stub.ts";
import { describeError, log } from "../lib/log.ts";
import { coordinatorStub } from "../coordinator/coordinator-stub.ts";
import type { WaitingChat } from "./waiting-chats.store.ts";
import type { Job } from "../jobs/job.ts";

/** A free account may make 50 calls from one invocation. */
const CHATS_PER_SLICE = 40;

/** Wakes the chats whose records could not reach PostgreSQL, the longest waiting first. Its state: up to which one. */
export const sweepJob: Job<WaitingChat> = {
  name: "entregar-pendientes",
  summary: "Entrega a la base de datos los registros que no pudieron llegar antes.",
  crons: ["sweep"],

  async slice({ services: { config }, env }, after) {
    const chats = await coordinatorStub(env, config).listWaitingChats(CHATS_PER_SLICE, after);
    const waiting = await Promise.all(
      chats.map(async ({ name }) => {
        try {
          return await chatStub(env, config, name).flush();
        } catch (error) {
          log.error("chat_flush_failed", describeError(error));
          return 1;
        }
      }),
    );
    const undelivered = waiting.filter((records) => records > 0).length;
    const counts = { chats: chats.length, sin_entregar: undelivered };
    const last = chats.at(-1);
    // Where not one got through, the others would not either.
    const isOver = !last || chats.length < CHATS_PER_SLICE || undelivered === chats.length;
    return isOver ? { done: true, counts } : { done: false, counts, state: last };
  },
};
