import { clasificar } from "./clasificar.ts";
import { resumir } from "./resumir.ts";
import type { TaskType } from "./task-types.ts";
import type { Task } from "./task.ts";
import { traducir } from "./traducir.ts";

/** The tasks that can be done. A name that is known and not here is answered with 501. */
export const TASKS: Partial<Record<TaskType, Task>> = { resumir, traducir, clasificar };
