import type { ReportFigures } from "../../src/tasks/report-figures.ts";

/** `language` is the language of the input text, not of the answer. */
export type EvalAnswer = {
  text: string;
  data: Record<string, unknown> | null;
  language: string | null;
  engine: "openai" | "local";
};

/** Returns undefined when the answer is right, otherwise its fault in a few English words. */
export type Check = (answer: EvalAnswer) => string | undefined;

export type EvalCase = {
  /** Unique within its task. English; says what the case covers. */
  name: string;
  text: string;
  /** `opciones` of the request. */
  options?: Record<string, unknown>;
  /** At least one of them rejects an empty answer. */
  checks: Check[];
  /** Only for resumir: a reference summary for ROUGE. */
  reference?: string;
  /** Only for reporte: the figures that SQL would return. */
  figures?: ReportFigures;
};
