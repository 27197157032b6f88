import type { Category, Topic, Urgency } from "../../tasks/types/labels.ts";
export function classifyLocally(_: string): {
  categoria: Category;
  urgencia: Urgency;
  tema: Topic;
  confianza: number | null;
  evidencias: string[];
} {
  return { categoria: "otro", urgencia: "baja", tema: "otro", confianza: null, evidencias: [] };
}
