/** What SQL says of a chat in a period. Every figure of a report is one of these. */
export type ReportFigures = {
  /** ISO instants; `to` is not part of the period. */
  from: string;
  to: string;
  timeZone: string;
  total: number;
  completed: number;
  failed: number;
  interrupted: number;
  /** Answered from what was done before, at no cost. */
  fromCache: number;
  byTask: { task: string; count: number }[];
  byLanguage: { language: string | null; count: number }[];
  /** Local days, each of the period, in order. */
  byDay: { day: string; count: number }[];
  inputTokens: number;
  outputTokens: number;
  /** USD; null when nothing is known of the cost. */
  costUsd: number | null;
};
