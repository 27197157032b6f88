import { Outbox } from "../durable/outbox.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { describeError, log } from "../lib/log.ts";
import type { HistoryRecord } from "../tasks/history-record.ts";
import { chatName } from "../lib/chat-name.ts";
import type { RecordStore } from "./record-store.ts";
import type { WaitingChats } from "./waiting-chats.store.ts";

/** Records that come this close together share one statement on one connection. */
const GATHER_MS = 500;
/** The jitter keeps chats from returning all at once when PostgreSQL is back. */
const BACKOFF = { baseMs: 2_000, maxMs: 5 * MINUTE_MS, jitter: 0.5 };

/** How long a reader of the history waits for the newest records. */
const DELIVERY_WAIT_MS = 1_500;

export type RecordOutboxServices = {
  /** `append` writes all records or none, and skips a record that already exists. */
  history: { append: (records: HistoryRecord[]) => Promise<void> };
  waitingChats: Pick<WaitingChats, "add" | "remove">;
  now: () => number;
};

type RecordOutboxOptions = {
  store: RecordStore;
  services: RecordOutboxServices;
  /** Arms the object's alarm for what is due next. */
  arm: () => void;
  waitUntil: (work: Promise<unknown>) => void;
};

/** Delivers a chat's records to PostgreSQL. While it fails, the coordinator's list knows that this chat waits. */
export class RecordOutbox {
  readonly #store: RecordStore;
  readonly #waitingChats: RecordOutboxServices["waitingChats"];
  readonly #arm: () => void;
  readonly #outbox: Outbox<HistoryRecord>;

  constructor({ store, services, arm, waitUntil }: RecordOutboxOptions) {
    this.#store = store;
    this.#waitingChats = services.waitingChats;
    this.#arm = arm;
    this.#outbox = new Outbox({
      store,
      send: (records) => services.history.append(records),
      refusals: {
        isRefusal,
        setAside: (record, error) => {
          store.setAside(record);
          log.error("record_refused", { requestId: record.requestId, ...describeError(error) });
        },
      },
      backoff: BACKOFF,
      gatherMs: GATHER_MS,
      afterDelivery: () => this.#leaveWaitingList(),
      onFailure: async (error, failures) => {
        log.warn("history_flush_failed", { failures, ...describeError(error) });
        await this.#joinWaitingList();
      },
      onSettled: arm,
      now: services.now,
      waitUntil,
    });
  }

  /**
   * Writes the record to disk. `scheduleDelivery` is a separate call, so that the caller can write it in a transaction.
   */
  add(record: HistoryRecord): void {
    this.#store.add(record);
  }

  /** Delivers soon, in the background. The alarm is armed first: it delivers if this instance ends before. */
  scheduleDelivery(): void {
    this.#arm();
    this.#outbox.scheduleDelivery();
  }

  /** Delivers the waiting records within a short time, and returns how many still wait. */
  async deliverNow(): Promise<number> {
    await this.#outbox.deliverWithin(DELIVERY_WAIT_MS);
    return this.#store.waitingCount();
  }

  /** For the alarm. */
  async retry(): Promise<void> {
    if (this.#store.hasWaiting()) await this.#outbox.deliverNow();
  }

  /** Resolves when no delivery is running. */
  idle(): Promise<void> {
    return this.#outbox.idle();
  }

  hasWaiting(): boolean {
    return this.#store.hasWaiting();
  }

  /** The time of the next retry; 0 when the last delivery succeeded. */
  get retryAtMs(): number {
    return this.#outbox.retryAtMs;
  }

  async #joinWaitingList(): Promise<void> {
    const chat = this.#store.waitingChat();
    if (!chat || this.#store.nameOnWaitingList() !== undefined) return;
    const name = chatName(chat.client, chat.chatId);
    try {
      await this.#waitingChats.add(name);
      this.#store.setNameOnWaitingList(name);
    } catch (error) {
      // The chat's own alarm retries in any case; the list is a fallback.
      log.error("waiting_list_join_failed", describeError(error));
    }
  }

  async #leaveWaitingList(): Promise<void> {
    const name = this.#store.nameOnWaitingList();
    if (name === undefined) return;
    await this.#waitingChats.remove(name);
    this.#store.setNameOnWaitingList(undefined);
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity violation): a retry cannot succeed. */
function isRefusal(error: unknown): boolean {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^2[23]/.test(code);
}
