import type { ChatErasure } from "../history/chat-erasure.ts";
import { AnswerStore } from "./answer-store.ts";
import { ChatModes } from "./chat-modes.ts";
import { ErasureStore } from "./erasure-store.ts";
import { RecordStore } from "./record-store.ts";
import { WorkStore } from "./work-store.ts";

/**
 * Everything that one chat keeps on its Durable Object's disk, one store for each concern. All calls are synchronous:
 * the object's output gate holds its responses until the writes are on disk.
 */
export class ChatDisk {
  readonly modes: ChatModes;
  readonly work: WorkStore;
  readonly records: RecordStore;
  readonly answers: AnswerStore;
  readonly erasures: ErasureStore;
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.modes = new ChatModes(storage.kv);
    this.work = new WorkStore(storage.sql);
    this.records = new RecordStore(storage);
    this.answers = new AnswerStore(storage.sql);
    this.erasures = new ErasureStore(storage);
  }

  /** All writes of `change` reach the disk, or none. */
  atomically(change: () => void): void {
    this.#storage.transactionSync(change);
  }

  /** Converts interrupted work into records with the state `interrumpida`, and restores the modes that it took. */
  recordInterruptedWork(): void {
    this.atomically(() => {
      for (const { record, takenMode } of this.work.takeUnfinished()) {
        this.records.add(record);
        if (takenMode) this.modes.giveBack(takenMode);
      }
    });
  }

  /** Deletes the chat and stores what must still be deleted elsewhere. Returns the number of undelivered records. */
  erase(erasure: ChatErasure): number {
    const waiting = this.records.waitingCount();
    this.atomically(() => {
      this.erasures.begin(erasure, [...this.records.cacheKeys(), ...this.work.cacheKeys()]);
      this.work.erase();
      this.records.erase();
      this.answers.erase();
      this.modes.erase();
    });
    return waiting;
  }

  deleteExpired(nowMs: number): void {
    this.work.deleteExpired(nowMs);
    this.answers.deleteExpired(nowMs);
  }

  /** Infinity when nothing expires. */
  nextExpiryMs(): number {
    return Math.min(this.work.nextExpiryMs(), this.answers.nextExpiryMs());
  }
}
