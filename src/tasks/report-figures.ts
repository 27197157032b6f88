/** The figures of a chat in a period, computed by SQL. A report contains no other figures. */
export type ReportFigures = {
  /** ISO instants; `to` is exclusive. */
  from: string;
  to: string;
  timeZone: string;
  total: number;
  completed: number;
  failed: number;
  interrupted: number;
  /** Requests answered from the cache, at no cost. */
  fromCache: number;
  byTask: { task: string; count: number }[];
  byLanguage: { language: string | null; count: number }[];
  /** All local days of the period, in order. */
  byDay: { day: string; count: number }[];
  inputTokens: number;
  outputTokens: number;
  /** Null when no record of the period has a known cost. */
  costUsd: number | null;
};
