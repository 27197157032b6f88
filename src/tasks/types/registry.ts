import { clasificar } from "./clasificar.ts";
import { consultar } from "./consultar.ts";
import { extraer } from "./extraer.ts";
import { generar } from "./generar.ts";
import { reporte } from "./reporte.ts";
import { resumir } from "./resumir.ts";
import type { Task } from "./task.ts";
import { traducir } from "./traducir.ts";

/** Every task, by its name on the wire. A new one is a file and a line here. */
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

/** Work that nobody asks for by name. */
const INNER = { consultar: consultar(TASK_TYPES) };

const ALL: Record<TaskType, Task> = { ...TASKS, ...INNER };

export function taskOf(type: TaskType): Task {
  return ALL[type];
}
