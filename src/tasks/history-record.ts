import type { CacheLevel } from "../cache/result-cache.ts";
import type { TaskType } from "./types/registry.ts";
import type { JsonObject } from "../lib/json-object.ts";
import type { WorkResult } from "./work-result.ts";

/** Wire values. A `fallida` record counts in costs and reports and is not listed to people. */
export const RECORD_STATES = ["completada", "interrumpida", "fallida"] as const;

/** One request in the history. PostgreSQL adds the `id` of the row. */
export type HistoryRecord = {
  client: string;
  chatId: number;
  requestId: string;
  task: TaskType;
  /** Empty, like `output`, when the request set `guardar_texto: false`. */
  text: string;
  output: string;
  data: JsonObject | null;
  options: JsonObject;
  language: string | null;
  state: (typeof RECORD_STATES)[number];
  problem: string | null;
  cache: CacheLevel;
  cacheKey: string;
  engine: WorkResult["engine"];
  model: string | null;
  promptVersion: number;
  attempts: number;
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
  durationMs: number | null;
  at: Date;
};
