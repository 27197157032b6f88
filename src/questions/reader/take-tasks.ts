import type { TaskType } from "../../tasks/types/registry.ts";
import type { Remainder } from "./remainder.ts";
import { ANY_TASK_WORD, TASK_WORDS } from "./vocabulary.ts";

type TaskMentions = {
  /** A filter holds only one task. */
  tasks: TaskType[];
  /** The question may request the task instead of asking about it: «un resumen», «el reporte». */
  isRequested: boolean;
  isPlural: boolean;
};

export function takeTasks(rest: Remainder): TaskMentions {
  const isRequested = isTaskRequested(rest);
  const mentions = TASK_WORDS.map(({ type, words }) => ({ type, taken: rest.takeAll(words) }));
  return {
    tasks: mentions.filter(({ taken }) => taken.length > 0).map(({ type }) => type),
    isRequested,
    isPlural: mentions.some(({ taken }) => taken.some((word) => word.endsWith("s"))),
  };
}

const INDEFINITE_TASK = `(?:un|una|a|an) (?:${ANY_TASK_WORD})`;
const RESULT_NOUN = "\\p{L}+cion|translation|classification|extraction";
/** «el resumen que hice», «mi resumen», «registros de tipo resumen» are about past runs. */
const REQUESTED_NOUN =
  "(?<!(?:mi|my|que|cual|which|tipo|type) )(?:resumen|reporte|summary|report)(?! (?:que|which|that|i) )";

function isTaskRequested(rest: Remainder): boolean {
  const isOnlyWord = rest.words().length === 1;
  return (
    (isOnlyWord && rest.has(RESULT_NOUN)) || rest.has(INDEFINITE_TASK) || rest.has(REQUESTED_NOUN)
  );
}
