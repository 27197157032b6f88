import { AppError } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";

const UNAVAILABLE =
  "El historial no responde ahora. Las tareas siguen funcionando y sus registros no se pierden; pregunta de nuevo en unos minutos.";

/** What came of work with the database. @throws {AppError} historial_no_disponible, unless it threw a problem itself */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    log.error("history_read_failed", describeError(cause));
    throw new AppError("historial_no_disponible", { detail: UNAVAILABLE, cause });
  }
}
