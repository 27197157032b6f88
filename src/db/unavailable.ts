import { AppError } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";

const UNAVAILABLE =
  "El historial no responde ahora. Las tareas siguen funcionando y sus registros no se pierden; pregunta de nuevo en unos minutos.";

/**
 * Awaits a database operation and maps an unexpected failure to historial_no_disponible. An AppError is passed on.
 * @throws {AppError} historial_no_disponible, or the AppError of the operation
 */
export async function mapToUnavailable<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    log.error("database_operation_failed", describeError(cause));
    throw new AppError("historial_no_disponible", { detail: UNAVAILABLE, cause });
  }
}
