/** The six tasks. Wire values, Spanish everywhere. */
export const TASK_TYPES = [
  "resumir",
  "traducir",
  "clasificar",
  "extraer",
  "reporte",
  "generar",
] as const;
export type TaskType = (typeof TASK_TYPES)[number];
