import type { Config } from "../../src/config.ts";
import type { HistoryRecord } from "../../src/tasks/history-record.ts";
import { createIdSource } from "../../src/lib/request-id.ts";
import { toIntentRecord } from "../../src/tasks/task-outcome.ts";
import { prepareWork } from "../../src/tasks/work.ts";

/** Builds the history record of a task completed at the given time. */
export function pastRecord(
  config: Config,
  chatId: number,
  nowMs: number,
  changes: Partial<HistoryRecord> = {},
): HistoryRecord {
  const caller = { client: "principal", chatId, keepText: true };
  const request = { client: "principal", type: "resumir", text: "Ayer", options: {} } as const;
  const work = prepareWork(config, { ...request, protect: false }, nowMs);
  const record = toIntentRecord(nextId(nowMs), caller, work);
  return { ...record, state: "completada", language: "es", ...changes };
}

const nextId = createIdSource();
