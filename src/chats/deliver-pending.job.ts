import type { Job } from "../jobs/job.ts";
import { describeError, log } from "../lib/log.ts";
import type { WaitingChat, WaitingChats } from "./waiting-chats.store.ts";

/** The free plan allows 50 calls from one invocation. */
const CHATS_PER_SLICE = 40;

export type DeliverPendingContext = {
  waitingChats: Pick<WaitingChats, "list">;
  /** Makes a chat deliver its records, and returns how many still wait. */
  deliverRecords: (chatName: string) => Promise<number>;
};

/** Delivers the records of waiting chats, the longest waiting first. Its state is the last chat that was tried. */
export const deliverPendingJob: Job<DeliverPendingContext, WaitingChat> = {
  name: "entregar-pendientes",
  summary: "Entrega a la base de datos los registros que no pudieron llegar antes.",
  crons: ["everyFiveMinutes"],

  async runSlice({ waitingChats, deliverRecords }, after) {
    const chats = await waitingChats.list(CHATS_PER_SLICE, after);
    const waitingRecords = await Promise.all(
      chats.map(async ({ name }) => {
        try {
          return await deliverRecords(name);
        } catch (error) {
          log.error("chat_delivery_failed", describeError(error));
          // Counts as a chat that still has waiting records.
          return 1;
        }
      }),
    );
    const undelivered = waitingRecords.filter((records) => records > 0).length;
    const counts = { chats: chats.length, sin_entregar: undelivered };
    const last = chats.at(-1);
    // When no chat of this slice could deliver, the others could not either.
    const isOver = !last || chats.length < CHATS_PER_SLICE || undelivered === chats.length;
    return isOver ? { done: true, counts } : { done: false, counts, state: last };
  },
};
