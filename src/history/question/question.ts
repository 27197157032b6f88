import type { TaskType } from "../../tasks/types/task-types.ts";
export type QuestionFilter = {
  action: "listar" | "contar" | "campo";
  task: TaskType | null;
  limit: number | null;
  order: "desc" | "asc";
  position: number | null;
  field: "fecha" | "resultado" | "texto_original" | "tipo_tarea" | "idioma" | "id" | null;
  from: Date | null;
  to: Date | null;
  search: string | null;
  language: string | null;
};
export type Reading = { understood: true; filter: QuestionFilter } | { understood: false };
export function readQuestion(_q: string, _c: { now: Date; timeZone: string }): Reading {
  return { understood: false };
}
