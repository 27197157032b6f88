import { clasificar } from "./clasificar.ts";
import { consultar } from "./consultar.ts";
import { extraer } from "./extraer.ts";
import { generar } from "./generar.ts";
import { reporte } from "./reporte.ts";
import { resumir } from "./resumir.ts";
import type { Task } from "./task.ts";
import { traducir } from "./traducir.ts";

/** Every task by its name on the wire. To add a task, write its file and add it here. */
export const TASKS = {
  resumir,
  traducir,
  clasificar,
  extraer,
  reporte,
  generar,
} satisfies Record<string, Task>;

export type TaskType = keyof typeof TASKS | "consultar";

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the object above
export const TASK_TYPES = Object.keys(TASKS) as [TaskType, ...TaskType[]];

/** Tasks that the service runs for itself; clients cannot request them. */
const INTERNAL_TASKS = { consultar: consultar(TASK_TYPES) };

const ALL_TASKS: Record<TaskType, Task> = { ...TASKS, ...INTERNAL_TASKS };

export function taskOf(type: TaskType): Task {
  return ALL_TASKS[type];
}
