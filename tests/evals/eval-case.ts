import type { ReportFigures } from "../../src/tasks/report-figures.ts";

/** `language` is that of the text that was given, not of the answer. */
export type EvalAnswer = {
  text: string;
  data: Record<string, unknown> | null;
  language: string | null;
  engine: "openai" | "local";
};

/** Undefined when the answer is right, else what is wrong with it, in a few English words. */
export type Check = (answer: EvalAnswer) => string | undefined;

export type EvalCase = {
  /** Unique within its task, English, says what it tries. */
  name: string;
  text: string;
  /** As on the wire. */
  options?: Record<string, unknown>;
  /** At least one; an empty answer fails one of them. */
  checks: Check[];
  /** resumir only: a summary of ours, for ROUGE. */
  reference?: string;
  /** reporte only: the figures that SQL would give. */
  figures?: ReportFigures;
};
