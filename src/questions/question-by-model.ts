import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { asProblem } from "../errors.ts";
import { parseEndInstant, parseStartInstant } from "../lib/local-days.ts";
import { log } from "../lib/log.ts";
import { runTask, type RunTaskDeps } from "../tasks/run-task.ts";
import { QuestionReading } from "../tasks/types/consultar.ts";
import { TASK_TYPES } from "../tasks/types/registry.ts";
import type { QuestionFilter } from "./reader/question-filter.ts";

const ModelQuestion = QuestionReading.extend({ tipo_tarea: z.enum(TASK_TYPES).nullable() });
const Reply = z.object({ datos: ModelQuestion });

/**
 * Reads a question with the model, into the same filter as the rules. The model sees the question and never the
 * history. Returns undefined when it does not understand the question, fails, or is not configured.
 */
export async function readQuestionWithModel(
  deps: RunTaskDeps,
  caller: { client: string; chatId: number },
  { text, now, timeZone }: { text: string; now: Date; timeZone: string },
): Promise<QuestionFilter | undefined> {
  if (deps.config.OPENAI_API_KEY === undefined) return undefined;
  try {
    const { body } = await runTask(deps, {
      ...caller,
      type: "consultar",
      text,
      options: { fecha_referencia: localDay(now, timeZone), zona_horaria: timeZone },
      protect: false,
      // The history stores the cost of the question, but not the question.
      keepText: false,
      warnings: [],
      idempotencyKey: null,
      caching: { read: true, write: true },
    });
    return toQuestionFilter(Reply.parse(JSON.parse(body)).datos, timeZone);
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) throw error;
    log.warn("question_not_read", { problem: problem.codigo });
    return undefined;
  }
}

function toQuestionFilter(
  read: z.output<typeof ModelQuestion>,
  timeZone: string,
): QuestionFilter | undefined {
  const isField = read.accion === "campo";
  if (!read.entendido || read.posicion === 0 || (isField && read.campo === null)) return undefined;
  const from = read.desde === null ? null : parseStartInstant(read.desde, timeZone);
  const to = read.hasta === null ? null : parseEndInstant(read.hasta, timeZone);
  if (from && to && from >= to) return undefined;
  const end = read.orden === "asc" ? 1 : -1;
  const position = isField ? (read.posicion ?? end) : read.posicion;
  const isCount = read.accion === "contar";
  // Drops fields that the action ignores, so that the reported interpretation matches the query.
  return {
    action: read.accion,
    task: read.tipo_tarea,
    limit: isCount || position !== null ? null : read.limit,
    order: read.orden,
    position: isCount ? null : position,
    field: isField ? read.campo : null,
    from,
    to,
    search: read.buscar?.trim() || null,
    language: read.idioma,
  };
}

/** With the precision of a day, so that the same question is paid once a day. */
function localDay(now: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
}
