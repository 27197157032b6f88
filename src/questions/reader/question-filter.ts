import type { TaskType } from "../../tasks/types/registry.ts";

export type QuestionField =
  | "fecha"
  | "resultado"
  | "texto_original"
  | "tipo_tarea"
  | "idioma"
  | "id";

/** Everything that a question can ask for. The values are those of the wire. */
export type QuestionFilter = {
  action: "listar" | "contar" | "campo";
  task: TaskType | null;
  /** From 1 to 100; null when the question does not say how many. */
  limit: number | null;
  order: "desc" | "asc";
  /** One record: 1 is the first, -1 the last, -2 the last but one. */
  position: number | null;
  /** Only with the action `campo`. */
  field: QuestionField | null;
  from: Date | null;
  /** Exclusive. */
  to: Date | null;
  /** Words to search for, as typed. */
  search: string | null;
  /** ISO 639-1 code of the original text. */
  language: string | null;
};

/** When and where a question is asked. Relative days are counted from here. */
export type QuestionClock = { now: Date; timeZone: string };
