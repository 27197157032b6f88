/** A chat's figures for a period, computed by SQL. Every figure in a report is one of these. */
export type ReportFigures = {
  /** ISO instants; `to` is exclusive. */
  from: string;
  to: string;
  timeZone: string;
  total: number;
  completed: number;
  failed: number;
  interrupted: number;
  /** Requests answered with an earlier result, at no cost. */
  fromCache: number;
  byTask: { task: string; count: number }[];
  byLanguage: { language: string | null; count: number }[];
  /** Every local day of the period, in order. */
  byDay: { day: string; count: number }[];
  inputTokens: number;
  outputTokens: number;
  /** Null when no record of the period has a known cost. */
  costUsd: number | null;
};
