import type { History } from "../history/history-store.ts";
import type { HistoryRecord } from "../tasks/history-record.ts";
import { describeError, log } from "../lib/log.ts";
import type { ChatStore } from "./chat-store.ts";

const BATCH_ROWS = 500;
/** Two copies of a batch are in memory at once, of the 128 MB that all chats of an isolate share. */
const BATCH_CHARS = 4_000_000;

/**
 * Moves every waiting record to PostgreSQL, oldest first. A record leaves the disk only after it has arrived; one
 * that is delivered twice arrives once.
 * @throws whatever the history throws when it cannot be reached; the rest then still waits
 */
export async function deliver(store: ChatStore, history: History): Promise<void> {
  for (;;) {
    const batch = store.waitingRecords(BATCH_ROWS, BATCH_CHARS);
    if (batch.length === 0) return;
    await deliverBatch(store, history, batch);
  }
}

async function deliverBatch(
  store: ChatStore,
  history: History,
  batch: HistoryRecord[],
): Promise<void> {
  try {
    await history.append(batch);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await sortOutRefused(store, history, batch, error);
    return;
  }
  store.deleteRecords(batch.map(({ requestId }) => requestId));
}

/** Halves the batch until the record that PostgreSQL refuses stands alone, and puts that one aside. */
async function sortOutRefused(
  store: ChatStore,
  history: History,
  batch: HistoryRecord[],
  error: unknown,
): Promise<void> {
  const [first] = batch;
  if (first && batch.length === 1) {
    store.refuseRecord(first.requestId);
    log.error("record_refused", { requestId: first.requestId, ...describeError(error) });
    return;
  }
  const middle = batch.length >> 1;
  await deliverBatch(store, history, batch.slice(0, middle));
  await deliverBatch(store, history, batch.slice(middle));
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity violation): trying again cannot help. */
function isRefusal(error: unknown): boolean {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^2[23]/.test(code);
}
